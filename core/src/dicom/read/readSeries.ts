import { RefusedInputError } from '../../types';
import {
  countedOnce,
  frameTraits,
  kindOfObject,
  withImage,
  type AddedImage,
  type CollectedSeries,
} from './collectedSeries';
import type { PixelCodecs } from './pixelCodecs';
import { folderOf, lostFile, type LostFile } from './lostFiles';
import { readDicomFile, readSlices, type ParsedImage } from './readDicomFile';
import { sliceGeometries, type SliceGeometry } from './sliceGeometries';

export interface DicomFileInput {
  /** For messages; any name. */
  name: string;
  /** The file, or how to get it when its turn comes. */
  buffer: ArrayBuffer | (() => Promise<ArrayBuffer>);
}

export interface ReadSeriesOptions {
  /** Series Instance UIDs whose pixels are wanted; others are listed without slices. Default all. */
  only?: ReadonlySet<string>;
  /** No pixels at all: the first of two passes, to choose series by their headers. */
  headersOnly?: boolean;
  /** Decoders for compressed pixel data; without them RLE and uncompressed files are read. */
  codecs?: PixelCodecs;
  signal?: AbortSignal;
  /** Called after each file with the number of files seen. */
  onFile?: (count: number) => void;
}

export interface ReadSeriesResult {
  /** By Series Instance UID; the header's `imageCount` counts all frames found. */
  series: Map<string, CollectedSeries>;
  ignored: { name: string; reason: string }[];
  /** Those of `ignored` that may be images of any series. */
  lost: LostFile[];
  /** Where the images lie, for `lostWarnings`. */
  folders: Map<string, Set<string>>;
}

/**
 * Sorts DICOM files into series, in whatever order and under whatever names they come. Files are
 * held one at a time, so a large study is best read in two passes: `headersOnly`, then `only` the
 * series with a role. Files that are no DICOM images are listed with a reason; those of a series whose pixels cannot
 * be had stay with it (`CollectedSeries.faulty`), and `assembleCollected` refuses it where they are needed.
 *
 * @throws the AbortSignal's reason
 */
export async function readSeries(
  files: Iterable<DicomFileInput> | AsyncIterable<DicomFileInput>,
  options: ReadSeriesOptions = {}
): Promise<ReadSeriesResult> {
  const result: ReadSeriesResult = { series: new Map(), ignored: [], lost: [], folders: new Map() };
  const others = new Map<string, Map<string, number>>();
  let count = 0;
  for await (const { name, buffer } of files) {
    options.signal?.throwIfAborted();
    const image = await parse(buffer, name, result);
    if (image?.isImage) await add(image, result, options);
    else if (image) {
      const { header, sopClassUid } = image;
      const uid = header.seriesInstanceUid;
      others.set(uid, countedOnce(others.get(uid), [kindOfObject(sopClassUid)]));
    }
    options.onFile?.(++count);
  }
  for (const [uid, ofSeries] of others) {
    const collected = result.series.get(uid);
    if (collected) collected.others = ofSeries;
  }
  return result;
}

async function parse(
  buffer: DicomFileInput['buffer'],
  name: string,
  { ignored, lost }: ReadSeriesResult
): Promise<ParsedImage | null> {
  let image: ParsedImage;
  let content: ArrayBuffer | null = null;
  try {
    // Packed files may prove to be unreadable only now.
    content = typeof buffer === 'function' ? await buffer() : buffer;
    image = readDicomFile(content, name);
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    ignored.push({ name, reason: error.code === 'not-dicom' ? 'not a DICOM file' : error.message });
    const file = lostFile(name, error, content && new Uint8Array(content));
    if (file) lost.push(file);
    return null;
  }
  const reason = reasonToIgnore(image);
  if (reason) ignored.push({ name, reason });
  return image.header.seriesInstanceUid ? image : null;
}

function reasonToIgnore(image: ParsedImage): string | null {
  if (!image.header.seriesInstanceUid) return 'a DICOM file without a series (a directory?)';
  if (!image.isImage)
    return `not an acquired image (${image.header.modality || image.sopClassUid})`;
  return null;
}

async function add(
  image: ParsedImage,
  { series, folders }: ReadSeriesResult,
  options: ReadSeriesOptions
): Promise<void> {
  const uid = image.header.seriesInstanceUid;
  const folder = folderOf(image.name);
  folders.set(folder, (folders.get(folder) ?? new Set()).add(uid));
  const wanted = !options.headersOnly && (options.only?.has(uid) ?? true);
  const added = wanted ? await readImage(image, options.codecs) : headerOnly(image);
  series.set(uid, withImage(series.get(uid), added));
}

/** A file as its series takes it; one whose pixels cannot be had is handed on with the reason. */
export async function readImage(image: ParsedImage, codecs?: PixelCodecs): Promise<AddedImage> {
  const added = headerOnly(image);
  try {
    return { ...added, slices: await readSlices(image, { codecs }) };
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    const { name } = image;
    const faulty = { name, error, places: placesOf(image), traits: added.traits[0] ?? null };
    return { ...added, faulty };
  }
}

function headerOnly({ header, file, name }: ParsedImage): AddedImage {
  const { dataset, textProblems } = file;
  return { header, traits: frameTraits(dataset), slices: [], textProblems, file: name };
}

/** Where a file lies whose pixels cannot be had; empty where that is not known either. */
function placesOf({ file }: ParsedImage): SliceGeometry[] {
  try {
    return sliceGeometries(file.dataset);
  } catch (error) {
    if (error instanceof RefusedInputError) return [];
    throw error;
  }
}
