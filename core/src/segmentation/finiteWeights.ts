import type { io } from '@tensorflow/tfjs-core';
import { RefusedInputError } from '../types';

/** Bytes of a number, by tfjs data type. */
const BYTES: Record<string, number> = {
  ...{ float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 },
  complex64: 8,
};
/** The bits of the exponent; all of them set stand for NaN or Infinity (IEEE 754). */
const EXPONENT_32 = 0x7f800000;
const EXPONENT_16 = 0x7c00;

/**
 * Looks through weights as they are stored, little endian, one after the other.
 *
 * @param data of all weights, in the order of `specs`
 * @param model name of the model, for the message
 * @throws RefusedInputError `model-damaged` where one is NaN or infinite: every patch would be, too
 */
export function requireFiniteWeights(
  specs: readonly io.WeightsManifestEntry[],
  data: ArrayBuffer,
  model: string
): void {
  const view = new DataView(data);
  let at = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const count = shape.reduce((product, size) => product * size, 1);
    const stored = quantization?.dtype ?? dtype;
    const bytes = BYTES[stored] ?? 0;
    if (at + count * bytes > data.byteLength) throw damaged(model, `"${name}" is cut off`);
    const scale = [quantization?.scale ?? 1, quantization?.min ?? 0];
    if (!scale.every(Number.isFinite)) throw damaged(model, `the scale of "${name}" is no number`);
    const broken = firstBroken(view, at, count, stored);
    if (broken !== null) {
      throw damaged(model, `value ${broken + 1} of ${count} in "${name}" is NaN or infinite`);
    }
    at += count * bytes;
  }
}

function firstBroken(view: DataView, at: number, count: number, dtype: string): number | null {
  const isBroken =
    dtype === 'float32'
      ? (n: number) => (view.getUint32(at + 4 * n, true) & EXPONENT_32) === EXPONENT_32
      : dtype === 'float16'
        ? (n: number) => (view.getUint16(at + 2 * n, true) & EXPONENT_16) === EXPONENT_16
        : null;
  for (let n = 0; isBroken && n < count; n++) if (isBroken(n)) return n;
  return null;
}

function damaged(model: string, what: string): RefusedInputError {
  return new RefusedInputError(
    'model-damaged',
    `The model "${model}" is damaged: ${what}.`,
    'Its training failed, or its files were damaged before their hashes were taken. Export the model again, or use the model that came with the software.',
    { what }
  );
}
