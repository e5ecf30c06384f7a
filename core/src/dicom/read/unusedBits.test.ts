import { firstItems } from '../../items';
import type { SliceInput } from '../../types';
import { element, mrImage, US, type Bytes } from '../../../test/testFile';
import { readDicomFile, readSlices } from './readDicomFile';

const words = (...values: number[]): Bytes =>
  element(
    '7FE00010',
    'OW',
    values.flatMap((value) => US(value & 0xffff))
  );
/** Without rescaling: the values as they are stored. */
const PLAIN = { '00281052': null, '00281053': null };

async function sliceOf(changes: Record<string, Bytes | null>): Promise<SliceInput> {
  const [slice] = firstItems(
    await readSlices(readDicomFile(mrImage({ ...PLAIN, ...changes }), 'a.dcm')),
    1
  );
  return slice;
}

test('a value that is larger than Bits Stored is not cut down to another', async () => {
  await expect(sliceOf({ '7FE00010': words(1, 2, 3, 4, 5000, 6) })).rejects.toMatchObject({
    code: 'pixel-format-unsupported',
    message: expect.stringMatching(
      /a\.dcm of series 7 "MRC": its pixels do not fit Bits Stored \(0028,0101\) 12 .*row 2, column 2 holds 5000/
    ),
  });
});

test('a High Bit that cuts off bits of the values is refused', async () => {
  const highBit = element('00280102', 'US', US(13));
  await expect(sliceOf({ '00280102': highBit })).rejects.toThrow(/High Bit \(0028,0102\) 13/);
  const shifted = { '00280102': highBit, '7FE00010': words(4, 8, 12, 16, 20, 24) };
  expect(Array.from((await sliceOf(shifted)).pixels)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a sign may be extended to the whole word or not', async () => {
  const signed = element('00280103', 'US', US(1));
  const slice = await sliceOf({
    '00280103': signed,
    '7FE00010': words(-1, 0xfff, -7, 0xff9, 5, 6),
  });
  expect(Array.from(slice.pixels)).toEqual([-1, -1, -7, -7, 5, 6]);
});

test('an overlay in the pixels is removed where the file states it (PS3.5 8.1.2)', async () => {
  const pixels = words(1, 2, 3, 4, 0x1005, 6);
  const position = element('60020102', 'US', US(12));
  const { pixels: read } = await sliceOf({ '60020102': position, '7FE00010': pixels });
  expect(Array.from(read)).toEqual([1, 2, 3, 4, 5, 6]);
  // Another bit, or an overlay that has data of its own.
  const other = element('60020102', 'US', US(13));
  const apart = { '60020102': position, '60023000': element('60023000', 'OW', [0, 0]) };
  for (const overlay of [{ '60020102': other }, apart]) {
    await expect(sliceOf({ ...overlay, '7FE00010': pixels })).rejects.toThrow(/holds 4101/);
  }
});

test('padding may be larger than Bits Stored', async () => {
  const padded = await sliceOf({
    '00280120': element('00280120', 'US', US(63536)),
    '7FE00010': words(63536, 2, 3, 4, 5, 63536),
  });
  expect(Array.from(padded.pixels)).toEqual([0, 2, 3, 4, 5, 0]);
  expect(Array.from(padded.padded ?? [])).toEqual([1, 0, 0, 0, 0, 1]);
});
