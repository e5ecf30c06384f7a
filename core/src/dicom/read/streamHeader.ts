import type { CodecName } from './pixelCodecs';

/** What a compressed frame says of itself, whatever the transfer syntax calls it. */
export interface StreamHeader {
  codec: CodecName;
  /** For messages. */
  name: string;
  rows: number;
  columns: number;
  bitsPerSample: number;
  components: number;
  lossy: boolean;
  /** Lossy Image Compression Method (0028,2114) of such a stream that is lossy. */
  method: string;
  /** Bytes up to the end of the stream, or null where it ends early. */
  length: number | null;
}

/**
 * Reads the header of a JPEG (ITU-T T.81), JPEG-LS (T.87), JPEG 2000 or High-Throughput JPEG 2000
 * (T.800, T.814) stream; null for anything else.
 *
 * @throws Error where the markers do not lead to a frame header
 */
export function streamHeader(frame: Uint8Array): StreamHeader | null {
  if (frame[0] === 0xff && frame[1] === 0xd8) return jpegHeader(frame);
  const codestream = codestreamOf(frame);
  return codestream ? jpeg2000Header(codestream) : null;
}

/** Whether a JPEG 2000 codestream has the High-Throughput block coder: its CAP marker lists Part 15. */
function isHighThroughput(codestream: Uint8Array): boolean {
  for (const { marker, at } of markerSegments(codestream, SOT)) {
    if (marker === CAP) return (u16(codestream, at + 2) & 0x0002) !== 0;
  }
  return false;
}

/** The bare codestream, also out of a JP2 file, which DICOM does not want but some writers store. */
export function codestreamOf(frame: Uint8Array): Uint8Array | null {
  if (u16(frame, 0) === SOC && u16(frame, 2) === SIZ) return frame;
  if (u32(frame, 0) !== 12 || u32(frame, 4) !== 0x6a502020) return null;
  let at = 12;
  while (at + 8 <= frame.length) {
    const length = u32(frame, at);
    if (u32(frame, at + 4) === 0x6a703263) return frame.subarray(at + 8);
    if (length < 8) return null;
    at += length;
  }
  return null;
}

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const CAP = 0xff50;
const SOT = 0xff90;
const EOC = 0xffd9;

function jpegHeader(frame: Uint8Array): StreamHeader {
  let lossy = false;
  let header: Omit<StreamHeader, 'length' | 'lossy' | 'method'> | null = null;
  for (const { marker, at } of markerSegments(frame, 0xffda)) {
    if (isJpegFrame(marker)) {
      const { codec, name } = JPEG_PROCESSES[marker] ?? {};
      const [precision, components] = [frame[at + 2], frame[at + 7]];
      if (precision === undefined || components === undefined)
        throw new Error('the stream ends within its frame header');
      header = {
        codec: codec ?? 'jpeg',
        name: name ?? `JPEG process SOF${marker & 15}`,
        bitsPerSample: precision,
        rows: u16(frame, at + 3),
        columns: u16(frame, at + 5),
        components,
      };
      if (!codec || (codec === 'jpeg' && precision !== 8)) {
        throw new Error(`${header.name} of ${precision} bits is not supported`);
      }
      lossy = codec === 'jpeg';
    } else if (marker === 0xffda && header) {
      const behind = at + 3 + 2 * frame[at + 2]!;
      // JPEG-LS: NEAR stands behind the components of the scan; 0 is lossless.
      if (header.codec === 'jpeg-ls') lossy = frame[behind] !== 0;
      // JPEG Lossless: so does, two bytes on, the point transform, which drops that many bits.
      if (header.codec === 'jpeg-lossless') lossy = (frame[behind + 2]! & 0x0f) !== 0;
      const method = header.codec === 'jpeg-ls' ? 'ISO_14495_1' : 'ISO_10918_1';
      return { ...header, lossy, method, length: endOfJpeg(frame, at + u16(frame, at)) };
    }
  }
  throw new Error('the stream has no frame header');
}

const JPEG_PROCESSES: Record<number, { codec: CodecName; name: string }> = {
  0xffc0: { codec: 'jpeg', name: 'JPEG Baseline' },
  0xffc1: { codec: 'jpeg', name: 'JPEG Extended' },
  0xffc2: { codec: 'jpeg', name: 'JPEG Progressive' },
  0xffc3: { codec: 'jpeg-lossless', name: 'JPEG Lossless' },
  0xfff7: { codec: 'jpeg-ls', name: 'JPEG-LS' },
};

function isJpegFrame(marker: number): boolean {
  if (marker === 0xfff7) return true;
  return marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
}

/** Behind End Of Image, looked for from the first scan's data on. */
function endOfJpeg(frame: Uint8Array, from: number): number | null {
  for (let at = frame.length - 2; at >= from; at--) {
    if (frame[at] === 0xff && frame[at + 1] === 0xd9) return at + 2;
  }
  return null;
}

function jpeg2000Header(codestream: Uint8Array): StreamHeader {
  const siz = 4;
  if (codestream.length < siz + 41) throw new Error('the stream has no image size');
  let lossy = false;
  for (const { marker, at } of markerSegments(codestream, SOT)) {
    // Transformation 0 is the irreversible 9-7 filter.
    if (marker === COD) lossy = codestream[at + 11] === 0;
  }
  const highThroughput = isHighThroughput(codestream);
  return {
    codec: 'jpeg-2000',
    name: highThroughput ? 'High-Throughput JPEG 2000' : 'JPEG 2000',
    columns: u32(codestream, siz + 4) - u32(codestream, siz + 12),
    rows: u32(codestream, siz + 8) - u32(codestream, siz + 16),
    components: u16(codestream, siz + 36),
    bitsPerSample: (codestream[siz + 38]! & 0x7f) + 1,
    lossy,
    method: highThroughput ? 'ISO_15444_15' : 'ISO_15444_1',
    length: endOfCodestream(codestream),
  };
}

/** Tile-parts state their lengths: the last part must lie within the stream. */
function endOfCodestream(codestream: Uint8Array): number | null {
  let at = codestream.length;
  for (const segment of markerSegments(codestream, SOT)) at = segment.at - 2;
  while (u16(codestream, at) === SOT) {
    const length = u32(codestream, at + 6);
    if (length === 0) {
      const end = codestream.length - (codestream[codestream.length - 1] === 0 ? 1 : 0);
      return u16(codestream, end - 2) === EOC ? end : null;
    }
    if (length < 14 || at + length > codestream.length) return null;
    at += length;
  }
  return u16(codestream, at) === EOC ? at + 2 : null;
}

/** Marker segments behind the first marker, up to and including `last`; `at` is that of the length. */
function* markerSegments(
  stream: Uint8Array,
  last: number
): Generator<{ marker: number; at: number }> {
  let at = 2;
  while (at + 4 <= stream.length) {
    if (stream[at] !== 0xff) throw new Error('a marker is missing');
    // Any number of fill bytes may stand before a marker.
    if (stream[at + 1] === 0xff) {
      at++;
      continue;
    }
    const marker = u16(stream, at);
    yield { marker, at: at + 2 };
    if (marker === last) return;
    at += 2 + Math.max(2, u16(stream, at + 2));
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}
