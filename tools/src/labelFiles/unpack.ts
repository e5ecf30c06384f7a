import { constants, gunzipSync } from 'node:zlib';
import { unreadable } from './labelFileError';

/** Deflate packs at most 1032 bytes into one: a file that states more voxels than that is cut off or a trap. */
const MAX_RATIO = 1032;
/** What may follow the voxels. */
const TRAILER = 1 << 20;
/** Packed bytes that hold any header. */
const PACKED_HEADER = 4096;

export const isGzip = (content: Buffer): boolean => content[0] === 0x1f && content[1] === 0x8b;

/**
 * What stands at the beginning of a file: of a gzip file what its first bytes unpack to.
 * @throws RefusedInputError `label-file-unreadable`
 */
export function firstBytes(file: string, content: Buffer): Buffer {
  if (!isGzip(content)) return content.subarray(0, PACKED_HEADER);
  try {
    return gunzipSync(content.subarray(0, PACKED_HEADER), {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    throw notUnpacked(file, error);
  }
}

/**
 * All bytes of a file, unpacked to no more than its header states; the checksum at its end is compared.
 * @param stated bytes that the header states
 * @throws RefusedInputError `label-file-unreadable` where it holds fewer or far more, or is damaged
 */
export function allBytes(file: string, content: Buffer, stated: number): Buffer {
  const isPacked = isGzip(content);
  const most = isPacked ? MAX_RATIO * content.length : content.length;
  if (stated > most) throw cutOff(file, stated);
  if (!isPacked) return content;
  let bytes: Buffer;
  try {
    bytes = gunzipSync(content, { maxOutputLength: stated + TRAILER });
  } catch (error) {
    throw notUnpacked(file, error);
  }
  if (bytes.length < stated) throw cutOff(file, stated);
  return bytes;
}

export const cutOff = (file: string, stated: number) =>
  unreadable(file, `it ends before the ${stated} bytes that its header states`);

const notUnpacked = (file: string, error: unknown) =>
  unreadable(file, `it cannot be unpacked (${(error as Error).message})`);
