import { itemAt } from '../items';
import type { Series, SeriesHeader, SliceInput, Vector3, Warning } from '../types';
import { describeSeries, refuseSeries } from './describeSeries';
import { cross, dot } from './geometry';
import { lossyWarnings, mostLossy } from './lossyImages';
import { requireOneAcquisition } from './oneAcquisition';
import { mappingWarnings, requireOneScale, scaleWarnings, signalFactors } from './signalScale';
import { format, list, nameSlice } from './sliceName';
import {
  dropDuplicates,
  isMultiple,
  requireStacked,
  requireUniformSpacing,
  type Placed,
} from './slicePlaces';

/** Fewer slices than this hold no ear and do not fill the network's three input slices. */
const MIN_SLICES = 3;
/** Largest difference of a direction cosine within one series (about 0.06°). */
const COSINE_TOLERANCE = 1e-3;

const EXPORT_AGAIN = 'Send the complete series again from the scanner or the archive.';

/**
 * Builds the volume of one series from its images, in any order.
 *
 * Slices are placed by Image Position and Orientation (Patient) (DICOM PS3.3 C.7.6.2.1.1) and
 * sorted along the normal row × column, so that the grid is right-handed; file order and Instance
 * Number play no part. Images stored twice (same position, same pixels) are dropped with the
 * warning `duplicate-slices`.
 *
 * @throws RefusedInputError `too-few-slices`, `geometry-invalid`, `matrix-mixed`, `scale-mixed`, `times-mixed`,
 * `orientation-mixed`, `pixel-data-truncated`, `pixel-values-invalid`, `slice-doubled`,
 * `slice-missing`, `spacing-nonuniform`, `slices-sheared`
 */
export function assembleSeries(
  header: SeriesHeader,
  slices: readonly SliceInput[]
): { series: Series; warnings: Warning[] } {
  requireEnough(header, slices.length);
  slices.forEach((slice) => requireValidGeometry(header, slice));
  requireOneMatrix(header, slices);
  const { row, column, normal } = requireOneOrientation(header, slices);
  slices.forEach((slice) => requireAllPixels(header, slice));

  const sorted = slices
    .map((slice) => ({ slice, position: dot(slice.imagePositionPatient, normal) }))
    // Of images at one place the first stays: which one that is must not hang on the order in which they came.
    .sort((a, b) => a.position - b.position || compareImages(a.slice, b.slice));
  const { kept, dropped } = dropDuplicates(header, sorted);
  requireEnough(header, kept.length);
  const spacing = requireUniformSpacing(header, kept);
  requireStacked(header, kept, normal);

  const first = itemAt(kept, 0).slice;
  const used = kept.map(({ slice }) => slice);
  requireOneScale(header, used);
  requireOneAcquisition(header, used);
  const lossy = mostLossy(used);
  const factors = signalFactors(kept);
  const { data, hasNegativeValues } = copyPixels(header, kept, factors);
  const missing = paddingOf(kept);
  const series: Series = {
    header: { ...header, hasNegativeValues },
    volume: {
      size: [first.columns, first.rows, kept.length],
      spacing: [first.pixelSpacing[1], first.pixelSpacing[0], spacing],
      origin: [...first.imagePositionPatient],
      direction: [...row, ...column, ...normal],
      data,
      ...(missing ? { missing } : {}),
    },
    ...(factors ? { valuePerSignal: first.valuePerSignal } : {}),
    ...(first.scale ? { scale: first.scale } : {}),
    ...(lossy ? { lossy } : {}),
    sources: kept.map(({ slice }) => ({
      sopInstanceUid: slice.sopInstanceUid,
      sopClassUid: slice.sopClassUid,
      instanceNumber: slice.instanceNumber,
      ...(slice.frameNumber === undefined ? {} : { frameNumber: slice.frameNumber }),
    })),
  };
  return {
    series,
    warnings: [
      ...warningsOf(header, dropped, spacing),
      ...scaleWarnings(header, factors),
      ...mappingWarnings(header, used),
      ...lossyWarnings(header, used),
    ],
  };
}

function compareImages(a: SliceInput, b: SliceInput): number {
  if (a.sopInstanceUid !== b.sopInstanceUid) return a.sopInstanceUid < b.sopInstanceUid ? -1 : 1;
  return (a.frameNumber ?? 1) - (b.frameNumber ?? 1);
}

function requireEnough(header: SeriesHeader, count: number): void {
  if (count >= MIN_SLICES) return;
  throw refuseSeries(
    'too-few-slices',
    header,
    `it has ${count} usable ${count === 1 ? 'slice' : 'slices'}; at least ${MIN_SLICES} are needed.`,
    'Choose a three-dimensional series that covers the inner ears.',
    { count }
  );
}

function requireValidGeometry(header: SeriesHeader, slice: SliceInput): void {
  const [a, b, c, d, e, f] = slice.imageOrientationPatient;
  const row: Vector3 = [a, b, c];
  const column: Vector3 = [d, e, f];
  const valid =
    slice.imagePositionPatient.every(Number.isFinite) &&
    slice.imageOrientationPatient.every(Number.isFinite) &&
    Math.abs(Math.hypot(...row) - 1) < 1e-2 &&
    Math.abs(Math.hypot(...column) - 1) < 1e-2 &&
    Math.abs(dot(row, column)) < 1e-2 &&
    slice.pixelSpacing.every((value) => Number.isFinite(value) && value > 0) &&
    slice.columns > 0 &&
    slice.rows > 0;
  if (valid) return;
  throw refuseSeries(
    'geometry-invalid',
    header,
    `${nameSlice(slice)} has no usable Image Position (0020,0032) ${list(slice.imagePositionPatient)}, ` +
      `Image Orientation (0020,0037) ${list(slice.imageOrientationPatient)} or Pixel Spacing (0028,0030) ` +
      `${list(slice.pixelSpacing)}.`,
    'Send the images again with their original geometry; a secondary capture cannot be measured.',
    { sopInstanceUid: slice.sopInstanceUid }
  );
}

function requireOneMatrix(header: SeriesHeader, slices: readonly SliceInput[]): void {
  const first = itemAt(slices, 0);
  const other = slices.find(
    (slice) => slice.rows !== first.rows || slice.columns !== first.columns
  );
  if (other) {
    throw refuseSeries(
      'matrix-mixed',
      header,
      `its images differ in Rows (0028,0010) × Columns (0028,0011): ${first.rows} × ${first.columns} ` +
        `and ${other.rows} × ${other.columns}.`,
      'Split the series so that each holds images of one matrix.',
      {
        rows: first.rows,
        columns: first.columns,
        otherRows: other.rows,
        otherColumns: other.columns,
      }
    );
  }
  const spaced = slices.find((slice) =>
    slice.pixelSpacing.some((value, n) => Math.abs(value / first.pixelSpacing[n]! - 1) > 1e-3)
  );
  if (spaced) {
    throw refuseSeries(
      'spacing-nonuniform',
      header,
      `its images differ in Pixel Spacing (0028,0030): ${list(first.pixelSpacing)} and ` +
        `${list(spaced.pixelSpacing)} mm.`,
      'Split the series so that each holds images of one pixel spacing.',
      { pixelSpacing: list(first.pixelSpacing), otherPixelSpacing: list(spaced.pixelSpacing) }
    );
  }
}

function requireOneOrientation(
  header: SeriesHeader,
  slices: readonly SliceInput[]
): { row: Vector3; column: Vector3; normal: Vector3 } {
  const first = itemAt(slices, 0).imageOrientationPatient;
  const other = slices.find((slice) =>
    slice.imageOrientationPatient.some((value, n) => Math.abs(value - first[n]!) > COSINE_TOLERANCE)
  );
  if (other) {
    throw refuseSeries(
      'orientation-mixed',
      header,
      `its images differ in Image Orientation (0020,0037): ${list(first)} and ` +
        `${list(other.imageOrientationPatient)}.`,
      'Choose a series of parallel slices; a localiser with several planes cannot be measured.',
      { orientation: list(first), otherOrientation: list(other.imageOrientationPatient) }
    );
  }
  const row = normalise([first[0], first[1], first[2]]);
  const normal = normalise(cross(row, [first[3], first[4], first[5]]));
  return { row, column: cross(normal, row), normal };
}

function requireAllPixels(header: SeriesHeader, slice: SliceInput): void {
  const expected = slice.rows * slice.columns;
  if (slice.pixels.length >= expected) return;
  throw refuseSeries(
    'pixel-data-truncated',
    header,
    `${nameSlice(slice)} holds ${slice.pixels.length} of ${expected} pixels in Pixel Data (7FE0,0010).`,
    EXPORT_AGAIN,
    { sopInstanceUid: slice.sopInstanceUid, pixels: slice.pixels.length, expected }
  );
}

function copyPixels(
  header: SeriesHeader,
  kept: readonly Placed[],
  factors: readonly number[] | null
): { data: Float32Array; hasNegativeValues: boolean } {
  const { rows, columns } = itemAt(kept, 0).slice;
  const count = rows * columns;
  const data = new Float32Array(count * kept.length);
  let hasNegativeValues = false;
  kept.forEach(({ slice }, k) => {
    const factor = factors?.[k] ?? 1;
    for (let n = 0; n < count; n++) {
      const value = factor === 1 ? slice.pixels[n]! : factor * slice.pixels[n]!;
      if (!Number.isFinite(value)) {
        throw refuseSeries(
          'pixel-values-invalid',
          header,
          `${nameSlice(slice)} holds a pixel that is not a number.`,
          EXPORT_AGAIN,
          { sopInstanceUid: slice.sopInstanceUid }
        );
      }
      if (value < 0) hasNegativeValues = true;
      data[k * count + n] = value;
    }
  });
  return { data, hasNegativeValues };
}

/** 1 for each voxel of the volume that is padding; null where none is. */
function paddingOf(kept: readonly Placed[]): Uint8Array | null {
  const { rows, columns } = itemAt(kept, 0).slice;
  const count = rows * columns;
  if (kept.every(({ slice }) => !slice.padded)) return null;
  const missing = new Uint8Array(count * kept.length);
  kept.forEach(({ slice: { padded } }, k) => {
    if (padded) missing.set(padded.subarray(0, count), k * count);
  });
  return missing;
}

function warningsOf(header: SeriesHeader, dropped: number, spacing: number): Warning[] {
  const warnings: Warning[] = [];
  if (dropped > 0) {
    warnings.push({
      code: 'duplicate-slices',
      message: `${dropped} ${dropped === 1 ? 'image' : 'images'} of ${describeSeries(header)} stored twice with equal pixels, used once.`,
      ear: null,
      values: { series: header.seriesInstanceUid, dropped },
    });
  }
  const stated = Number(header.attributes.SpacingBetweenSlices);
  if (stated > 0 && isMultiple(spacing, stated)) {
    warnings.push({
      code: 'slice-spacing-differs',
      message:
        `Slices of ${describeSeries(header)} lie ${format(spacing)} mm apart, Spacing Between Slices ` +
        `(0018,0088) states ${format(stated)} mm: slices may be missing throughout.`,
      ear: null,
      values: { series: header.seriesInstanceUid, spacing, stated },
    });
  }
  return warnings;
}

function normalise(v: Vector3): Vector3 {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
