import { RefusedInputError, type SliceInput } from '../../types';
import { withImage, type CollectedSeries } from './collectedSeries';
import type { PixelCodecs } from './pixelCodecs';
import { readDicomFile, readSlices, type ParsedImage } from './readDicomFile';

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
}

/**
 * Sorts DICOM files into series, in whatever order and under whatever names they come. Files are
 * held one at a time, so a large study is best read in two passes: `headersOnly`, then `only` the
 * series with a role. Files that are no DICOM images are listed with a reason.
 *
 * @throws RefusedInputError of a wanted series' files (see `readSlices`); the AbortSignal's reason
 */
export async function readSeries(
  files: Iterable<DicomFileInput> | AsyncIterable<DicomFileInput>,
  options: ReadSeriesOptions = {}
): Promise<ReadSeriesResult> {
  const series: ReadSeriesResult['series'] = new Map();
  const ignored: ReadSeriesResult['ignored'] = [];
  let count = 0;
  for await (const { name, buffer } of files) {
    options.signal?.throwIfAborted();
    const image = await parse(buffer, name, ignored);
    if (image) await add(image, series, ignored, options);
    options.onFile?.(++count);
  }
  return { series, ignored };
}

async function parse(
  buffer: DicomFileInput['buffer'],
  name: string,
  ignored: ReadSeriesResult['ignored']
): Promise<ParsedImage | null> {
  let image: ParsedImage;
  try {
    // Packed files may prove to be unreadable only now.
    image = readDicomFile(typeof buffer === 'function' ? await buffer() : buffer, name);
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    ignored.push({ name, reason: error.code === 'not-dicom' ? 'not a DICOM file' : error.message });
    return null;
  }
  const reason = reasonToIgnore(image);
  if (reason) ignored.push({ name, reason });
  return reason ? null : image;
}

function reasonToIgnore(image: ParsedImage): string | null {
  if (!image.header.seriesInstanceUid) return 'a DICOM file without a series (a directory?)';
  if (!image.isImage)
    return `not an acquired image (${image.header.modality || image.sopClassUid})`;
  return null;
}

async function add(
  image: ParsedImage,
  series: ReadSeriesResult['series'],
  ignored: ReadSeriesResult['ignored'],
  options: ReadSeriesOptions
): Promise<void> {
  const uid = image.header.seriesInstanceUid;
  const wanted = !options.headersOnly && (options.only?.has(uid) ?? true);
  let slices: SliceInput[] = [];
  if (wanted) {
    try {
      slices = await readSlices(image, { codecs: options.codecs });
    } catch (error) {
      // Without a choice of series, a series that can never be measured must not stop the others.
      const unusable =
        error instanceof RefusedInputError &&
        ['geometry-missing', 'pixel-format-unsupported'].includes(error.code);
      if (!unusable || options.only) throw error;
      ignored.push({ name: image.name, reason: error.message });
      return;
    }
  }
  series.set(uid, withImage(series.get(uid), image.header, slices, image.file.textProblems));
}
