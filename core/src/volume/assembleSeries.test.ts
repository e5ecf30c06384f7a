import { firstItems } from '../items';
import { RefusedInputError, type SeriesHeader, type SliceInput, type Volume } from '../types';
import { assembleSeries } from './assembleSeries';
import { sameGrid, voxelToWorld, worldToVoxel } from './geometry';
import {
  axialGrid,
  headerOf,
  randomGrid,
  randomNumbers,
  slicesOf,
  volumeOf,
} from '../../test/testGrids';

const random = randomNumbers(11);
const header: SeriesHeader = headerOf({ seriesDescription: 'hT2w 3D FLAIR', seriesNumber: 8 });

function anyVolume(): Volume {
  return volumeOf(randomGrid(random), () => random());
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

/** The refusal that assembling throws. */
function refusal(slices: readonly SliceInput[]): RefusedInputError {
  try {
    assembleSeries(header, slices);
  } catch (error) {
    if (error instanceof RefusedInputError) {
      // Whatever is wrong, the reader must be able to find the series.
      expect(error.message).toMatch(/8 "hT2w 3D FLAIR"/);
      expect(error.remedy).not.toBe('');
      return error;
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

test('slices in any order, whatever their numbers, give back the volume', () => {
  for (let n = 0; n < 30; n++) {
    const volume = anyVolume();
    const slices = shuffled(slicesOf(volume)).map((slice, m) => ({ ...slice, instanceNumber: m }));
    const { series, warnings } = assembleSeries(header, slices);
    expect(sameGrid(series.volume, volume, 1e-6)).toBe(true);
    expect(series.volume.data).toEqual(volume.data);
    expect(series.sources.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
      slicesOf(volume).map(({ sopInstanceUid }) => sopInstanceUid)
    );
    expect(warnings).toEqual([]);
  }
});

test('padding goes with its voxels, in whatever order the slices come; without any the volume says nothing', () => {
  const volume = anyVolume();
  const plane = volume.size[0] * volume.size[1];
  expect(assembleSeries(header, slicesOf(volume)).series.volume).not.toHaveProperty('missing');
  const missing = Uint8Array.from(volume.data, (_, n) => (n >= plane && random() < 0.3 ? 1 : 0));
  const slices = slicesOf(volume).map((slice, k) =>
    k === 0 ? slice : { ...slice, padded: missing.slice(k * plane, (k + 1) * plane) }
  );
  expect(assembleSeries(header, shuffled(slices)).series.volume.missing).toEqual(missing);
});

test('an image stored mirrored, with matching orientation, gives the same values at the same places', () => {
  const volume = anyVolume();
  const [columns, rows] = volume.size;
  const mirrored = slicesOf(volume).map((slice, k) => {
    const [a, b, c, ...column] = slice.imageOrientationPatient;
    const pixels = Array.from({ length: columns * rows }, (_, n) => {
      const j = Math.floor(n / columns);
      return slice.pixels[columns - 1 - (n % columns) + columns * j]!;
    });
    return {
      ...slice,
      imagePositionPatient: voxelToWorld(volume, [columns - 1, 0, k]),
      imageOrientationPatient: [-a, -b, -c, ...column] as SliceInput['imageOrientationPatient'],
      pixels,
    };
  });
  const other = assembleSeries(header, mirrored).series.volume;
  let n = 0;
  for (let k = 0; k < volume.size[2]; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, n++) {
        const [a, b, c] = firstItems(
          worldToVoxel(other, voxelToWorld(volume, [i, j, k])).map(Math.round),
          3
        );
        expect(other.data[a + columns * (b + rows * c)]).toBe(volume.data[n]);
      }
    }
  }
});

test('spacing read from decimal strings is not disturbed by rounding', () => {
  const slices = slicesOf(volumeOf(axialGrid([4, 4, 41], [0.5, 0.5, 0.8]), () => 1)).map(
    (slice, k) => ({
      ...slice,
      imagePositionPatient: [0, 0, Number((0.8 * k - 16.3).toFixed(2))] as [number, number, number],
    })
  );
  expect(assembleSeries(header, slices).series.volume.spacing).toEqual([0.5, 0.5, 0.8]);
});

test('whether values lie below zero is read from the pixels', () => {
  const below = volumeOf(axialGrid([4, 4, 4], [1, 1, 1]), ([x]) => x - 1);
  expect(assembleSeries(header, slicesOf(below)).series.header.hasNegativeValues).toBe(true);
  const above = volumeOf(axialGrid([4, 4, 4], [1, 1, 1]), ([x]) => x);
  const stated = { ...header, hasNegativeValues: true };
  expect(assembleSeries(stated, slicesOf(above)).series.header.hasNegativeValues).toBe(false);
});

test('images stored twice are used once, with a warning that counts them', () => {
  const volume = anyVolume();
  const slices = slicesOf(volume);
  const again = slices.slice(1, 3).map((slice, n) => ({ ...slice, sopInstanceUid: `2.25.9.${n}` }));
  const { series, warnings } = assembleSeries(header, shuffled([...slices, ...again]));
  expect(series.volume.data).toEqual(volume.data);
  expect(warnings).toMatchObject([{ code: 'duplicate-slices', values: { dropped: 2 } }]);
});

describe('refusals', () => {
  const volume = volumeOf(axialGrid([4, 5, 9], [0.5, 0.5, 1]), ([x, y, z]) => x + 2 * y + 3 * z);

  test('slice-missing: one, several, and every second one of the middle', () => {
    const oneMissing = refusal(slicesOf(volume).filter((_, k) => k !== 4));
    expect(oneMissing.code).toBe('slice-missing');
    expect(oneMissing.values).toMatchObject({ missing: 1, gap: 2, spacing: 1 });
    expect(oneMissing.message).toContain('(0020,0032)');
    expect(refusal(slicesOf(volume).filter((_, k) => k < 3 || k > 5)).values.missing).toBe(3);
    const many = slicesOf(volume).filter((_, k) => ![2, 4, 6].includes(k));
    expect(refusal(many).code).toBe('slice-missing');
  });

  test('slice-doubled: two different images at one position', () => {
    const slices = slicesOf(volume);
    const other = { ...slices[4]!, sopInstanceUid: '2.25.77', pixels: slices[5]!.pixels };
    const error = refusal([...slices, other]);
    expect(error.code).toBe('slice-doubled');
    expect(Object.values(error.values)).toContain('2.25.77');
  });

  test('orientation-mixed: a localiser', () => {
    const slices = slicesOf(volume);
    slices[3] = { ...slices[3]!, imageOrientationPatient: [1, 0, 0, 0, 0, -1] };
    const error = refusal(slices);
    expect(error.code).toBe('orientation-mixed');
    expect(error.message).toContain('(0020,0037)');
  });

  test('spacing-nonuniform: a slice displaced along the normal, or another pixel size', () => {
    const slices = slicesOf(volume);
    slices[4] = { ...slices[4]!, imagePositionPatient: [0, 0, 4.3] };
    expect(refusal(slices).code).toBe('spacing-nonuniform');
    const sized = slicesOf(volume);
    sized[2] = { ...sized[2]!, pixelSpacing: [0.6, 0.5] };
    expect(refusal(sized).message).toContain('(0028,0030)');
  });

  test('matrix-mixed, too-few-slices, slices-sheared, geometry-invalid', () => {
    const mixed = slicesOf(volume);
    mixed[8] = { ...mixed[8]!, rows: 4, columns: 5 };
    expect(refusal(mixed).code).toBe('matrix-mixed');
    expect(refusal(slicesOf(volume).slice(0, 2)).code).toBe('too-few-slices');
    expect(refusal([]).code).toBe('too-few-slices');
    const sheared = slicesOf(volume).map((slice, k) => ({
      ...slice,
      imagePositionPatient: [0.2 * k, 0, k] as [number, number, number],
    }));
    expect(refusal(sheared).code).toBe('slices-sheared');
    const lost = slicesOf(volume);
    lost[0] = { ...lost[0]!, imagePositionPatient: [NaN, 0, 0] };
    expect(refusal(lost).code).toBe('geometry-invalid');
  });

  test('pixel-data-truncated and pixel-values-invalid: never a short or broken slice', () => {
    const short = slicesOf(volume);
    short[5] = { ...short[5]!, pixels: Array.from(short[5]!.pixels).slice(0, 19) };
    const error = refusal(short);
    expect(error.code).toBe('pixel-data-truncated');
    expect(error.values).toMatchObject({ pixels: 19, expected: 20, sopInstanceUid: '2.25.100.5' });
    const broken = slicesOf(volume);
    broken[5] = { ...broken[5]!, pixels: Array.from(broken[5]!.pixels, () => NaN) };
    expect(refusal(broken).code).toBe('pixel-values-invalid');
  });
});
