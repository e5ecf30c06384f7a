import { Inflate } from 'fflate';

/** Images rarely shrink more; what claims to grow beyond is no data set but a trap. */
const MAX_RATIO = 100;
const ALWAYS_ALLOWED = 64 << 20;
const MAX_INFLATED = 1 << 30;
const STEP = 1 << 16;

/**
 * A file whose data set is deflated (PS3.5 A.5), with the data set inflated; the bytes before
 * `offset` stay. Returns what is wrong where it cannot be inflated, or would grow beyond measure.
 */
export function inflateDataset(bytes: Uint8Array, offset: number): Uint8Array | string {
  const packed = bytes.subarray(offset);
  const limit = Math.min(MAX_INFLATED, Math.max(ALWAYS_ALLOWED, MAX_RATIO * packed.length));
  const chunks: Uint8Array[] = [bytes.slice(0, offset)];
  let size = offset;
  let ended = false;
  const inflater = new Inflate((chunk, final) => {
    size += chunk.length;
    chunks.push(chunk);
    ended ||= final;
  });
  try {
    for (let at = 0; at < packed.length && size <= limit; at += STEP) {
      inflater.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    return `a deflated DICOM file that cannot be inflated (${String((error as Error).message)})`;
  }
  if (size > limit) return `a deflated DICOM file of more than ${limit} bytes`;
  if (!ended) return 'a deflated DICOM file that ends early';
  const inflated = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    inflated.set(chunk, at);
    at += chunk.length;
  }
  return inflated;
}

/**
 * One deflated frame (PS3.5 A.4), at most `bytes` of it.
 * @throws Error when it cannot be inflated
 */
export function inflateFrame(frame: Uint8Array, bytes: number): Uint8Array {
  const output = new Uint8Array(bytes);
  let at = 0;
  const inflater = new Inflate((chunk) => {
    output.set(chunk.subarray(0, Math.max(0, bytes - at)), Math.min(at, bytes));
    at += chunk.length;
  });
  for (let from = 0; from < frame.length && at < bytes; from += STEP)
    inflater.push(frame.subarray(from, from + STEP), from + STEP >= frame.length);
  return output.subarray(0, Math.min(at, bytes));
}
