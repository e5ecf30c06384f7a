import type { CachedImage } from '../host/cornerstone';
import { isRounded } from './drawnValues';

const image = (slope: number, intercept: number, values: ArrayLike<number>, scaled = true) =>
  ({
    slope,
    intercept,
    preScale: { scaled },
    voxelManager: { getScalarData: () => values },
  }) as unknown as CachedImage;

describe('isRounded', () => {
  it('finds fractional values that the host keeps as integers', () => {
    expect(isRounded(image(0.1, 0, new Uint8Array(4)))).toBe(true);
    expect(isRounded(image(2, 0.5, new Int16Array(4)))).toBe(true);
  });

  it('does not blame what is exact', () => {
    expect(isRounded(image(0.1, 0, new Float32Array(4)))).toBe(false);
    expect(isRounded(image(2, -4096, new Int16Array(4)))).toBe(false);
    expect(isRounded(image(0.1, 0, new Uint16Array(4), false))).toBe(false);
    expect(isRounded(undefined)).toBe(false);
  });
});
