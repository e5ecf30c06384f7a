import { decimalString } from '../encode/part10';

// Local names: in Jest's sandbox each look-up of a global costs more than the arithmetic.
const { abs, max, min, round, sign } = Math;
const isFiniteNumber = Number.isFinite;

/** How values become stored integers; value = stored · slope + intercept. */
export type ScalingPolicy =
  /** Given by the caller; values outside the stored range are refused. */
  | { kind: 'fixed'; slope: number; intercept: number; signed: boolean }
  /** Unsigned, 0 to 4095, intercept 0, slope so that the largest value is 4095: scanners' habit. */
  | { kind: 'unsigned-12-bit' }
  /** Signed, intercept 0: zero stays zero and no other value becomes zero. */
  | { kind: 'keep-sign' };

export interface ScaledPixels {
  /** Little-endian 16-bit integers, in the order of the values. */
  stored: Int16Array | Uint16Array;
  slope: number;
  intercept: number;
  signed: boolean;
  bitsStored: number;
}

/**
 * Stored integers for a whole series with one slope and intercept.
 *
 * With 'keep-sign' the largest magnitude becomes ±32767, zero stays exactly zero, and a value too
 * small for the slope is stored as ±1, so that the count of negative voxels survives. The slope is
 * the number that its Decimal String says.
 *
 * @throws RangeError for values that are not finite, or (policy 'fixed') do not fit 16 bits
 */
export function scalePixels(values: Float32Array, policy: ScalingPolicy): ScaledPixels {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!isFiniteNumber(value)) throw new RangeError('An image value is not finite.');
    largest = max(largest, abs(value));
  }
  if (policy.kind === 'keep-sign') return keepSign(values, largest);
  const signed = policy.kind === 'fixed' && policy.signed;
  const slope = policy.kind === 'fixed' ? policy.slope : representable(largest / 4095 || 1);
  const intercept = policy.kind === 'fixed' ? policy.intercept : 0;
  const [low, high] = signed ? [-32768, 32767] : [0, policy.kind === 'fixed' ? 65535 : 4095];
  const stored = signed ? new Int16Array(values.length) : new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const integer = round((values[i]! - intercept) / slope);
    // Rounding the slope to its text may put the largest value one step too high.
    if (integer < low || integer > high + 1)
      throw new RangeError(
        `Image value ${values[i]} does not fit ${low} to ${high} steps of ${slope}.`
      );
    stored[i] = min(high, integer);
  }
  return { stored, slope, intercept, signed, bitsStored: policy.kind === 'fixed' ? 16 : 12 };
}

function keepSign(values: Float32Array, largest: number): ScaledPixels {
  const slope = representable(largest / 32767 || 1);
  const stored = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const integer = max(-32767, min(32767, round(value / slope)));
    stored[i] = integer === 0 ? sign(value) : integer;
  }
  return { stored, slope, intercept: 0, signed: true, bitsStored: 16 };
}

const representable = (value: number): number => Number(decimalString(value));
