import { testMeasurement, testSeries, testVolume } from '../../test/testSeries';
import type { Measurement } from '../types';
import { readMeasurement } from './readMeasurement';
import { measurementSchema } from './measurementSchema';

const now = testMeasurement(
  testSeries(
    'MRC',
    testVolume(() => 1)
  )
);

/** As version 0.4.0 stored it: an ear without enhanced perilymph had a grade and a fraction. */
const organ1 = (slice: number, extra: object = {}) => ({
  area: {
    ratio: 1,
    totalPixels: 60,
    endolymphPixels: 60,
    totalMm2: 15,
    endolymphMm2: 15,
    slice,
    sopInstanceUid: `2.25.410${slice + 1}`,
  },
  volume: {
    ratio: 1,
    totalVoxels: 240,
    endolymphVoxels: 240,
    totalMm3: 60,
    endolymphMm3: 60,
    withinNoise: 0.1,
    interval: [0.98, 1],
  },
  mixture: { fraction: 0.89, uncertainty: 0.09 },
  ...extra,
});
const { choices: _, absentEars: __, ...shared } = now;
const first = {
  ...shared,
  schema: 'inner-ear-hydrops/measurement@1',
  ears: {
    left: {
      cochlea: organ1(2),
      vestibule: organ1(3, { grade: { scheme: 'nakashima', suggested: 'significant' } }),
    },
    right: null,
  },
  warnings: [
    { code: 'perilymph-not-enhanced', message: 'None.', ear: 'left', values: { tail: -0.4 } },
    {
      code: 'noise-high',
      message: 'Noise.',
      ear: 'left',
      values: { organ: 'cochlea', withinNoise: 0.8 },
    },
    { code: 'of-a-later-version', message: 'Unknown.', ear: null },
  ],
};
/** As it is read: through JSON. */
const read = (value: unknown): Measurement | null =>
  readMeasurement(JSON.parse(JSON.stringify(value))).measurement;

test('a measurement of this version opens as it was stored', () => {
  expect(read(now)).toEqual(now);
});

test('what was stored before absent ears had a field still opens', () => {
  const { absentEars: _, ...before } = { ...now, ears: { ...now.ears, right: null } };
  expect(read(before)?.absentEars).toEqual({ left: null, right: 'no-region' });
});

test('one of the first version opens, named by its images, and what its warnings void is void', () => {
  const opened = read(first) as Measurement;
  expect(measurementSchema.safeParse(opened).error).toBeUndefined();
  const vestibule = opened.ears.left?.vestibule;
  expect(vestibule?.area?.image).toEqual({
    seriesNumber: null,
    instanceNumber: null,
    frameNumber: null,
    sopInstanceUid: '2.25.4104',
  });
  expect(vestibule).toMatchObject({ measurable: false, mixture: null, grade: null, slices: [] });
  expect(vestibule?.volume.ratio).toBe(1);
  expect(JSON.stringify(opened)).not.toContain('"slice"');
  expect(opened.warnings.map(({ code, ear, organ }) => [code, ear, organ ?? null])).toEqual([
    ['perilymph-not-enhanced', 'left', null],
    ['noise-high', 'left', 'cochlea'],
    ['ear-not-found', 'right', null],
  ]);
});

test('where its regions come from is the caller’s to say', () => {
  expect(readMeasurement(first, 'edited').measurement?.ears.left?.cochlea?.mask).toBe('edited');
});

test('anything else is no measurement', () => {
  for (const value of [null, 'text', {}, { ...now, schema: 'inner-ear-hydrops/measurement@3' }])
    expect(readMeasurement(value).measurement).toBeNull();
});
