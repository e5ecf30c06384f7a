import { resultRows, type ResultRow } from '../measurement';
import type { Output } from '../registry';
import type { Measurement, OrganMeasurement } from '../types';
import { BUILD_ID, SOFTWARE_VERSION } from '../version';

type Cell = string | number | undefined | null;

/**
 * Columns in their order. A ratio that a warning voids is no ratio: its cells are empty, and what was counted stands
 * in the `counted_` columns, which hold nothing else, so that nobody averages it by accident.
 */
const COLUMNS: Record<string, (row: ResultRow, measurement: Measurement) => Cell> = {
  study_instance_uid: (_, { study }) => study.studyInstanceUid,
  ear: ({ ear }) => ear,
  organ: ({ organ }) => organ,
  status: ({ status }) => status,
  voided_by: (row) => voidedBy(row, 'ratio'),
  not_found_reason: (row) => notFoundReason(row),
  area_ratio: whereMeasured(({ area }) => area?.ratio),
  area_interval_low: whereMeasured(({ area }) => area?.interval?.[0]),
  area_interval_high: whereMeasured(({ area }) => area?.interval?.[1]),
  area_endolymph_pixels: whereMeasured(({ area }) => area?.endolymphPixels),
  area_total_pixels: ({ measured }) => measured?.area?.totalPixels,
  area_endolymph_mm2: whereMeasured(({ area }) => area?.endolymphMm2),
  area_total_mm2: ({ measured }) => measured?.area?.totalMm2,
  area_series_number: ({ measured }) => measured?.area?.image.seriesNumber,
  area_instance_number: ({ measured }) => measured?.area?.image.instanceNumber,
  area_frame_number: ({ measured }) => measured?.area?.image.frameNumber,
  area_sop_instance_uid: ({ measured }) => measured?.area?.image.sopInstanceUid,
  slice_chosen_by: ({ measured }) => measured?.area?.chosenBy,
  volume_ratio: whereMeasured(({ volume }) => volume.ratio),
  volume_interval_low: whereMeasured(({ volume }) => volume.interval?.[0]),
  volume_interval_high: whereMeasured(({ volume }) => volume.interval?.[1]),
  within_noise: ({ measured }) => measured?.volume.withinNoise,
  endolymph_mm3: whereMeasured(({ volume }) => volume.endolymphMm3),
  total_mm3: ({ measured }) => measured?.volume.totalMm3,
  mask: ({ measured }) => measured?.mask,
  mixture_fraction: ({ measured }) => measured?.mixture?.fraction,
  mixture_uncertainty: ({ measured }) => measured?.mixture?.uncertainty,
  mixture_voided_by: (row) => voidedBy(row, 'mixture'),
  suggested_grade: ({ measured }) => measured?.grade?.suggested,
  grade_borderline: ({ measured }) => measured?.grade && (measured.grade.borderline ? 'yes' : 'no'),
  grade_doubts: ({ measured }) => measured?.grade?.doubts.map(({ message }) => message).join(' '),
  grade_voided_by: (row) => voidedBy(row, 'grade'),
  counted_area_ratio: whereVoided(({ area }) => area?.ratio),
  counted_area_endolymph_pixels: whereVoided(({ area }) => area?.endolymphPixels),
  counted_area_endolymph_mm2: whereVoided(({ area }) => area?.endolymphMm2),
  counted_volume_ratio: whereVoided(({ volume }) => volume.ratio),
  counted_endolymph_mm3: whereVoided(({ volume }) => volume.endolymphMm3),
  method: (_, { method }) => method,
  method_chosen_by: (_, { choices }) => choices.method,
  mrc_chosen_by: (_, { choices }) => choices.roles.mrc,
  ppi_chosen_by: (_, { choices }) => choices.roles.ppi,
  pei_chosen_by: (_, { choices, study }) => study.pei && choices.roles.pei,
  ear_position_chosen_by: ({ ear }, { choices }) => choices.ears[ear],
  model: (_, { model }) => model?.name,
  model_version: (_, { model }) => model?.version,
  model_sha256: (_, { model }) => model?.sha256,
  software_version: () => SOFTWARE_VERSION,
  software_build: () => BUILD_ID,
  warnings: ({ warnings }) => [...new Set(warnings.map(({ code }) => code))].join(' '),
  // Later columns stand at the end: a site's scripts may count those before.
  automatic_series_number: ({ measured }) => measured?.area?.automaticImage?.seriesNumber,
  automatic_instance_number: ({ measured }) => measured?.area?.automaticImage?.instanceNumber,
  automatic_frame_number: ({ measured }) => measured?.area?.automaticImage?.frameNumber,
  automatic_sop_instance_uid: ({ measured }) => measured?.area?.automaticImage?.sopInstanceUid,
  automatic_area_ratio: whereMeasured(({ automatic }) => automatic?.areaRatio),
  automatic_volume_ratio: whereMeasured(({ automatic }) => automatic?.volumeRatio),
};

/**
 * `summary.csv`: one line for each ear and organ, found or not, RFC 4180; empty fields where a value does not exist. The
 * `automatic_…` columns hold the slice of the rules and, of a region that the reader has edited, what it gave before.
 */
export function summaryCsv(measurement: Measurement): string {
  const lines = [Object.keys(COLUMNS).join(',')];
  for (const row of resultRows(measurement)) {
    const cells = Object.values(COLUMNS).map((column) => csvField(column(row, measurement)));
    lines.push(cells.join(','));
  }
  return lines.join('\r\n') + '\r\n';
}

function whereMeasured(value: (measured: OrganMeasurement) => Cell) {
  return ({ measured }: ResultRow): Cell => (measured?.measurable ? value(measured) : null);
}

function whereVoided(value: (measured: OrganMeasurement) => Cell) {
  return ({ measured }: ResultRow): Cell =>
    measured && !measured.measurable ? value(measured) : null;
}

function voidedBy({ measured }: ResultRow, output: Output): string | undefined {
  return measured?.voided[output]?.join(' ');
}

function notFoundReason({ status, absence }: ResultRow): Cell {
  if (status !== 'not-found') return null;
  return absence ?? 'no-region';
}

/** A value as a cell of CSV (RFC 4180), numbers with eight digits; empty where there is none. */
export function csvField(value: Cell): string {
  const text =
    value === undefined || value === null
      ? ''
      : typeof value === 'number'
        ? String(Number(value.toPrecision(8)))
        : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
