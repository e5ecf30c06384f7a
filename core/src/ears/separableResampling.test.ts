import { resampleSeparable, samplesInside } from './separableResampling';

const size: [number, number, number] = [7, 6, 5];
const data = new Float32Array(7 * 6 * 5);
for (let k = 0; k < 5; k++)
  for (let j = 0; j < 6; j++)
    for (let i = 0; i < 7; i++) data[i + 7 * (j + 6 * k)] = 2 * i - 3 * j + 5 * k + 1;

describe('resampleSeparable', () => {
  it('returns the same numbers on the same grid', () => {
    const same = resampleSeparable(data, size, [
      { start: 0, step: 1, count: 7 },
      { start: 0, step: 1, count: 6 },
      { start: 0, step: 1, count: 5 },
    ]);
    expect(Array.from(same)).toEqual(Array.from(data));
  });

  it('reproduces a linear ramp between voxels, finer and coarser', () => {
    for (const step of [0.4, 1.5]) {
      const result = resampleSeparable(data, size, [
        { start: 1.3, step, count: 3 },
        { start: 1.1, step, count: 2 },
        { start: 1.2, step, count: 2 },
      ]);
      for (let k = 0; k < 2; k++)
        for (let j = 0; j < 2; j++)
          for (let i = 0; i < 3; i++) {
            const expected = 2 * (1.3 + i * step) - 3 * (1.1 + j * step) + 5 * (1.2 + k * step) + 1;
            // A footprint over whole and part voxels is exact on its mean, not on the ramp inside a voxel.
            expect(Math.abs(result[i + 3 * (j + 2 * k)]! - expected)).toBeLessThan(
              step > 1 ? 1.2 : 1e-4
            );
          }
    }
  });

  it('keeps the mean when whole voxels are merged', () => {
    const merged = resampleSeparable(data, size, [
      { start: 3, step: 7, count: 1 },
      { start: 2.5, step: 6, count: 1 },
      { start: 2, step: 5, count: 1 },
    ]);
    expect(merged[0]).toBeCloseTo(data.reduce((sum, value) => sum + value, 0) / data.length, 4);
  });

  it('tells which samples lie outside the image', () => {
    expect(samplesInside({ start: -1, step: 1, count: 4 }, 2)).toEqual([false, true, true, false]);
  });
});
