import type { Measurement } from '@inner-ear-hydrops/core';

const COLUMNS = [
  'study_instance_uid',
  'ear',
  'organ',
  'area_ratio',
  'area_endolymph_pixels',
  'area_total_pixels',
  'area_sop_instance_uid',
  'volume_ratio',
  'endolymph_mm3',
  'total_mm3',
  'mixture_fraction',
  'suggested_grade',
  'method',
  'model',
  'model_version',
  'warnings',
];

/** One line an organ, RFC 4180; empty fields where a value does not exist. */
export function summaryCsv(measurement: Measurement): string {
  const lines = [COLUMNS.join(',')];
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const values = measurement.ears[ear]?.[organ];
      if (!values) continue;
      lines.push(
        [
          measurement.study.studyInstanceUid,
          ear,
          organ,
          values.area?.ratio,
          values.area?.endolymphPixels,
          values.area?.totalPixels,
          values.area?.sopInstanceUid,
          values.volume.ratio,
          values.volume.endolymphMm3,
          values.volume.totalMm3,
          values.mixture?.fraction,
          values.grade?.suggested,
          measurement.method,
          measurement.model?.name,
          measurement.model?.version,
          measurement.warnings
            .filter((warning) => warning.ear === null || warning.ear === ear)
            .map((warning) => warning.code)
            .join(' '),
        ]
          .map(field)
          .join(',')
      );
    }
  }
  return lines.join('\r\n') + '\r\n';
}

function field(value: string | number | undefined | null): string {
  const text =
    value === undefined || value === null
      ? ''
      : typeof value === 'number'
        ? String(Number(value.toPrecision(8)))
        : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
