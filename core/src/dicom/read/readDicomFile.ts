import { itemAt } from '../../items';
import { RefusedInputError, type SeriesHeader, type SliceInput } from '../../types';
import { decodeFrames, requireFrames } from './decodeFrames';
import { tagText } from './elements';
import { headerFromDataset } from './headerFromDataset';
import { modalityLut, type ModalityLut } from './modalityLut';
import { NotDicomError, readPart10, type Part10File } from './part10';
import type { PixelCodecs } from './pixelCodecs';
import { bitsOf, paddingRange } from './paddingRange';
import { lossyOf } from './lossyCompression';
import { rawDataComponent } from './rawDataType';
import type { Stop } from './readElements';
import { requireMapped } from './realWorldValues';
import { scaleSlope } from './scaleSlope';
import { sliceGeometries } from './sliceGeometries';
import { streamHeader } from './streamHeader';
import { itemsOf, stringOf, valuesOf } from './values';

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

const SERIES_DESCRIPTION = '0008103E';
const STUDY_INSTANCE_UID = '0020000D';

function isNotAcquired(sopClassUid: string): boolean {
  return NOT_ACQUIRED.some((uid) => sopClassUid === uid || sopClassUid.startsWith(`${uid}.`));
}

/**
 * Reads the header of a DICOM file; the buffer is kept until the pixels are read.
 *
 * @throws RefusedInputError `not-dicom`, `pixel-data-truncated` or `file-damaged` (before its series is named)
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
  if (file.stop && !stringOf(dataset, 'SeriesInstanceUID')) {
    const description = stringOf(dataset, 'SeriesDescription');
    const study = stringOf(dataset, 'StudyInstanceUID');
    const sopClass = stringOf(dataset, 'SOPClassUID');
    throw stopped(file.stop, `File ${name}`, 'before its series is named', {
      file: name,
      ...(file.stop.tag > SERIES_DESCRIPTION ? { describedAs: description } : {}),
      ...(study && file.stop.tag > STUDY_INSTANCE_UID ? { study } : {}),
      ...(isNotAcquired(sopClass) ? { kind: 'no image', sopClass } : {}),
    });
  }
  const sopClassUid = stringOf(dataset, 'SOPClassUID');
  if (!stringOf(dataset, 'ComplexImageComponent')) {
    const component = rawDataComponent(file);
    if (component) dataset.ComplexImageComponent = component;
  }
  const header = headerFromDataset(dataset);
  // What was compressed with loss stays so, whatever the header says (PS3.3 C.7.6.1.1.5).
  if (hasLossyStream(file)) header.attributes.LossyImageCompression = '01';
  return {
    name,
    header,
    sopInstanceUid: stringOf(dataset, 'SOPInstanceUID'),
    sopClassUid,
    file,
    isImage:
      (valuesOf(dataset, 'Rows').length > 0 || file.stop !== null) && !isNotAcquired(sopClassUid),
  };
}

/**
 * Slices of a parsed file with the modality LUT applied: one, or one a frame. Padding (Pixel Padding Value (0028,0120) or
 * its range) is 0 and marked in `padded`.
 *
 * @throws RefusedInputError as `decodeFrames` and `sliceGeometries`, `modality-lut-unsupported`,
 * `real-world-values-unsupported`,
 * `file-damaged`, `value-unreadable` (rescaling, padding and times too)
 */
export async function readSlices(
  image: ParsedImage,
  options: { codecs?: PixelCodecs } = {}
): Promise<SliceInput[]> {
  const { file, header, name } = image;
  const { dataset } = file;
  if (file.stop && !file.pixelData) {
    const series = `File ${name} of series "${header.seriesDescription || header.seriesInstanceUid}"`;
    const values = { file: name, series: header.seriesInstanceUid };
    throw stopped(file.stop, series, 'before Pixel Data (7FE0,0010)', values);
  }
  if (itemsOf(dataset, 'ModalityLUTSequence').length > 0) {
    throw new RefusedInputError(
      'modality-lut-unsupported',
      `File ${name} holds a Modality LUT Sequence (0028,3000) instead of rescale slope and intercept.`,
      'Export the series with linear rescaling.',
      { file: name, series: header.seriesInstanceUid }
    );
  }
  const context = { file, header, name, codecs: options.codecs };
  requireFrames(context);
  const geometries = sliceGeometries(dataset);
  const padding = paddingRange(dataset, bitsOf(dataset));
  const luts = geometries.map((_, frame) => modalityLut(dataset, frame));
  const frames = await decodeFrames(context);
  return geometries.map((geometry, frame) => {
    const slope = scaleSlope(file, frame);
    const lut = itemAt(luts, frame);
    const { pixels, stream, stored, compressed } = itemAt(frames, frame);
    if (lut.mapping) {
      const isPadding = (value: number) =>
        padding !== null && value >= padding.from && value <= padding.to;
      requireMapped(pixels, lut.mapping, isPadding, dataset);
    }
    const lossy = lossyOf(geometry.lossy, stream, stored, compressed);
    return {
      ...geometry,
      ...measuredPixels(pixels, lut, padding),
      scale: lut.scale,
      file: name,
      ...(lossy ? { lossy } : {}),
      ...(slope === null ? {} : { valuePerSignal: Math.abs(lut.slope) * slope }),
    };
  });
}

function measuredPixels(
  stored: ArrayLike<number>,
  lut: ModalityLut,
  padding: { from: number; to: number } | null
): Pick<SliceInput, 'pixels' | 'padded'> {
  const padded = padding && paddedPixels(stored, padding);
  if (!padded) return { pixels: rescale(stored, lut) };
  const pixels = Float32Array.from(rescale(stored, lut));
  for (let n = 0; n < pixels.length; n++) if (padded[n]) pixels[n] = 0;
  return { pixels, padded };
}

function paddedPixels(
  stored: ArrayLike<number>,
  { from, to }: { from: number; to: number }
): Uint8Array | null {
  let padded: Uint8Array | null = null;
  for (let n = 0; n < stored.length; n++) {
    if (stored[n]! < from || stored[n]! > to) continue;
    padded ??= new Uint8Array(stored.length);
    padded[n] = 1;
  }
  return padded;
}

function rescale(stored: ArrayLike<number>, { slope, intercept }: ModalityLut): ArrayLike<number> {
  if (slope === 1 && intercept === 0) return stored;
  const values = new Float32Array(stored.length);
  for (let n = 0; n < stored.length; n++) values[n] = stored[n]! * slope + intercept;
  return values;
}

function hasLossyStream({ pixelData, bytes }: Part10File): boolean {
  const first = pixelData?.encapsulated ? pixelData.fragments[0] : undefined;
  if (!first) return false;
  try {
    const { offset, length } = first;
    return streamHeader(bytes.subarray(offset, offset + length))?.lossy ?? false;
  } catch {
    // The stream is refused, with its reason, when its pixels are wanted.
    return false;
  }
}

function stopped(
  stop: Stop,
  file: string,
  before: string,
  values: Record<string, string>
): RefusedInputError {
  return stop.kind === 'cut'
    ? new RefusedInputError(
        'pixel-data-truncated',
        `${file} is incomplete: it ends at element ${tagText(stop.tag)}, ${before}.`,
        'Copy or send the file again; a transfer was probably cut short.',
        values
      )
    : new RefusedInputError(
        'file-damaged',
        `${file} is damaged at element ${tagText(stop.tag)}, ${before}: ${stop.reason}.`,
        'Copy or send the file again, or export the series again.',
        values
      );
}
