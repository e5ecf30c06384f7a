import type { EarAbsence } from '../study';
import type { LabelVolume, OrganMeasurement, Warning } from '../types';
import { volumeOf } from '../../test/testGrids';
import { measure } from './measure';
import {
  grid,
  images,
  labelAt,
  labelsOn,
  measured,
  prepared,
  SLICES,
  valueAt,
} from '../../test/testEars';

/** What a measurement says of its numbers: which slices and images, who chose them, which ear is missing. */

describe('an ear that is not there', () => {
  const labels = labelsOn(images.mrc);
  labels.data = labels.data.map((value) => (value > 2 ? 0 : value));
  const missing = (absent?: EarAbsence[]): Warning[] =>
    measure({ prepared: prepared(images), labels, absent, model: null }).warnings.filter(
      ({ code }) => code === 'ear-not-found'
    );

  test.each([
    ['field-of-view', /right ear was not found.*outside MRC or at its border.*series that covers/],
    ['noise', /right ear was not found.*on MRC, fluid hardly stands out.*by hand/],
    ['not-recognised', /right ear was not found.*nothing on MRC was recognised.*by hand/],
  ] as const)('is said with its side and the reason %s', (reason, words) => {
    const found = missing([{ side: 'right', reason }]);
    expect(found).toEqual([expect.objectContaining({ ear: 'right', values: { reason } })]);
    expect(found[0]!.message).toMatch(words);
  });

  test('is said where no network looked for it, and not where the reader has drawn it', () => {
    expect(missing().map(({ values }) => values)).toEqual([{ reason: 'no-region' }]);
    const drawn = measure({
      prepared: prepared(images),
      labels: labelsOn(images.mrc),
      absent: [{ side: 'right', reason: 'noise' }],
      model: null,
    });
    expect(drawn.warnings.map(({ code }) => code)).not.toContain('ear-not-found');
  });
});

describe('endolymph', () => {
  test('is what the one mask says, in slices, area and volume alike', () => {
    const study = prepared(images);
    const labels = labelsOn(images.mrc);
    study.endolymph = study.endolymph.map((value, n) => (labels.data[n] === 1 ? 1 : value));
    const { ears } = measure({
      prepared: study,
      labels,
      representativeSlices: SLICES,
      model: null,
    });
    const { area, volume, slices } = ears.left?.cochlea as OrganMeasurement;
    expect([area?.ratio, volume.ratio]).toEqual([1, 1]);
    expect(slices.map(({ ratio }) => ratio)).toEqual(slices.map(() => 1));
    expect(ears.left?.vestibule?.volume.ratio).toBeLessThan(1);
  });

  test('is counted on every slice; together they are the volume, and one of them is the area', () => {
    // Noise is estimated where there is no fluid.
    const mrc = volumeOf(grid, (point) => (labelAt(point) ? 1 : 0.05) * valueAt(point, 0));
    const { right } = measured({ ...images, mrc }).ears;
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const { area, volume, slices } = right?.[organ] as OrganMeasurement;
      const sum = (of: 'totalPixels' | 'endolymphPixels'): number =>
        slices.reduce((total, slice) => total + slice[of], 0);
      expect(sum('totalPixels')).toBe(volume.totalVoxels);
      expect(sum('endolymphPixels')).toBe(volume.endolymphVoxels);
      const shown = slices.find(({ image }) => image.sopInstanceUid === area?.image.sopInstanceUid);
      expect(area).toMatchObject(shown as object);
      for (const { ratio, interval } of slices) {
        expect(interval?.[0]).toBeLessThanOrEqual(ratio);
        expect(interval?.[1]).toBeGreaterThanOrEqual(ratio);
      }
      // Fewer pixels are less sure.
      const width = (interval: [number, number] | null | undefined): number =>
        interval ? interval[1] - interval[0] : NaN;
      expect(width(area?.interval)).toBeGreaterThan(width(volume.interval));
    }
  });
});

test('images are named as people find them; no slice has a number of its own', () => {
  const { ears } = measured(images);
  expect(ears.left?.vestibule?.area?.image).toEqual({
    seriesNumber: 4,
    instanceNumber: 5,
    frameNumber: null,
    sopInstanceUid: '2.25.9.4',
  });
  expect(JSON.stringify(ears)).not.toMatch(/"(slice|k|index)":/);
});

test('who chose the slice is said', () => {
  const labels = labelsOn(images.mrc);
  const left = { cochlea: 3, vestibule: null };
  const { ears } = measure({
    prepared: prepared(images),
    labels,
    representativeSlices: { left },
    model: null,
  });
  expect(ears.left?.cochlea?.area?.chosenBy).toBe('reader');
  expect(ears.left?.vestibule?.area?.chosenBy).toBe('automatic');
});

describe('the mask', () => {
  const automatic = labelsOn(images.mrc);
  const masksOf = (labels: LabelVolume, network?: LabelVolume): unknown =>
    Object.values(
      measure({ prepared: prepared(images), labels, automatic: network, model: null }).ears
    ).map((ear) => [ear?.cochlea?.mask, ear?.vestibule?.mask]);

  test('is the network’s where no voxel differs, edited where one does, organ by organ', () => {
    const data = automatic.data.slice();
    expect(masksOf({ ...automatic, data }, automatic)).toEqual([
      ['automatic', 'automatic'],
      ['automatic', 'automatic'],
    ]);
    data[data.indexOf(2)] = 0;
    expect(masksOf({ ...automatic, data }, automatic)).toEqual([
      ['automatic', 'edited'],
      ['automatic', 'automatic'],
    ]);
  });

  test('is drawn where the network made none', () => {
    const oneEar = { ...automatic, data: automatic.data.map((value) => (value > 2 ? 0 : value)) };
    expect(masksOf(automatic, oneEar)).toEqual([
      ['automatic', 'automatic'],
      ['drawn', 'drawn'],
    ]);
    expect(masksOf(automatic)).toEqual([
      ['drawn', 'drawn'],
      ['drawn', 'drawn'],
    ]);
  });
});
