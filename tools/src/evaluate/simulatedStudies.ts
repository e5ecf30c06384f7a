import {
  assembleSeries,
  recognizeRoles,
  ROLE_KEYS,
  sameGrid,
  type StudySeries,
} from '@inner-ear-hydrops/core';
import { readSeries, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import {
  createCohortCase,
  simulateStudy,
  type CohortOptions,
  type PhantomStudy,
} from '@inner-ear-hydrops/phantom';
import { absentOrgans, ALL_KNOWN } from '../dataset/knownOrgans';
import type { LabelledStudy, LoadedStudy } from '../dataset/labelledStudy';
import { encodePhantomStudy } from '../phantom/phantomDicom';
import { realEarStudy } from '../phantom/realEar';

/** Phantoms made as they are needed, written to DICOM and read back as a site's studies are. */
export function simulatedStudies(
  count: number,
  firstSeed: number,
  options: CohortOptions
): LabelledStudy[] {
  return Array.from({ length: count }, (_, n) => {
    const seed = firstSeed + n;
    return simulated(`phantom ${seed}`, () => simulateStudy(createCohortCase(seed, options)));
  });
}

/** The measured real ear inside a synthetic head; both sides show the same ear. */
export function realEar(): LabelledStudy {
  return simulated('real left ear', () => realEarStudy(1));
}

function simulated(name: string, make: () => PhantomStudy): LabelledStudy {
  return {
    name,
    patient: name,
    patientNames: [name],
    studyInstanceUid: name,
    kind: 'phantom',
    reader: null,
    file: null,
    load: async (): Promise<LoadedStudy> => {
      const study = make();
      const objects = encodePhantomStudy(study, {
        key: name,
        givenName: name,
        patientId: name,
        studyDescription: name,
      });
      const series = await seriesOf(objects);
      if (!series.mrc) throw new Error(`The phantom "${name}" has lost its MRC series.`);
      const { mrc } = study;
      if (!sameGrid(mrc, series.mrc.volume, 0.05))
        throw new Error(`The phantom "${name}" came back from DICOM on another grid.`);
      return {
        mrc: series.mrc,
        series,
        anatomy: study.truth.anatomy,
        known: ALL_KNOWN,
        missing: absentOrgans(study.truth.anatomy),
        slices: {},
        isDrawn: false,
        notes: [],
        warnings: [],
        truth: {
          ...study.truth,
          seed: 0,
          studyInstanceUid: name,
          grid: {
            size: mrc.size,
            spacing: mrc.spacing,
            origin: mrc.origin,
            direction: mrc.direction,
          },
        },
      };
    },
  };
}

async function seriesOf(objects: EncodedObject[]): Promise<StudySeries> {
  const files = objects.map((object, n) => ({ name: `${n + 1}.dcm`, buffer: object.file }));
  const read = (await readSeries(files)).series;
  const { roles } = recognizeRoles([...read.values()].map((entry) => entry.header));
  const series: StudySeries = {};
  for (const role of ROLE_KEYS) {
    const entry = read.get(roles[role] ?? '');
    if (entry) series[role] = assembleSeries(entry.header, entry.slices).series;
  }
  return series;
}
