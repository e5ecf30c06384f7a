import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dcmjs, { type DicomDictInstance } from 'dcmjs';
import type { Geometry, Volume } from '@inner-ear-hydrops/core';
import { deriveUid, encodeMrSeries, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { createCase, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { simulateEars } from '../support/phantomStudy';

// Studies for the browser tests: phantoms, and small ones that are wrong on purpose.

export interface TestStudy {
  studyInstanceUid: string;
  files: Uint8Array[];
}

/** Seed of the demonstration. */
const DEMONSTRATION = 20260115;

/** A phantom of the demonstration's size; simulated once for all test files of this run. */
export function phantomStudy(seed = DEMONSTRATION): TestStudy {
  const key = `browser-${seed}`;
  return once(key, () =>
    encodePhantomStudy(simulateStudy(createCase(seed)), {
      key,
      givenName: 'Browser',
      patientId: key.toUpperCase(),
      studyDescription: 'Inner ear MRI, browser test phantom (synthetic)',
    })
  );
}

/**
 * Both ears and little more, a million voxels a series, as bright as the demonstration: loaded, drawn and
 * measured in a fraction of the time of `phantomStudy`, for tests that are not about the size of a study.
 */
export function earsStudy(): TestStudy {
  const key = 'browser-ears';
  return once(key, () =>
    encodePhantomStudy(simulateEars(DEMONSTRATION, { grid: { size: [192, 200, 26] } }), {
      key,
      givenName: 'Ears',
      patientId: key.toUpperCase(),
      studyDescription: 'Both ears, browser test phantom (synthetic)',
    })
  );
}

/** As `earsStudy`, PPI and PEI in one series, of inversion times that neither role has: 1700 and 1500 ms. */
export function oneSeriesStudy(): TestStudy {
  const { studyInstanceUid, files } = earsStudy();
  const study = deriveUid('phantom-study', 'browser-one-series');
  const read = files.map(readDicom);
  const value = ({ dict }: DicomDictInstance, tag: string) => dict[tag]?.Value?.[0];
  const ppi = read.find((image) => Number(value(image, '00180082')) === 2250);
  const changes: [string, string, unknown][] = [
    ...(['0020000E', '00200011'] as const).map((tag): [string, string, unknown] => [
      tag,
      tag === '00200011' ? 'IS' : 'UI',
      ppi && value(ppi, tag),
    ]),
    ['0008103E', 'LO', 'hT2w 3D'],
    ['00181030', 'LO', 'hT2w 3D'],
  ];
  read.forEach((image, n) => {
    const time = { 2250: 1700, 2050: 1500 }[Number(value(image, '00180082'))];
    const uid = deriveUid('one-series', `${studyInstanceUid} ${n}`);
    image.meta['00020003'] = { vr: 'UI', Value: [uid] };
    image.dict['00080018'] = { vr: 'UI', Value: [uid] };
    image.dict['0020000D'] = { vr: 'UI', Value: [study] };
    if (!time) return;
    for (const [tag, vr, changed] of changes) image.dict[tag] = { vr, Value: [changed] };
    image.dict['00180082'] = { vr: 'DS', Value: [String(time)] };
  });
  const written = read.map((image) => new Uint8Array(image.write()));
  return { studyInstanceUid: study, files: written };
}

/** As `earsStudy`; the patient moved by 2.2 mm before PEI. */
export function movedStudy(): TestStudy {
  const key = 'browser-moved';
  return once(key, () =>
    encodePhantomStudy(
      simulateEars(DEMONSTRATION, {
        grid: { size: [192, 200, 26] },
        motion: { pei: { translation: [1.6, -1.3, 0.8] } },
      }),
      {
        key,
        givenName: 'Moved',
        patientId: key.toUpperCase(),
        studyDescription: 'Both ears, moved before PEI (synthetic)',
      }
    )
  );
}

/**
 * As `earsStudy`, MRC wider than high, PPI and PEI higher than wide: a viewport fits the one by its width, the
 * others by their height.
 */
export function unequalStudy(): TestStudy {
  const key = 'browser-unequal';
  return once(key, () => {
    const { mrc } = simulateEars(DEMONSTRATION, { grid: { size: LANDSCAPE } });
    const higher = simulateEars(DEMONSTRATION, { grid: { size: [192, 236, 26] } });
    return encodePhantomStudy(
      { ...higher, mrc },
      {
        key,
        givenName: 'Unequal',
        patientId: key.toUpperCase(),
        studyDescription: 'Both ears, series of several matrices (synthetic)',
      }
    );
  });
}

const LANDSCAPE: Geometry['size'] = [192, 150, 26];

/** A small stack: the left ear took no gadolinium, the right ear lies outside it. */
export function halfStudy(): TestStudy {
  const key = 'browser-half';
  return once(key, () =>
    encodePhantomStudy(
      simulateStudy(
        createCase(302, {
          grid: { size: [160, 150, 26], origin: [-20, -37.25, -12.5] },
          tilt: [0, 0, 0],
          position: [0, 0, 0],
          noise: 0.01,
          gadolinium: { left: 0, right: 0.08 },
        })
      ),
      {
        key,
        givenName: 'Half',
        patientId: 'BROWSER-HALF',
        studyDescription: 'One ear in the images, without gadolinium (synthetic)',
      }
    )
  );
}

/** A small stack with both ears, the left one on the edge between two grades; MRC (series 2) again as series 5. */
export function repeatedStudy(): TestStudy {
  const key = 'browser-repeated';
  const hydrops = { left: 0.5, right: 0.2 };
  return once(key, () => [
    ...encodePhantomStudy(simulateEars(11, { hydrops }), {
      key,
      givenName: 'Repeated',
      patientId: 'BROWSER-REPEATED',
      studyDescription: 'MRC acquired twice (synthetic)',
    }),
    ...encodeMrSeries({
      kind: 'original',
      template: {
        StudyInstanceUID: deriveUid('phantom-study', key),
        FrameOfReferenceUID: deriveUid('phantom-frame', key),
        PatientName: 'Phantom^Repeated',
        PatientID: 'BROWSER-REPEATED',
        StudyDate: '20260115',
        StudyTime: '093000',
      },
      volume: simulateEars(11, { hydrops, noise: 0.012 }).mrc,
      description: 'MRC hT2w 3D',
      seriesNumber: 5,
      imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      scaling: { kind: 'unsigned-12-bit' },
      acquisition: {
        scanningSequence: ['SE'],
        sequenceVariant: ['SK', 'SP'],
        mrAcquisitionType: '3D',
        repetitionTime: 4400,
        echoTime: 544,
        protocolName: 'MRC hT2w 3D',
      },
      window: { center: 400, width: 1000 },
      created: new Date(2026, 0, 15, 9, 50),
    }),
  ]);
}

/** Runs `make` once per test run: Jest's files share neither memory nor, with several workers, a process. */
export function once(key: string, make: () => EncodedObject[]): TestStudy {
  const studyInstanceUid = deriveUid('phantom-study', key);
  const directory = join(process.env.HYDROPS_TEST_RUN ?? tmpdir(), key);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    make().forEach(({ file }, index) =>
      writeFileSync(join(unfinished, `${String(index).padStart(5, '0')}.dcm`), new Uint8Array(file))
    );
    try {
      renameSync(unfinished, directory);
    } catch (error) {
      // Another worker was faster; what it made is the same.
      if (!existsSync(directory)) throw error;
      rmSync(unfinished, { recursive: true });
    }
  }
  const files = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
  return { studyInstanceUid, files: files.map((file) => new Uint8Array(file)) };
}

export interface SmallSeries {
  description: string;
  inversionTime: number | null;
  /** Moved against the other series, mm. */
  origin?: Geometry['origin'];
  /** Axial where absent. */
  direction?: Geometry['direction'];
  imageType?: string[];
  /** Value of voxel `index`; noise where absent. */
  value?: (index: number) => number;
}

export const MRC: SmallSeries = { description: 'MRC hT2w 3D', inversionTime: null };
export const PPI: SmallSeries = { description: 'PPI hT2w 3D FLAIR TI 2250', inversionTime: 2250 };
export const PEI: SmallSeries = { description: 'PEI hT2w 3D IR TI 2050', inversionTime: 2050 };

const SIZE: Geometry['size'] = [96, 96, 24];

/** A small study of noise: no ear, quick to load; for what is refused before or by the network. */
export function smallStudy(key: string, series: SmallSeries[]): TestStudy {
  const studyInstanceUid = deriveUid('phantom-study', key);
  const template = {
    StudyInstanceUID: studyInstanceUid,
    FrameOfReferenceUID: deriveUid('phantom-frame', key),
    PatientName: 'Phantom^Noise',
    PatientID: key.toUpperCase(),
    StudyDate: '20260115',
    StudyTime: '093000',
    StudyDescription: `Noise (synthetic), ${key}`,
  };
  const files = series.flatMap((entry, index) =>
    encodeMrSeries({
      kind: 'original',
      template,
      volume: noise(entry, index + 1),
      description: entry.description,
      seriesNumber: index + 2,
      imageType: entry.imageType ?? ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      scaling: entry.value ? { kind: 'keep-sign' } : { kind: 'unsigned-12-bit' },
      acquisition: {
        scanningSequence: entry.inversionTime === null ? ['SE'] : ['SE', 'IR'],
        sequenceVariant: ['SK'],
        mrAcquisitionType: '3D',
        repetitionTime: 9000,
        echoTime: 540,
        ...(entry.inversionTime === null ? {} : { inversionTime: entry.inversionTime }),
        protocolName: entry.description,
      },
      window: { center: 400, width: 1000 },
      created: new Date(2026, 0, 15, 9, 30),
    }).map(({ file }) => new Uint8Array(file))
  );
  return { studyInstanceUid, files };
}

function noise(series: SmallSeries, seed: number): Volume {
  const data = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]);
  let state = seed;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[index] = series.value ? series.value(index) : 20 + (100 * state) / 2 ** 32;
  }
  return {
    data,
    size: SIZE,
    spacing: [0.5, 0.5, 1],
    origin: series.origin ?? [-24, -24, -12],
    direction: series.direction ?? [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

/** What else a hospital has: SOP Class UID and how many images of it. */
const OTHERS: Record<string, [sopClassUid: string, images: number]> = {
  CT: ['1.2.840.10008.5.1.4.1.1.2', 24],
  PT: ['1.2.840.10008.5.1.4.1.1.128', 6],
  CR: ['1.2.840.10008.5.1.4.1.1.1', 2],
  US: ['1.2.840.10008.5.1.4.1.1.6.1', 3],
};

/** The same noise as one series of each other kind of image, and a written report. */
export function otherStudy(key: string): TestStudy {
  const kinds = Object.keys(OTHERS);
  const study = smallStudy(
    key,
    kinds.map((kind) => ({ description: `${kind} of a hospital`, inversionTime: null }))
  );
  const left = Object.values(OTHERS).map(([, images]) => images);
  const files = study.files.flatMap((file) => {
    const dicom = readDicom(file);
    const series = Number(dicom.dict['00200011']?.Value?.[0]) - 2;
    if (left[series]!-- <= 0) return [];
    return [changed(dicom, kinds[series]!, OTHERS[kinds[series]!]![0])];
  });
  return { studyInstanceUid: study.studyInstanceUid, files: [...files, report(study.files[0]!)] };
}

const readDicom = (file: Uint8Array): DicomDictInstance =>
  dcmjs.data.DicomMessage.readFile(Uint8Array.from(file).buffer);

function changed(dicom: DicomDictInstance, modality: string, sopClassUid: string): Uint8Array {
  dicom.meta['00020002'] = { vr: 'UI', Value: [sopClassUid] };
  dicom.dict['00080016'] = { vr: 'UI', Value: [sopClassUid] };
  dicom.dict['00080060'] = { vr: 'CS', Value: [modality] };
  return new Uint8Array(dicom.write());
}

/** A Basic Text SR with one sentence. */
function report(image: Uint8Array): Uint8Array {
  const dicom = readDicom(image);
  const { dict } = dicom;
  for (const tag of Object.keys(dict)) if (/^(0028|7FE0|0018)/.test(tag)) delete dict[tag];
  const uid = deriveUid('report', String(dict['0020000D']?.Value?.[0]));
  const concept = (value: string, scheme: string, meaning: string) => ({
    '00080100': { vr: 'SH', Value: [value] },
    '00080102': { vr: 'SH', Value: [scheme] },
    '00080104': { vr: 'LO', Value: [meaning] },
  });
  const text = {
    '0040A010': { vr: 'CS', Value: ['CONTAINS'] },
    '0040A040': { vr: 'CS', Value: ['TEXT'] },
    '0040A043': { vr: 'SQ', Value: [concept('121071', 'DCM', 'Finding')] },
    '0040A160': { vr: 'UT', Value: ['Nothing to report (synthetic).'] },
  };
  Object.assign(dict, {
    '00080018': { vr: 'UI', Value: [uid] },
    '0020000E': { vr: 'UI', Value: [`${uid}.1`.slice(0, 64)] },
    '00200011': { vr: 'IS', Value: ['9'] },
    '0008103E': { vr: 'LO', Value: ['Report'] },
    '0040A040': { vr: 'CS', Value: ['CONTAINER'] },
    '0040A043': { vr: 'SQ', Value: [concept('11528-7', 'LN', 'Radiology Report')] },
    '0040A050': { vr: 'CS', Value: ['SEPARATE'] },
    '0040A491': { vr: 'CS', Value: ['COMPLETE'] },
    '0040A493': { vr: 'CS', Value: ['UNVERIFIED'] },
    '0040A730': { vr: 'SQ', Value: [text] },
  });
  dicom.meta['00020003'] = { vr: 'UI', Value: [uid] };
  return changed(dicom, 'SR', '1.2.840.10008.5.1.4.1.1.88.11');
}
