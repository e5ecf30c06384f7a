/** Parameters of a stream (ITU-T T.81), from its markers. */
interface Scan {
  rows: number;
  columns: number;
  precision: number;
  /** Predictor 1–7 (table H.1). */
  predictor: number;
  pointTransform: number;
  /** Samples between restart markers; 0 for none. */
  restartInterval: number;
  table: HuffmanTable;
  /** First byte of the entropy-coded data. */
  offset: number;
}

/** Codes by length (F.2.2.3): the greatest of each length, and where its values start. */
interface HuffmanTable {
  greatest: Int32Array;
  first: Int32Array;
  values: Uint8Array;
}

/**
 * Decodes JPEG Lossless (ITU-T T.81 annex H, Huffman coding) of one component: every predictor,
 * point transform and restart interval, 2 to 16 bits. The packaged decoder in JavaScript loses the
 * last pixel of some streams and fills up those that end early; this decoder refuses them.
 *
 * @returns samples row by row
 * @throws Error where the stream is another, damaged, or ends before or behind its last pixel
 */
export function decodeLosslessJpeg(stream: Uint8Array): {
  samples: Uint16Array;
  rows: number;
  columns: number;
  precision: number;
} {
  const scan = readScan(stream);
  const { rows, columns, precision } = scan;
  const samples = new Uint16Array(rows * columns);
  const bits = new BitReader(stream, scan.offset);
  const initial = 1 << (precision - scan.pointTransform - 1);
  const interval = scan.restartInterval;
  // Behind a restart the first line is predicted as that of the image is.
  let firstLine = 0;
  for (let y = 0, n = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, n++) {
      const restarts = interval > 0 && n > 0 && n % interval === 0;
      if (restarts) {
        bits.restart();
        firstLine = y;
      }
      let predicted = initial;
      if (!(restarts || n === 0)) {
        if (y === firstLine) predicted = samples[n - 1]!;
        else if (x === 0) predicted = samples[n - columns]!;
        else predicted = predict(scan.predictor, samples, n, columns);
      }
      samples[n] = predicted + difference(bits, scan.table);
    }
  }
  bits.requireEnd();
  if (scan.pointTransform > 0) {
    for (let n = 0; n < samples.length; n++) samples[n]! <<= scan.pointTransform;
  }
  return { samples, rows, columns, precision };
}

function predict(predictor: number, samples: Uint16Array, n: number, columns: number): number {
  const left = samples[n - 1]!;
  const above = samples[n - columns]!;
  const corner = samples[n - columns - 1]!;
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}

/** H.1.2.2: the number of bits is coded, then the bits; 16 stands alone for 32768. */
function difference(bits: BitReader, table: HuffmanTable): number {
  const length = bits.code(table);
  if (length === 0) return 0;
  if (length === 16) return 32768;
  if (length > 16) throw new Error(`a difference of ${length} bits`);
  const value = bits.read(length);
  return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
}

/** Bytes between the last pixel and the marker that follows. */
const MAX_PADDING = 2;

class BitReader {
  private buffer = 0;
  private count = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number
  ) {}

  read(length: number): number {
    while (this.count < length) this.fill();
    this.count -= length;
    const value = (this.buffer >>> this.count) & ((1 << length) - 1);
    return value;
  }

  code({ greatest, first, values }: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.read(1);
      if (code <= greatest[length]!) return values[first[length]! + code]!;
    }
    throw new Error('a code that the Huffman table does not have');
  }

  /** Steps over a restart marker. */
  restart(): void {
    this.count = 0;
    const marker = this.bytes[this.at + 1]!;
    if (this.bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw new Error('a restart marker is missing');
    }
    this.at += 2;
  }

  /** What is damaged in the middle needs more or fewer bits; encoders pad with a byte or two. */
  requireEnd(): void {
    const left = this.bytes.subarray(this.at);
    const marker = left.findIndex((byte, n) => byte === 0xff && left[n + 1] !== 0);
    if ((marker === -1 ? left.length : marker) > MAX_PADDING) {
      throw new Error('the stream goes on behind its last pixel');
    }
  }

  private fill(): void {
    const byte = this.bytes[this.at]!;
    if (this.at >= this.bytes.length || (byte === 0xff && this.bytes[this.at + 1] !== 0)) {
      throw new Error('the stream ends before its last pixel');
    }
    this.at += byte === 0xff ? 2 : 1;
    // Never more than 16 + 7 bits are held.
    this.buffer = ((this.buffer << 8) | byte) & 0xffffff;
    this.count += 8;
  }
}

function readScan(stream: Uint8Array): Scan {
  const tables: HuffmanTable[] = [];
  let frame: Pick<Scan, 'rows' | 'columns' | 'precision'> | null = null;
  let restartInterval = 0;
  let at = 2;
  while (at + 4 <= stream.length) {
    if (stream[at] !== 0xff) throw new Error('a marker is missing');
    const marker = stream[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const body = at + 4;
    const end = at + 2 + Math.max(2, u16(stream, at + 2));
    if (end > stream.length) throw new Error('the stream ends within its header');
    if (marker === 0xc4) readTables(stream, body, end, tables);
    else if (marker === 0xdd) restartInterval = u16(stream, body);
    else if ((marker === 0xc3 || marker === 0xda) && end < body + 6) {
      throw new Error('the stream ends within its header');
    } else if (marker === 0xc3) {
      frame = {
        precision: stream[body]!,
        rows: u16(stream, body + 1),
        columns: u16(stream, body + 3),
      };
      if (stream[body + 5] !== 1) throw new Error(`${stream[body + 5]} colour components`);
      if (frame.precision < 2 || frame.precision > 16)
        throw new Error('the precision is out of range');
    } else if (marker === 0xda) {
      const table = tables[stream[body + 2]! >> 4];
      const predictor = stream[body + 3]!;
      const pointTransform = stream[body + 5]! & 15;
      if (!frame || !table || predictor < 1 || predictor > 7 || pointTransform >= frame.precision) {
        throw new Error('the header of the scan does not fit');
      }
      return { ...frame, table, predictor, pointTransform, restartInterval, offset: end };
    }
    at = end;
  }
  throw new Error('the stream has no scan');
}

function readTables(stream: Uint8Array, from: number, end: number, tables: HuffmanTable[]): void {
  let at = from;
  while (at + 17 <= end) {
    const identifier = stream[at]! & 15;
    const counts = stream.subarray(at + 1, at + 17);
    const greatest = new Int32Array(17).fill(-1);
    const first = new Int32Array(17);
    let code = 0;
    let total = 0;
    counts.forEach((count, n) => {
      const length = n + 1;
      // `first[length] + code` is the place of a code's value.
      first[length] = total - code;
      code += count;
      total += count;
      if (count > 0) greatest[length] = code - 1;
      code <<= 1;
    });
    at += 17;
    if (at + total > end) throw new Error('a Huffman table is longer than its segment');
    tables[identifier] = { greatest, first, values: stream.slice(at, at + total) };
    at += total;
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
