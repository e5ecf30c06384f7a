import { toFloat16 } from './float16';

/** The numbers that half-precision bit patterns stand for. */
function fromFloat16(patterns: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: patterns.length }, (_, index) => {
    const pattern = patterns[index]!;
    const sign = pattern & 0x8000 ? -1 : 1;
    const exponent = (pattern >>> 10) & 31;
    const mantissa = pattern & 0x3ff;
    if (exponent === 0) return sign * mantissa * 2 ** -24;
    if (exponent === 31) return mantissa ? NaN : sign * Infinity;
    return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  });
}

describe('half precision weights', () => {
  it('writes the bit patterns of IEEE 754', () => {
    const values = [0, 1, -2, 0.5, 65504, 2 ** -24, 2 ** -14, 1 / 3, 1e6, -Infinity];
    expect(Array.from(toFloat16(values))).toEqual([
      0x0000, 0x3c00, 0xc000, 0x3800, 0x7bff, 0x0001, 0x0400, 0x3555, 0x7c00, 0xfc00,
    ]);
    expect(toFloat16([NaN])[0]! & 0x7fff).toBeGreaterThan(0x7c00);
  });

  it('comes back within half a unit of the last place', () => {
    const values = Float32Array.from({ length: 2000 }, (_, n) => Math.sin(n) * 10 ** ((n % 9) - 4));
    fromFloat16(toFloat16(values)).forEach((value, index) => {
      const tolerance = Math.max(Math.abs(values[index]!) * 2 ** -11, 2 ** -25);
      expect(Math.abs(value - values[index]!)).toBeLessThanOrEqual(tolerance * 1.0001);
    });
  });
});
