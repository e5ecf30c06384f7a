import { RefusedInputError, type SliceInput } from '@inner-ear-hydrops/core';
import { readPart10, readSeries, type PixelCodecs } from '@inner-ear-hydrops/core/dicom';
import { parseInstance, UnreadableInstanceError } from '../../tools/src/archive/parseInstance';

/** A good file, and what it says. */
export interface Seed {
  name: string;
  file: Uint8Array;
}

/** A way in which a file was spoilt. */
export interface Mutation {
  bytes: Uint8Array;
  /** The one byte that was changed, where it was just one. */
  at: number | null;
  what: string;
}

export interface Finding {
  seed: string;
  what: string;
  problem: string;
  bytes: Uint8Array;
}

/** Longest time on the processor; a browser's tab or an archive that is busy for longer seems dead. */
const MAX_MS = 2000;

/** Mulberry32: the same seed gives the same damage everywhere. */
export function randomOf(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

export function mutate(file: Uint8Array, random: (limit: number) => number): Mutation {
  const bytes = file.slice();
  // The header is where the structure lies: most damage goes there.
  const reach = random(4) > 0 ? Math.min(file.length, 3000) : file.length;
  const at = random(reach);
  switch (random(8)) {
    case 0:
      bytes[at]! ^= 1 << random(8);
      return { bytes, at, what: `bit at ${at}` };
    case 1:
    case 2:
      bytes[at] = random(256);
      return { bytes, at, what: `byte at ${at}` };
    case 3:
      bytes[at] = EXTREMES[random(EXTREMES.length)]!;
      return { bytes, at, what: `extreme at ${at}` };
    case 4:
      return { bytes: file.slice(0, at), at: null, what: `cut at ${at}` };
    case 5: {
      const length = 1 + random(64);
      const joined = new Uint8Array([...file.subarray(0, at), ...file.subarray(at + length)]);
      return { bytes: joined, at: null, what: `${length} bytes less at ${at}` };
    }
    case 6: {
      const from = random(file.length);
      const part = file.subarray(from, from + 1 + random(64));
      const joined = new Uint8Array([...file.subarray(0, at), ...part, ...file.subarray(at)]);
      return { bytes: joined, at: null, what: `${part.length} bytes of ${from} at ${at}` };
    }
    default:
      // A length of four bytes, without end or far too long.
      bytes.set(
        random(2) ? [0xff, 0xff, 0xff, 0xff] : [random(256), random(256), 0xff, 0x7f],
        Math.min(at, file.length - 4)
      );
      return { bytes, at: null, what: `long length at ${at}` };
  }
}

/** Elements whose bytes may change what is measured; a change anywhere else must not. */
const MEASURED =
  /^(0002|0028(0002|0008|0010|0011|0030|010[0-3]|0120|0121|105[23]|3000)|0020(0032|0037)|7FE00010|5200)/;

/** Byte ranges of `MEASURED`, headers included. */
function measuredRanges(file: Uint8Array): [number, number][] {
  const { elements, meta, pixelData, transferSyntaxUid, datasetOffset } = readPart10(
    file.slice().buffer
  );
  // One byte of a deflated data set may change any other.
  if (transferSyntaxUid === DEFLATED) return [[0, Math.max(datasetOffset, file.length)]];
  const ranges: [number, number][] = [];
  for (const element of [...meta.elements.values(), ...elements.elements.values()]) {
    if (!MEASURED.test(element.tag)) continue;
    ranges.push([element.offset - 12, element.offset + element.length]);
  }
  if (pixelData?.encapsulated) ranges.push([ranges.at(-1)![0], file.length]);
  return ranges;
}

/** Geometry and pixels of the slices that came out, or null where the file was refused. */
async function measured(bytes: Uint8Array, codecs: PixelCodecs): Promise<SliceInput[] | null> {
  try {
    const input = { name: 'fuzzed', buffer: bytes.slice().buffer };
    const { series } = await readSeries([input], { codecs, only: undefined });
    const all = [...series.values()];
    if (all.some(({ faulty }) => faulty.length > 0)) return null;
    return all.flatMap(({ slices }) => slices);
  } catch (error) {
    if (error instanceof RefusedInputError) return null;
    throw error;
  }
}

function fingerprint(slices: SliceInput[]): string {
  return JSON.stringify(
    slices.map(({ pixels, columns, rows, pixelSpacing, ...rest }) => ({
      columns,
      rows,
      pixelSpacing,
      position: rest.imagePositionPatient,
      orientation: rest.imageOrientationPatient,
      pixels: Array.from(pixels),
    }))
  );
}

/** Damages a file over and over; returns what broke the rules: no hang, no crash, no silent change. */
export async function fuzz(
  seed: Seed,
  options: { codecs: PixelCodecs; count: number; random: (limit: number) => number; until?: number }
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const whole = await measured(seed.file, options.codecs);
  const expected = whole && whole.length > 0 ? fingerprint(whole) : null;
  const ranges = measuredRanges(seed.file);
  for (let n = 0; n < options.count && Date.now() < (options.until ?? Infinity); n++) {
    const mutation = mutate(seed.file, options.random);
    const report = (problem: string): void => {
      findings.push({ seed: seed.name, what: mutation.what, problem, bytes: mutation.bytes });
    };
    const start = process.cpuUsage();
    try {
      const slices = await measured(mutation.bytes, options.codecs);
      const { at } = mutation;
      const elsewhere = at !== null && !ranges.some(([from, to]) => at >= from && at < to);
      const accepted = slices !== null && slices.length > 0;
      if (accepted && elsewhere && expected !== null && fingerprint(slices) !== expected) {
        report('geometry or pixels changed without a word');
      }
    } catch (error) {
      report(`the reader: ${(error as Error).stack ?? String(error)}`);
    }
    try {
      JSON.stringify(parseInstance(mutation.bytes).metadata);
    } catch (error) {
      if (!(error instanceof UnreadableInstanceError)) {
        report(`the archive: ${(error as Error).stack ?? String(error)}`);
      }
    }
    const { user, system } = process.cpuUsage(start);
    if ((user + system) / 1000 > MAX_MS) report(`${(user + system) / 1000} ms`);
  }
  return findings;
}
