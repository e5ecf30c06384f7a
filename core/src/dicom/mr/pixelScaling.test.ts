import { scalePixels } from './pixelScaling';

describe('scalePixels', () => {
  test('keep-sign: zero is exactly zero and every other value keeps its sign', () => {
    const values = Float32Array.from([0, -0, 1e-30, -1e-30, 1e-6, -1e-6, 3.5, -250, 1000, -1000]);
    const { stored, slope, intercept, signed } = scalePixels(values, { kind: 'keep-sign' });
    expect(signed).toBe(true);
    expect(intercept).toBe(0);
    values.forEach((value, i) => {
      expect(Math.sign(stored[i]!) || 0).toBe(Math.sign(value) || 0);
      expect(Math.abs(stored[i]! * slope - value)).toBeLessThanOrEqual(slope * 1.0001);
    });
  });

  test('keep-sign: the largest magnitude fills the range on both sides without overflow', () => {
    for (const peak of [1e-9, 0.037, 1, 12345.678, 3e12]) {
      const { stored, slope } = scalePixels(Float32Array.of(peak, -peak), { kind: 'keep-sign' });
      expect(Array.from(stored)).toEqual([32767, -32767]);
      expect(32767 * slope).toBeCloseTo(peak, -Math.log10(peak) + 5);
    }
  });

  test('an image of zeros stays an image of zeros', () => {
    for (const kind of ['keep-sign', 'unsigned-12-bit'] as const) {
      const { stored, slope } = scalePixels(new Float32Array(4), { kind });
      expect(Array.from(stored)).toEqual([0, 0, 0, 0]);
      expect(slope).toBeGreaterThan(0);
    }
  });

  test('fixed: stores value = stored × slope + intercept and refuses what does not fit', () => {
    const policy = { kind: 'fixed', slope: 2, intercept: -4096, signed: false } as const;
    const { stored } = scalePixels(Float32Array.of(-4096, 0, 100), policy);
    expect(Array.from(stored)).toEqual([0, 2048, 2098]);
    expect(() => scalePixels(Float32Array.of(-5000), policy)).toThrow(RangeError);
    expect(() => scalePixels(Float32Array.of(NaN), policy)).toThrow(RangeError);
  });
});
