import { firstItems } from '../../items';
import { RefusedInputError } from '../../types';
import { readDicomFile, readSlices } from './readDicomFile';
import {
  element,
  implicit,
  item,
  mrImage,
  tagBytes,
  text,
  US,
  type Bytes,
} from '../../../test/testFile';

const PIXELS = [1, 3, 5, 7, 9, 11];

async function pixelsOf(file: ArrayBuffer): Promise<number[]> {
  const [slice] = firstItems(await readSlices(readDicomFile(file, 'a.dcm')), 1);
  return Array.from(slice.pixels);
}

async function refusal(file: ArrayBuffer): Promise<RefusedInputError> {
  const error: unknown = await pixelsOf(file).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RefusedInputError);
  return error as RefusedInputError;
}

const ends: Bytes = [...tagBytes('FFFEE0DD'), 0, 0, 0, 0];

describe('an attribute that is not needed does not veto the pixels', () => {
  test.each<[string, Record<string, Bytes>]>([
    [
      'a compressed icon',
      {
        '00880200': element('00880200', 'SQ', [
          ...item(
            element('00280010', 'US', US(64)),
            [...tagBytes('7FE00010'), ...text('OB'), 0, 0, 255, 255, 255, 255],
            item(),
            item([1, 2, 3, 4]),
            ends
          ),
        ]),
      },
    ],
    ['an unknown VR of two blanks', { '00280120': [...tagBytes('00280120'), 32, 32, 2, 0, 9, 0] }],
    [
      'an unknown VR in capitals, with a long length',
      { '00181000': [...tagBytes('00181000'), ...text('ZZ'), 0, 0, 4, 0, 0, 0, 1, 2, 3, 4] },
    ],
    ['a length that is too great', { '00181000': element('00181000', 'LO', 'SERIAL', 9) }],
    ['a length that is too small', { '00181000': element('00181000', 'LO', 'SERIAL', 3) }],
    [
      'an odd length, padded without being counted',
      { '00181000': element('00181000', 'LO', [...text('ODD'), 0], 3) },
    ],
    [
      'a sequence with rubbish in it',
      { '00081140': element('00081140', 'SQ', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) },
    ],
    [
      'an item that is longer than its sequence',
      { '00081140': element('00081140', 'SQ', [...tagBytes('FFFEE000'), 99, 0, 0, 0, 1, 2]) },
    ],
    ['a number in text that is none', { '00181314': element('00181314', 'DS', '12 deg') }],
    ['US with three bytes', { '00280106': element('00280106', 'US', [1, 2, 3, 0], 4) }],
    ['a window that is no number', { '00281050': element('00281050', 'DS', 'wide') }],
    [
      'a private blob',
      {
        '00291010': element(
          '00291010',
          'OB',
          Array.from({ length: 99 }, (_, n) => (n * 7) % 256)
        ),
      },
    ],
  ])('%s', async (_, changes) => {
    expect(await pixelsOf(mrImage(changes))).toEqual(PIXELS);
  });

  test('a sequence stored as UN is read (PS3.5 6.2.2), whichever way its items are coded', () => {
    for (const write of [implicit, (tag: string, value: string) => element(tag, 'LO', value)]) {
      const file = mrImage({
        '00321064': element('00321064', 'UN', item(write('00080104', 'MR head'))),
      });
      const { RequestedProcedureCodeSequence: items } = readDicomFile(file, 'a').file.dataset;
      expect(items).toEqual([{ CodeMeaning: 'MR head' }]);
    }
  });
});

describe('what is there but cannot be read is not taken for absent', () => {
  test.each<[string, string, Bytes, string]>([
    ['Rescale Slope', '00281053', element('00281053', 'DS', '0,5'), '"0,5"'],
    ['Rescale Slope', '00281053', element('00281053', 'DS', '1\\2'), '"1\\2"'],
    ['Rescale Intercept', '00281052', element('00281052', 'DS', '--1'), '"--1"'],
    ['Pixel Spacing', '00280030', element('00280030', 'DS', '0,5\\0,5'), '"0,5\\0,5"'],
    ['Pixel Spacing', '00280030', element('00280030', 'DS', '0.5'), '"0.5"'],
    ['Image Position (Patient)', '00200032', element('00200032', 'DS', '1\\x\\2'), '"1\\x\\2"'],
    ['Inversion Time', '00180082', element('00180082', 'DS', '2250ms'), '"2250ms"'],
    ['Echo Time', '00180081', element('00180081', 'DS', '5:40'), '"5:40"'],
    ['Echo Time', '00180081', element('00180081', 'DS', '540\\90'), '"540\\90"'],
    ['Repetition Time', '00180080', element('00180080', 'DS', '9.000,0'), '"9.000,0"'],
    ['Spacing Between Slices', '00180088', element('00180088', 'DS', '0,5'), '"0,5"'],
    ['Rows', '00280010', element('00280010', 'US', [2, 0, 3, 0]), '"2\\3"'],
    ['Number Of Frames', '00280008', element('00280008', 'IS', '1\\2'), '"1\\2"'],
    ['Bits Stored', '00280101', element('00280101', 'US', [12, 0, 0]), '"0c 00 00"'],
    ['Number Of Frames', '00280008', element('00280008', 'IS', 'one'), '"one"'],
    ['Pixel Padding Value', '00280120', element('00280120', 'US', [1, 2, 3]), '"01 02 03"'],
    [
      'Shared Functional Groups Sequence',
      '52009229',
      element('52009229', 'SQ', [1, 2, 3, 4, 5, 6, 7, 8]),
      '"a sequence"',
    ],
  ])('%s is refused with series, tag and value', async (name, tag, bytes, value) => {
    const error = await refusal(mrImage({ [tag]: bytes }));
    expect(error.code).toBe('value-unreadable');
    const shown = `(${tag.slice(0, 4)},${tag.slice(4)})`;
    expect(error.message).toContain(`Series 7 "MRC": ${name} ${shown} of image 3 is ${value}`);
    expect(error.values).toMatchObject({
      series: '2.25.21',
      tag: shown,
      sopInstanceUid: '2.25.31',
    });
  });

  test('absent stays absent', async () => {
    expect(await pixelsOf(mrImage({ '00281052': null, '00281053': null }))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(await pixelsOf(mrImage({ '00281053': element('00281053', 'DS', '') }))).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  test('a value that stands twice, or where its tag does not belong, is refused', async () => {
    const twice = [...element('00281053', 'DS', '2'), ...element('00281053', 'DS', '4')];
    expect((await refusal(mrImage({ '00281053': twice }))).code).toBe('value-unreadable');
    // Window Center whose tag was hit: a slope among the bits.
    const wrong = element('00281053', 'DS', '40');
    const file = mrImage({
      '00281053': null,
      '00280100': [...wrong, ...element('00280100', 'US', US(16))],
    });
    expect((await refusal(file)).code).toBe('value-unreadable');
  });
});

describe('a length that hides what follows', () => {
  const serial = (length: number): Bytes => element('00281051', 'DS', '1000', length);

  test('by a whole element: the hidden element is read', async () => {
    // Over (0028,1052), 8 + 2 bytes, and over (0028,1053) too.
    for (const length of [14, 24]) {
      expect(await pixelsOf(mrImage({ '00281051': serial(length) }))).toEqual(PIXELS);
    }
  });

  test('of pixel data: more than the file has is refused, less than the image needs too', async () => {
    for (const length of [0x7fffffff, 10, 0]) {
      const pixels = element('7FE00010', 'OW', [1, 0, 2, 0, 3, 0, 4, 0, 5, 0], length);
      expect((await refusal(mrImage({ '7FE00010': pixels }))).code).toBe('pixel-data-truncated');
    }
  });
});

describe('budgets', () => {
  const huge = {
    '00280010': element('00280010', 'US', US(65535)),
    '00280011': element('00280011', 'US', US(65535)),
  };

  test('an image larger than its file allocates nothing', async () => {
    expect((await refusal(mrImage(huge))).code).toBe('pixel-format-unsupported');
    const frames = { '00280008': element('00280008', 'IS', '2000000000') };
    expect((await refusal(mrImage(frames))).message).toMatch(/frame|2000000000/);
  });

  test('sequences nest to a limit, and no file takes long', async () => {
    let nested: Bytes = [];
    // Each level as long as possible: a reader that tries twice per level never ends.
    for (let depth = 0; depth < 200; depth++) nested = item(element('00081140', 'UN', nested));
    const start = process.cpuUsage().user;
    expect(await pixelsOf(mrImage({ '00081140': element('00081140', 'UN', nested) }))).toEqual(
      PIXELS
    );
    const open = [
      ...tagBytes('00081140'),
      ...text('SQ'),
      0,
      0,
      255,
      255,
      255,
      255,
      ...tagBytes('FFFEE000'),
      255,
      255,
      255,
      255,
    ];
    const endless = mrImage({ '00081140': Array.from({ length: 5000 }, () => open).flat() });
    expect((await refusal(endless)).code).toMatch(/file-damaged|pixel-data-truncated/);
    expect(process.cpuUsage().user - start).toBeLessThan(2e6);
  });
});

test('padding is no signal: 0, and marked (PS3.3 C.7.5.1.1.2)', async () => {
  const signed = (value: number): Bytes => US(value & 0xffff);
  const padded = mrImage({
    '00280101': element('00280101', 'US', US(16)),
    '00280102': element('00280102', 'US', US(15)),
    '00280103': element('00280103', 'US', US(1)),
    '00280120': element('00280120', 'SS', signed(-2000)),
    '00280121': element('00280121', 'SS', signed(-1990)),
    '7FE00010': element('7FE00010', 'OW', [-2000, -1995, -1990, -1989, 5, 6].flatMap(signed)),
  });
  const [slice] = firstItems(await readSlices(readDicomFile(padded, 'a.dcm')), 1);
  expect(Array.from(slice.pixels)).toEqual([0, 0, 0, -3979, 9, 11]);
  expect(Array.from(slice.padded ?? [])).toEqual([1, 1, 1, 0, 0, 0]);
});

test('text: an item’s set holds inside it only; what cannot be read is noted and stops nothing', async () => {
  const file = mrImage({
    '00080005': element('00080005', 'CS', 'ISO_IR 192'),
    '00081030': element('00081030', 'LO', [0xc3, 0xa9, 0x65, 0x20]),
    '00081140': element(
      '00081140',
      'SQ',
      item(
        element('00080005', 'CS', 'ISO_IR 100'),
        element('00081150', 'LO', 'x'),
        element('00400007', 'LO', [0xe9, 0x20])
      )
    ),
    '00321064': element('00321064', 'SQ', item(element('00080104', 'LO', [0xc3, 0xa9]))),
    '00400254': element('00400254', 'LO', [0xe9, 0x20]),
  });
  const image = readDicomFile(file, 'a.dcm');
  expect(image.file.dataset).toMatchObject({
    SpecificCharacterSet: 'ISO_IR 192',
    StudyDescription: 'ée',
    ReferencedImageSequence: [{ ScheduledProcedureStepDescription: 'é' }],
    RequestedProcedureCodeSequence: [{ CodeMeaning: 'é' }],
  });
  expect(image.file.textProblems).toEqual([
    '(0040,0254): it has bytes that character set "ISO_IR 192" does not define',
  ]);
  expect(await pixelsOf(file)).toEqual(PIXELS);
});
