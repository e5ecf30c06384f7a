import type { Series, SeriesHeader, SliceInput, Warning } from '../../types';
import { assembleSeries, describeSeries } from '../../volume';
import { numberOrNull, stringOf } from './values';

/** What is known of one series while its images come in. */
export interface CollectedSeries {
  /** Header of the image with the lowest Instance Number; `imageCount` counts all frames. */
  header: SeriesHeader;
  slices: SliceInput[];
  /** Why text is not whole, with the number of files of which that holds. */
  textProblems: ReadonlyMap<string, number>;
}

/**
 * A series with one more image. The header is that of the lowest Instance Number (then SOP Instance UID), so that
 * the order in which the images come changes nothing.
 * @param textProblems of that file: what could not be read of it and changes no pixels
 */
export function withImage(
  collected: CollectedSeries | undefined,
  header: SeriesHeader,
  slices: readonly SliceInput[],
  textProblems: readonly string[] = []
): CollectedSeries {
  const problems = countedOnce(collected?.textProblems, textProblems);
  if (!collected) return { header, slices: [...slices], textProblems: problems };
  for (const slice of slices) collected.slices.push(slice);
  const imageCount = collected.header.imageCount + header.imageCount;
  const hasNegativeValues = collected.header.hasNegativeValues || header.hasNegativeValues;
  const first = comesBefore(header, collected.header) ? header : collected.header;
  collected.header = { ...first, imageCount, hasNegativeValues };
  collected.textProblems = problems;
  return collected;
}

/** The problems of one more file, each once, added to those before. */
export function countedOnce(
  before: ReadonlyMap<string, number> | undefined,
  ofFile: readonly string[]
): Map<string, number> {
  const counted = new Map(before);
  for (const problem of new Set(ofFile)) counted.set(problem, (counted.get(problem) ?? 0) + 1);
  return counted;
}

/**
 * The volume of a collected series, with all warnings of its reading: viewer and command line give the same warnings.
 * @throws RefusedInputError of `assembleSeries`
 */
export function assembleCollected({ header, slices, textProblems }: CollectedSeries): {
  series: Series;
  warnings: Warning[];
} {
  const { series, warnings } = assembleSeries(header, slices);
  return { series, warnings: [...textWarnings(header, textProblems), ...warnings] };
}

/** One warning for each text of a series that is not whole, however many files have it; in the order of the words. */
export function textWarnings(
  header: Pick<SeriesHeader, 'seriesNumber' | 'seriesDescription' | 'seriesInstanceUid'>,
  textProblems: ReadonlyMap<string, number>
): Warning[] {
  const sorted = [...textProblems].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([problem, files]) => ({
    code: 'text-unreadable',
    message: `Text of ${files} ${files === 1 ? 'file' : 'files'} of ${describeSeries(header)} cannot be read in full: ${problem}.`,
    ear: null,
    values: { series: header.seriesInstanceUid, files },
  }));
}

function comesBefore(a: SeriesHeader, b: SeriesHeader): boolean {
  const [first, second] = [instanceNumber(a), instanceNumber(b)];
  if (first !== second) return first < second;
  const uid = ({ attributes }: SeriesHeader) => stringOf(attributes, 'SOPInstanceUID');
  return uid(a) < uid(b);
}

function instanceNumber(header: SeriesHeader): number {
  return numberOrNull(header.attributes, 'InstanceNumber') ?? Infinity;
}
