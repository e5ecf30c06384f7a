import { mapAxes } from '../axes';
import { itemAt } from '../items';
import { lowerMedian } from '../statistics';
import type { RefusedInputError, SeriesHeader, SliceInput, Vector3 } from '../types';
import { refuseSeries } from './describeSeries';
import { distance } from './geometry';
import { format, list, nameSlice } from './sliceName';

const EXPORT_AGAIN = 'Send the complete series again from the scanner or the archive.';

export interface Placed {
  slice: SliceInput;
  /** Millimetres along the normal. */
  position: number;
}

/** Images nearer to each other than this share one position. */
function positionTolerance(sorted: readonly Placed[]): number {
  const gaps = gapsOf(sorted).filter((gap) => gap > 0.01);
  return Math.max(0.01, 0.05 * lowerMedian(gaps));
}

/**
 * One image a place: an image that is stored twice is used once.
 *
 * @param sorted by position
 * @throws RefusedInputError `slice-doubled`
 */
export function dropDuplicates(
  header: SeriesHeader,
  sorted: readonly Placed[]
): { kept: Placed[]; dropped: number } {
  const tolerance = positionTolerance(sorted);
  const kept: Placed[] = [];
  let dropped = 0;
  for (const placed of sorted) {
    const last = kept[kept.length - 1];
    if (!last || placed.position - last.position > tolerance) {
      kept.push(placed);
    } else if (
      samePlace(last.slice, placed.slice, tolerance) &&
      samePixels(last.slice, placed.slice)
    ) {
      dropped++;
    } else {
      throw doubled(header, last, placed);
    }
  }
  return { kept, dropped };
}

function doubled(header: SeriesHeader, a: Placed, b: Placed): RefusedInputError {
  const [first, second] = [a.slice, b.slice];
  const values = {
    sopInstanceUid: first.sopInstanceUid,
    otherSopInstanceUid: second.sopInstanceUid,
    position: a.position,
  };
  const sameFrame = (first.frameNumber ?? 1) === (second.frameNumber ?? 1);
  if (first.sopInstanceUid === second.sopInstanceUid && sameFrame) {
    const files = [first.file, second.file].filter((file) => file !== undefined).join(' and ');
    return refuseSeries(
      'slice-doubled',
      header,
      `${nameSlice(first)} is there twice with different pixels under one SOP Instance UID (0008,0018), ` +
        `${first.sopInstanceUid}${files ? `: ${files}` : ''}.`,
      'One of the two was changed after it was stored. Find out which one is the original, and leave out the other.',
      values
    );
  }
  const alike = nameSlice(first) === nameSlice(second);
  const [name, other] = [first, second].map((slice) =>
    alike ? fullName(slice) : nameSlice(slice)
  );
  return refuseSeries(
    'slice-doubled',
    header,
    `two different images lie at the same slice position, Image Position (0020,0032) ` +
      `${list(first.imagePositionPatient)}: ${name} and ${other}.`,
    'Split the series by echo, phase or repetition so that each slice position has one image.',
    values
  );
}

/** Where the Instance Number does not tell two images apart. */
function fullName(slice: SliceInput): string {
  const { sopInstanceUid: uid, file } = slice;
  const more = [
    ...(slice.instanceNumber === null ? [] : [`SOP Instance UID (0008,0018) ${uid}`]),
    ...(file && file !== uid ? [`file ${file}`] : []),
  ].join(', ');
  return more ? `${nameSlice(slice)} (${more})` : nameSlice(slice);
}

function samePlace(a: SliceInput, b: SliceInput, tolerance: number): boolean {
  return distance(a.imagePositionPatient, b.imagePositionPatient) <= tolerance;
}

function samePixels(a: SliceInput, b: SliceInput): boolean {
  const count = a.rows * a.columns;
  for (let n = 0; n < count; n++) if (a.pixels[n] !== b.pixels[n]) return false;
  return true;
}

/**
 * Mean distance between neighbouring slices, mm, once all are found equal.
 *
 * @throws RefusedInputError `slice-missing`, `spacing-nonuniform`
 */
export function requireUniformSpacing(header: SeriesHeader, kept: readonly Placed[]): number {
  const gaps = gapsOf(kept);
  const usual = lowerMedian(gaps);
  const smallest = Math.min(...gaps);
  // With many slices missing the median itself may be a double step: judge by the smallest too.
  const often = gaps.filter((gap) => gap < 1.1 * smallest).length >= 0.25 * gaps.length;
  const step = often && isMultiple(usual, smallest) ? smallest : usual;
  const tolerance = 0.02 + 0.04 * step;
  gaps.forEach((gap, n) => {
    if (Math.abs(gap - step) <= tolerance) return;
    const before = itemAt(kept, n).slice;
    const after = itemAt(kept, n + 1).slice;
    const between =
      `between ${nameSlice(before)} at Image Position (0020,0032) ${list(before.imagePositionPatient)} and ` +
      `${nameSlice(after)} at ${list(after.imagePositionPatient)}`;
    if (isMultiple(gap, step)) {
      const missing = Math.round(gap / step) - 1;
      throw refuseSeries(
        'slice-missing',
        header,
        `${missing} ${missing === 1 ? 'slice is' : 'slices are'} missing ${between} ` +
          `(${format(gap)} mm apart instead of ${format(step)} mm).`,
        EXPORT_AGAIN,
        { missing, gap, spacing: step, sopInstanceUid: before.sopInstanceUid }
      );
    }
    throw refuseSeries(
      'spacing-nonuniform',
      header,
      `the distance ${between} is ${format(gap)} mm, elsewhere ${format(step)} mm.`,
      'Choose a series with evenly spaced slices.',
      { gap, spacing: step, sopInstanceUid: before.sopInstanceUid }
    );
  });
  const mean = (itemAt(kept, -1).position - itemAt(kept, 0).position) / (kept.length - 1);
  // Ten significant digits: 0.9999999999999 from decimal strings reads as 1.
  return Number(mean.toPrecision(10));
}

/** True for 2×, 3×, … the step, within a tenth of a step. */
export function isMultiple(gap: number, step: number): boolean {
  const times = gap / step;
  return Math.round(times) >= 2 && Math.abs(times - Math.round(times)) < 0.1;
}

/** @throws RefusedInputError `slices-sheared` where the slices do not lie along their normal */
export function requireStacked(
  header: SeriesHeader,
  kept: readonly Placed[],
  normal: Vector3
): void {
  const { slice: first, position: start } = itemAt(kept, 0);
  for (const { slice, position } of kept) {
    const along = position - start;
    const expected = mapAxes(first.imagePositionPatient, (value, n) => value + along * normal[n]);
    const drift = distance(expected, slice.imagePositionPatient);
    if (drift <= 0.02 + 0.1 * Math.min(...slice.pixelSpacing)) continue;
    throw refuseSeries(
      'slices-sheared',
      header,
      `${nameSlice(slice)} is displaced ${format(drift)} mm within its plane against the first slice; ` +
        `Image Position (0020,0032) ${list(slice.imagePositionPatient)} does not lie along the slice normal.`,
      'Choose a series whose slices are stacked at right angles, without gantry tilt or shear.',
      { drift, sopInstanceUid: slice.sopInstanceUid }
    );
  }
}

function gapsOf(placed: readonly Placed[]): number[] {
  return placed.slice(1).map(({ position }, n) => position - placed[n]!.position);
}
