import { RefusedInputError, type SeriesHeader, type SliceInput } from '../../types';
import { decodeFrames } from './decodeFrames';
import { headerFromDataset } from './headerFromDataset';
import { modalityLut } from './modalityLut';
import { NotDicomError, readPart10, type Part10File } from './part10';
import type { PixelCodecs } from './pixelCodecs';
import { sliceGeometries } from './sliceGeometries';
import { stringOf, valuesOf } from './values';

/** One DICOM file, its pixels not decoded yet. */
export interface ParsedImage {
  name: string;
  header: SeriesHeader;
  sopInstanceUid: string;
  sopClassUid: string;
  file: Part10File;
  /** False for reports, segmentations and other objects without an image matrix. */
  isImage: boolean;
}

/** Objects whose pixels are no measurement: segmentations, screen captures, presentation states. */
const NOT_ACQUIRED = [
  '1.2.840.10008.5.1.4.1.1.66',
  '1.2.840.10008.5.1.4.1.1.7',
  '1.2.840.10008.5.1.4.1.1.11',
  '1.2.840.10008.5.1.4.1.1.481',
];

/**
 * Reads the header of a DICOM file; the buffer is kept until the pixels are read.
 *
 * @throws RefusedInputError `not-dicom`, `pixel-data-truncated` (the file ends before its series is named)
 */
export function readDicomFile(buffer: ArrayBuffer, name: string): ParsedImage {
  let file: Part10File;
  try {
    file = readPart10(buffer);
  } catch (error) {
    if (!(error instanceof NotDicomError)) throw error;
    throw new RefusedInputError(
      'not-dicom',
      `File ${name} cannot be read as DICOM: ${error.message}.`,
      'Leave the file out, or export it again.',
      { file: name }
    );
  }
  const { dataset } = file;
  if (file.truncatedAt !== null && !stringOf(dataset, 'SeriesInstanceUID')) {
    throw new RefusedInputError(
      'pixel-data-truncated',
      `File ${name} is incomplete: it ends at element (${file.truncatedAt.slice(0, 4)},${file.truncatedAt.slice(4)}), before its series is named.`,
      'Copy or send the file again; a transfer was probably cut short.',
      { file: name }
    );
  }
  const sopClassUid = stringOf(dataset, 'SOPClassUID');
  return {
    name,
    header: headerFromDataset(dataset),
    sopInstanceUid: stringOf(dataset, 'SOPInstanceUID'),
    sopClassUid,
    file,
    isImage:
      (valuesOf(dataset, 'Rows').length > 0 || file.truncatedAt !== null) &&
      !NOT_ACQUIRED.some((uid) => sopClassUid === uid || sopClassUid.startsWith(`${uid}.`)),
  };
}

/**
 * Slices of a parsed file with the modality LUT applied: one, or one a frame.
 *
 * @throws RefusedInputError as `decodeFrames` and `sliceGeometries`, `modality-lut-unsupported`
 */
export async function readSlices(
  image: ParsedImage,
  options: { codecs?: PixelCodecs } = {}
): Promise<SliceInput[]> {
  const { file, header, name } = image;
  if (file.truncatedAt !== null && !file.pixelData) {
    throw new RefusedInputError(
      'pixel-data-truncated',
      `File ${name} of series "${header.seriesDescription || header.seriesInstanceUid}" is incomplete: it ends at element ` +
        `(${file.truncatedAt.slice(0, 4)},${file.truncatedAt.slice(4)}), before Pixel Data (7FE0,0010).`,
      'Copy or send the file again; a transfer was probably cut short.',
      { file: name, series: header.seriesInstanceUid }
    );
  }
  if (valuesOf(file.dataset, 'ModalityLUTSequence').length > 0) {
    throw new RefusedInputError(
      'modality-lut-unsupported',
      `File ${name} holds a Modality LUT Sequence (0028,3000) instead of rescale slope and intercept.`,
      'Export the series with linear rescaling.',
      { file: name, series: header.seriesInstanceUid }
    );
  }
  const geometries = sliceGeometries(file.dataset);
  const frames = await decodeFrames({ file, header, name, codecs: options.codecs });
  return geometries.map((geometry, frame) => ({
    ...geometry,
    pixels: rescale(frames[frame], modalityLut(file.dataset, frame)),
  }));
}

function rescale(
  stored: ArrayLike<number>,
  { slope, intercept }: { slope: number; intercept: number }
): ArrayLike<number> {
  if (slope === 1 && intercept === 0) return stored;
  const values = new Float32Array(stored.length);
  for (let n = 0; n < stored.length; n++) values[n] = stored[n] * slope + intercept;
  return values;
}
