import {
  earCentersOf,
  measure,
  prepareStudy,
  readerChoices,
  type Choices,
  type EarFinding,
  type LabelVolume,
  type Measurement,
  type Method,
  type PreparedStudy,
  type Series,
  type SliceChoices,
  type Vector3,
  type Volume,
  firstItems,
} from '@inner-ear-hydrops/core';
import {
  decodeMeasurementReport,
  encodeResult,
  restoreResult,
} from '@inner-ear-hydrops/core/dicom';
import { INITIAL_STATE } from '../../extension/src/state/HydropsState';
import { automaticImages } from '../../extension/src/state/imageStack';
import { reportContent, type ReportContent } from '../../extension/src/result/report/reportContent';
import { testSeries } from '../../core/test/testSeries';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// Whatever is automatic or the reader's in a result stands in measurement, report and SR before Save as after Restore.

jest.setTimeout(300_000);

const study = simulateEars(611);
const series = (name: 'MRC' | 'PPI' | 'PEI', volume: Volume): Series => testSeries(name, volume);
const all = {
  mrc: series('MRC', study.mrc),
  ppi: series('PPI', study.ppi),
  pei: series('PEI', study.pei),
};
const automatic = labelsOf(study.truth.anatomy, study.mrc);
const centers = earCentersOf(automatic);
const plane = study.mrc.size[0] * study.mrc.size[1];
const MODEL = { name: 'Test network', version: '1.2.3', sha256: 'cd'.repeat(32) };
const ears: EarFinding[] = (['left', 'right'] as const).map((side) => ({
  side,
  center: centers[side] as Vector3,
  confidence: { cochlea: 0.9, vestibule: 0.8 },
}));

const prepared = new Map<Method, PreparedStudy>();
/** About the ears, whether a network found them or the reader's region says where they are. */
function preparedBy(method: Method): PreparedStudy {
  const known = prepared.get(method);
  if (known) return known;
  const made = prepareStudy(all, { method, centers: ears.map(({ center }) => center) });
  prepared.set(method, made);
  return made;
}

/** A slice k with most pixels of an organ, and one with none. */
function slicesOf(number: number): { widest: number; empty: number } {
  const counts = Array.from({ length: study.mrc.size[2] }, () => 0);
  automatic.data.forEach((value, n) => {
    if (value === number) counts[Math.floor(n / plane)]!++;
  });
  return { widest: counts.indexOf(Math.max(...counts)), empty: 0 };
}

const NOBODY: Choices = {
  method: 'automatic',
  roles: { mrc: 'automatic', ppi: 'automatic', pei: 'automatic' },
  ears: { left: 'automatic', right: 'automatic' },
};

/** The labels without one organ's voxels on a slice k. */
function erased(number: number, k: number): LabelVolume {
  const data = automatic.data.map((value, n) =>
    value === number && Math.floor(n / plane) === k ? 0 : value
  );
  return { ...automatic, data };
}

const whole = measure({
  prepared: preparedBy('hydrops-mi2'),
  labels: automatic,
  anatomy: study.truth.anatomy,
  ears,
  automatic,
  model: MODEL,
});
const byRules = (ear: 'left' | 'right', organ: 'cochlea' | 'vestibule'): number =>
  preparedBy('hydrops-mi2').images.findIndex(
    ({ sopInstanceUid }) => sopInstanceUid === whole.ears[ear]?.[organ]?.area?.image.sopInstanceUid
  );

interface Made {
  method: Method;
  labels: LabelVolume;
  slices: SliceChoices;
  choices: Choices;
  /** No network made the region. */
  drawn: boolean;
}

const CASES: Record<string, Partial<Made>> = {
  'nothing is the reader’s': {},
  'a slice': { slices: { left: { vestibule: slicesOf(2).widest + 1 } } },
  'slices of three organs, one of them empty': {
    slices: {
      left: { cochlea: slicesOf(1).empty, vestibule: slicesOf(2).widest - 1 },
      right: { cochlea: slicesOf(3).widest + 1 },
    },
  },
  'method, roles and an ear position': {
    method: 'hydrops2-mi2',
    choices: {
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
      ears: { left: 'reader', right: 'automatic' },
    },
  },
  'a region, erased on the automatic slice': { labels: erased(2, byRules('left', 'vestibule')) },
  'a region that the reader drew, and a slice': {
    drawn: true,
    slices: { right: { vestibule: slicesOf(4).widest } },
  },
  everything: {
    method: 'hydrops2-mi2',
    labels: erased(3, byRules('right', 'cochlea')),
    slices: { left: { cochlea: slicesOf(1).widest + 1, vestibule: slicesOf(2).empty } },
    choices: {
      method: 'reader',
      roles: { mrc: 'reader', ppi: 'automatic', pei: 'reader' },
      ears: { left: 'automatic', right: 'reader' },
    },
  },
};

function report(measurement: Measurement): ReportContent {
  return reportContent({
    measurement,
    findings: INITIAL_STATE.findings,
    created: new Date(2026, 0, 15, 9, 30),
    automaticImages: automaticImages(measurement, {}),
    outOfDate: [],
    series: [],
    seriesNames: {},
    backend: 'wasm',
  });
}

test.each(Object.keys(CASES))('a stored result reads as it was saved: %s', (name) => {
  const made: Made = {
    ...{ method: 'hydrops-mi2', labels: automatic, slices: {}, choices: NOBODY, drawn: false },
    ...CASES[name],
  };
  const on = preparedBy(made.method);
  const measurement = measure({
    prepared: on,
    labels: made.labels,
    representativeSlices: made.slices,
    choices: made.choices,
    ...(made.drawn
      ? { model: null }
      : { anatomy: study.truth.anatomy, ears, automatic, model: MODEL }),
  });
  const encode = (one: Measurement) =>
    encodeResult(
      {
        series: all,
        prepared: on,
        labels: made.labels,
        ears: made.drawn ? [] : ears,
        absent: [],
        measurement: one,
        model: one.model,
        created: new Date(2026, 0, 15, 9, 30),
      },
      ['segmentation', 'report']
    );
  const [segmentation, sr] = firstItems(encode(measurement), 2);
  const restored = restoreResult(segmentation.objects[0]!.file, all, made.method);
  expect(restored.measurement).toEqual(measurement);
  expect(restored.slices).toEqual(made.slices);
  expect(restored.labels.data).toEqual(made.labels.data);
  expect(readerChoices(restored.measurement)).toEqual(readerChoices(measurement));
  expect(report(restored.measurement)).toEqual(report(measurement));
  const [, again] = firstItems(encode(restored.measurement), 2);
  expect(decodeMeasurementReport(again.objects[0]!.file)).toEqual(
    decodeMeasurementReport(sr.objects[0]!.file)
  );
  // Each slice that the reader moved says where the software had it.
  const moved = report(measurement).sections.flatMap(([, lines]) =>
    lines.filter((line) => line.startsWith('Slice of the '))
  );
  const slices = Object.values(made.slices).flatMap((ofEar) => Object.keys(ofEar));
  expect(moved.filter((line) => line.includes('(automatic: series 1, image'))).toHaveLength(
    slices.length
  );
});
