import { describeSeries } from '../../volume';
import { RefusedInputError, type SeriesHeader } from '../../types';
import { readValue } from './elementValue';
import { bitsOf, paddingRange } from './paddingRange';
import type { Part10File } from './part10';
import type { InterpretedPixels, PixelFormat, StoredPixels, UnusedBits } from './pixelFormat';

/** @throws RefusedInputError `value-unreadable` */
export function unusedBits(file: Part10File): UnusedBits {
  const padding = paddingRange(file.dataset, bitsOf(file.dataset));
  return { overlays: overlayBits(file), padding };
}

/**
 * The stored values, if all of them lie in the bits that Bits Stored and High Bit name (PS3.5 8.1.1). A value that is larger
 * than Bits Stored allows would else be another one without a word.
 *
 * @throws RefusedInputError `pixel-format-unsupported`
 */
export function withoutStrayBits(
  { pixels, stray }: InterpretedPixels,
  format: PixelFormat,
  { header, name }: { header: SeriesHeader; name: string }
): StoredPixels {
  if (stray === null) return pixels;
  const [row, column] = [Math.floor(stray.at / format.columns), stray.at % format.columns];
  throw new RefusedInputError(
    'pixel-format-unsupported',
    `File ${name} of ${describeSeries(header)}: its pixels do not fit Bits Stored (0028,0101) ${format.bitsStored} and High Bit ` +
      `(0028,0102) ${format.highBit}: row ${row + 1}, column ${column + 1} holds ${stray.word}. The file states no overlay in ` +
      'the other bits.',
    'Have Bits Stored and High Bit corrected at the source, or export the series again.',
    { series: header.seriesInstanceUid, file: name, bitsStored: format.bitsStored }
  );
}

/** Bits that overlays without data of their own use (60xx,0102): such an overlay lies in the pixels (PS3.5 8.1.2). */
function overlayBits({ elements, bytes }: Part10File): number {
  let mask = 0;
  for (const [tag, element] of elements.elements) {
    if (!/^60[0-9A-F]{2}0102$/.test(tag)) continue;
    if (elements.elements.has(`${tag.slice(0, 4)}3000`)) continue;
    const position = Number(readValue(element, elements, bytes).values[0]);
    if (position >= 0 && position < 32) mask |= 1 << position;
  }
  return mask;
}
