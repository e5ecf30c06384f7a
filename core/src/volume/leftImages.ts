import { RefusedInputError, type SeriesHeader, type SliceInput, type Warning } from '../types';
import { describeSeries } from './describeSeries';
import { list, nameSlice } from './sliceName';

/** Images that were not used, and why, in words that follow their number: "in colour". */
export interface LeftImages {
  count: number;
  why: string;
  /** The first few by name; none where they have no name. */
  names?: readonly string[];
}

/** Names in a message; the number says how many there are. */
const NAMED = 3;

export function leftImages(images: readonly SliceInput[], why: string): LeftImages {
  const named = images.slice(0, NAMED).map((image) => `${nameSlice(image)}, ${planeOf(image)}`);
  return { count: images.length, why, names: named };
}

function planeOf({ imageOrientationPatient, imagePositionPatient }: SliceInput): string {
  return (
    `Image Position (0020,0032) ${list(imagePositionPatient)}, ` +
    `Image Orientation (0020,0037) ${list(imageOrientationPatient)}`
  );
}

/** `images-left-out`, or none. */
export function leftOutWarnings(
  header: SeriesHeader,
  { images, left }: { images: readonly SliceInput[]; left: readonly LeftImages[] }
): Warning[] {
  if (left.length === 0) return [];
  const total = left.reduce((sum, { count }) => sum + count, 0);
  const reasons = byReason(left)
    .map(({ count, why }) => `${count} ${why}`)
    .sort();
  const were = total === 1 ? 'image was' : 'images were';
  return [
    {
      code: 'images-left-out',
      message:
        `${images.length} images of ${describeSeries(header)} were used; ${total} other ${were} left out: ` +
        `${reasons.join('; ')}.`,
      ear: null,
      values: { series: header.seriesInstanceUid, used: images.length, leftOut: total },
    },
  ];
}

/** What was left at many places for one reason is one entry. */
function byReason(left: readonly LeftImages[]): LeftImages[] {
  const entries = new Map<string, LeftImages>();
  for (const { why, count, names = [] } of left) {
    const known = entries.get(why) ?? { why, count: 0, names: [] };
    const all = [...(known.names ?? []), ...names].slice(0, NAMED);
    entries.set(why, { why, count: known.count + count, names: all });
  }
  return [...entries.values()];
}

/** Refusals of a stack that lacks images. */
const INCOMPLETE = new Set(['slice-missing', 'spacing-nonuniform', 'too-few-slices']);

/**
 * What `assemble` gives. Where it refuses a stack that lacks images, the refusal names those that are there and were
 * left out: sending the series again would not bring them.
 *
 * @throws RefusedInputError of `assemble`
 */
export function namingLeftOut<T>(left: readonly LeftImages[], assemble: () => T): T {
  try {
    return assemble();
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    if (!INCOMPLETE.has(error.code) || left.length === 0) throw error;
    const total = left.reduce((sum, { count }) => sum + count, 0);
    const reasons = byReason(left).map(({ count, why, names = [] }) => {
      const more = count - names.length;
      const all = [...names, ...(more > 0 && names.length > 0 ? [`${more} more`] : [])];
      return `${count} ${why}${all.length > 0 ? ` (${all.join('; ')})` : ''}`;
    });
    throw new RefusedInputError(
      error.code,
      `${error.message} ${total} ${total === 1 ? 'image is' : 'images are'} there and ${total === 1 ? 'was' : 'were'} left out: ` +
        `${reasons.join('; ')}.`,
      'If an image that was left out belongs there, have its attributes corrected at the source; otherwise send the ' +
        'complete series again from the scanner or the archive.',
      { ...error.values, leftOut: total }
    );
  }
}
