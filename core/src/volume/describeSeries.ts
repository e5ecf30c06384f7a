import { RefusedInputError, type SeriesHeader } from '../types';

/** `series 5 "hT2W 3D FLAIR"`: how messages name a series. */
export function describeSeries(
  header: Pick<SeriesHeader, 'seriesNumber' | 'seriesDescription' | 'seriesInstanceUid'>
): string {
  const number = header.seriesNumber === null ? '' : ` ${header.seriesNumber}`;
  const name = header.seriesDescription || header.seriesInstanceUid;
  return `series${number} "${name}"`;
}

/** A refusal that names the series in the sentence and in the values. */
export function refuseSeries(
  code: string,
  header: SeriesHeader,
  sentence: string,
  remedy: string,
  values: Record<string, number | string> = {}
): RefusedInputError {
  return new RefusedInputError(code, `${capital(describeSeries(header))}: ${sentence}`, remedy, {
    series: header.seriesInstanceUid,
    seriesDescription: header.seriesDescription,
    ...values,
  });
}

/** As the first word of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
