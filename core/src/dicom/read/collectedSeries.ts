import { itemAt } from '../../items';
import type { ImageTraits, Series, SeriesHeader, SliceInput, Warning } from '../../types';
import {
  assembleSeries,
  describeSeries,
  leftOutWarnings,
  namingLeftOut,
  selectImages,
  unfitness,
  type ImageWish,
  type LeftImages,
} from '../../volume';
import { requireAllParts, withPart, type ConcatenationTally } from './concatenations';
import { fileWarnings, requireWhole, type FaultyFile } from './faultyFiles';
import { listedFrames } from './functionalGroups';
import { headerFromDataset } from './headerFromDataset';
import { imageTraits } from './imageTraits';
import { requireOneIdentity, withIdentity, type IdentityTally } from './seriesIdentity';
import { numberOrNull, stringOf, type Dataset } from './values';

/** One file as it is added to its series. */
export interface AddedImage {
  header: SeriesHeader;
  /** Of each frame. */
  traits: readonly ImageTraits[];
  slices: readonly SliceInput[];
  /** What could not be read of the file and changes no pixels. */
  textProblems?: readonly string[];
  faulty?: FaultyFile;
  /** Its name, for messages. */
  file?: string;
}

/** What is known of one series while its images come in. */
export interface CollectedSeries {
  /** Header of the image with the lowest Instance Number; `imageCount` counts all frames. */
  header: SeriesHeader;
  /** One header for each kind of image that the series holds, as that kind states it; `imageCount` counts its frames. */
  kinds: Map<string, SeriesHeader>;
  slices: SliceInput[];
  /** Why text is not whole, with the number of files of which that holds. */
  textProblems: ReadonlyMap<string, number>;
  faulty: FaultyFile[];
  /** What the images state that must be the same in all of them. */
  identity: IdentityTally;
  /** Multi-frame objects that are stored in parts. */
  concatenations: ConcatenationTally;
  /** Objects of the series that are no acquired images (screen captures), by what they are. */
  others: ReadonlyMap<string, number>;
}

/** As `CollectedSeries.others` has it, in words that follow their number. */
export function kindOfObject(sopClassUid: string): string {
  const isCapture = sopClassUid.startsWith('1.2.840.10008.5.1.4.1.1.7');
  const kind = `SOP Class UID (0008,0016) ${sopClassUid || 'not stated'}`;
  return isCapture ? `screen capture, ${kind}` : `of ${kind}, no acquired image`;
}

/**
 * A series with one more image. The header is that of the lowest Instance Number (then SOP Instance UID), so that
 * the order in which the images come changes nothing.
 */
export function withImage(
  collected: CollectedSeries | undefined,
  { header, traits, slices, textProblems = [], faulty, file }: AddedImage
): CollectedSeries {
  const all: CollectedSeries = collected ?? {
    header,
    kinds: new Map(),
    slices: [],
    textProblems: new Map(),
    faulty: [],
    identity: new Map(),
    concatenations: new Map(),
    others: new Map(),
  };
  if (collected) all.header = joined(all.header, header);
  for (const [kind, ofKind] of kindsOf(header, traits)) {
    const known = all.kinds.get(kind);
    all.kinds.set(kind, known ? joined(known, ofKind) : ofKind);
  }
  for (const slice of slices) all.slices.push(slice);
  if (faulty) all.faulty.push(faulty);
  all.identity = withIdentity(all.identity, header, file);
  all.concatenations = withPart(all.concatenations, header);
  all.textProblems = countedOnce(all.textProblems, textProblems);
  return all;
}

function joined(a: SeriesHeader, b: SeriesHeader): SeriesHeader {
  return {
    ...(comesBefore(b, a) ? b : a),
    imageCount: a.imageCount + b.imageCount,
    hasNegativeValues: a.hasNegativeValues || b.hasNegativeValues,
  };
}

/** The header as each kind of frame in a file would state it. */
function kindsOf(header: SeriesHeader, traits: readonly ImageTraits[]): Map<string, SeriesHeader> {
  const kinds = new Map<string, SeriesHeader>();
  const { Rows, Columns } = header.attributes;
  for (const frame of traits) {
    const kind = kindKey(frame, Number(Rows), Number(Columns));
    const known = kinds.get(kind);
    if (known) known.imageCount++;
    else kinds.set(kind, headerOfKind(header, frame));
  }
  return kinds;
}

function headerOfKind(header: SeriesHeader, traits: ImageTraits): SeriesHeader {
  const { component, echoTime, inversionTime } = traits;
  const isStated = component !== null && component !== header.attributes.ComplexImageComponent;
  return {
    ...header,
    imageType: [...traits.imageType],
    echoTime,
    inversionTime,
    imageCount: 1,
    attributes: isStated
      ? { ...header.attributes, ComplexImageComponent: component }
      : header.attributes,
  };
}

/** Repetitions of a kind share a header: hundreds of images may each state an acquisition of their own. */
function kindKey(traits: ImageTraits, rows: number, columns: number): string {
  const { imageType, component, echoTime, inversionTime, colour } = traits;
  // Times of one sequence differ by rounding.
  const [echo, inversion] = [echoTime, inversionTime].map((time) => time?.toPrecision(3));
  return JSON.stringify([imageType, component, echo, inversion, colour, rows, columns]);
}

/**
 * By what a series is given its role: the header of each kind of image in it.
 */
export function roleHeaders({ header, kinds }: Pick<CollectedSeries, 'header' | 'kinds'>) {
  return orWhole([...kinds.values()], header);
}

/** Kinds that differ from slice to slice are no stacks of their own: then the series is taken as a whole. */
function orWhole(kinds: SeriesHeader[], whole: SeriesHeader): SeriesHeader[] {
  const largest = Math.max(0, ...kinds.map(({ imageCount }) => imageCount));
  return 4 * largest < whole.imageCount ? [whole] : kinds;
}

/**
 * As `roleHeaders`, of instances that were not read from files.
 * @param datasets naturalised instances of one series, at least one
 */
export function headersOfInstances(datasets: readonly Dataset[]): SeriesHeader[] {
  const kinds = new Map<string, { dataset: Dataset; traits: ImageTraits; count: number }>();
  for (const dataset of datasets) {
    const rows = numberOrNull(dataset, 'Rows') ?? NaN;
    const columns = numberOrNull(dataset, 'Columns') ?? NaN;
    for (const traits of frameTraits(dataset)) {
      const key = kindKey(traits, rows, columns);
      const known = kinds.get(key);
      const isFirst = !known || datasetComesBefore(dataset, known.dataset);
      const count = (known?.count ?? 0) + 1;
      kinds.set(key, isFirst ? { dataset, traits, count } : { ...known, count });
    }
  }
  // Headers are large: one a kind, not one an instance.
  const headers = [...kinds.values()].map(({ dataset, traits, count }) => ({
    ...headerOfKind(headerFromDataset(dataset), traits),
    imageCount: count,
  }));
  const total = headers.reduce((sum, { imageCount }) => sum + imageCount, 0);
  return orWhole(headers, headerFromDataset(itemAt(datasets, 0), total));
}

/** Traits of each frame of an instance. */
export function frameTraits(dataset: Dataset): ImageTraits[] {
  const count = listedFrames(dataset);
  // What asks for more frames is refused when its pixels are wanted.
  return Array.from({ length: Math.min(count, MAX_FRAMES) }, (_, frame) =>
    imageTraits(dataset, frame)
  );
}

const MAX_FRAMES = 10_000;

/** The problems of one more file, each once, added to those before. */
export function countedOnce(
  before: ReadonlyMap<string, number> | undefined,
  ofFile: readonly string[]
): Map<string, number> {
  const counted = new Map(before);
  for (const problem of new Set(ofFile)) counted.set(problem, (counted.get(problem) ?? 0) + 1);
  return counted;
}

const NO_WISH: ImageWish = { role: 'mrc', signed: false };

/**
 * The volume of a collected series, with all warnings of its reading: viewer and command line give the same warnings.
 *
 * @param wish what it is wanted for, where it holds images of several kinds; magnitude images by default
 * @throws RefusedInputError `series-mixed`, `concatenation-incomplete`; of `selectImages` and `assembleSeries`; of a file that could not be read, where the volume
 * would not be whole without it
 */
export function assembleCollected(
  collected: CollectedSeries,
  wish: ImageWish = NO_WISH
): { series: Series; warnings: Warning[] } {
  const { header, slices, textProblems, others } = collected;
  requireOneIdentity(header, collected.identity);
  const { faulty, unfit } = sorted(collected.faulty);
  if (slices.length === 0 && faulty[0]) throw faulty[0].error;
  const selection = selectImages(header, slices, wish);
  requireWhole(faulty, selection.images, wish);
  requireAllParts(header, collected.concatenations);
  const left = [
    ...selection.left,
    ...unfit,
    ...[...others].map(([why, count]) => ({ why, count })),
  ];
  const { series, warnings } = namingLeftOut(left, () =>
    assembleSeries(headerOf(collected, selection.images), selection.images)
  );
  return {
    series,
    warnings: [
      ...textWarnings(header, textProblems),
      ...fileWarnings(header, faulty),
      ...leftOutWarnings(header, { ...selection, left }),
      ...warnings,
    ],
  };
}

/** Colour copies and projections are no faulty images: they would not be used anyway. */
function sorted(files: readonly FaultyFile[]): { faulty: FaultyFile[]; unfit: LeftImages[] } {
  const faulty: FaultyFile[] = [];
  const unfit: LeftImages[] = [];
  for (const file of files) {
    const why = file.traits && unfitness(file.traits);
    if (why) unfit.push({ count: Math.max(1, file.places.length), why });
    else faulty.push(file);
  }
  return { faulty, unfit };
}

/** Of the first kind among the images that are used. */
function headerOf({ header, kinds }: CollectedSeries, images: SliceInput[]): SeriesHeader {
  if (kinds.size < 2) return header;
  const used = new Set(
    images.flatMap(({ traits, rows, columns }) => (traits ? [kindKey(traits, rows, columns)] : []))
  );
  const found = [...kinds].flatMap(([key, ofKind]) => (used.has(key) ? [ofKind] : []));
  return found.length === 0 ? header : found.reduce(joined);
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
  return datasetComesBefore(a.attributes, b.attributes);
}

function datasetComesBefore(a: Dataset, b: Dataset): boolean {
  const number = (dataset: Dataset) => numberOrNull(dataset, 'InstanceNumber') ?? Infinity;
  const [first, second] = [number(a), number(b)];
  if (first !== second) return first < second;
  return stringOf(a, 'SOPInstanceUID') < stringOf(b, 'SOPInstanceUID');
}
