import { RefusedInputError } from '../../types';
import { element, implicit, mrImage, US, type Bytes } from '../../../test/testFile';
import { assembleCollected } from './collectedSeries';
import { readSeries } from './readSeries';

type Changes = (k: number) => Record<string, Bytes | null | undefined>;

/** Five slices; `changes` are those of slice k. */
async function assembled(changes: Changes, reversed = false) {
  const files = [0, 1, 2, 3, 4].map((k) => ({
    name: `slice${k}`,
    buffer: mrImage({
      '00080018': element('00080018', 'UI', `2.25.3${k}`),
      '00100010': element('00100010', 'PN', 'Kim^Minji'),
      '00100020': element('00100020', 'LO', 'P1'),
      '00200013': element('00200013', 'IS', String(k + 11)),
      '00200032': element('00200032', 'DS', `0\\0\\${k}`),
      '00200052': element('00200052', 'UI', '2.25.51'),
      ...(changes(k) as Record<string, Bytes | null>),
    }),
  }));
  const { series } = await readSeries(reversed ? files.reverse() : files);
  const [collected] = series.values();
  if (!collected) throw new Error('no series');
  return assembleCollected(collected);
}

async function refusal(changes: Changes, reversed = false) {
  const error: unknown = await assembled(changes, reversed).catch((reason: unknown) => reason);
  if (error instanceof RefusedInputError) return error;
  throw new Error('nothing was refused');
}

test.each<[string, string, string, string, string]>([
  ['Patient ID (0010,0020)', '00100020', 'LO', 'P2', ''],
  ['Issuer of Patient ID (0010,0021)', '00100021', 'LO', 'B', 'A'],
  ['Patient’s Name (0010,0010)', '00100010', 'PN', 'Lee^Jun', ''],
  ['Study Instance UID (0020,000D)', '0020000D', 'UI', '2.25.12', ''],
  ['Frame of Reference UID (0020,0052)', '00200052', 'UI', '2.25.52', ''],
  ['Modality (0008,0060)', '00080060', 'CS', 'CT', ''],
])(
  'another %s, in one image or in most of them, is refused with values and numbers',
  async (name, tag, vr, other, usual) => {
    const value = (text: string) => (text ? { [tag]: element(tag, vr, text) } : {});
    const refused = await refusal((k) => value(k === 3 ? other : usual));
    expect(refused).toMatchObject({ code: 'series-mixed' });
    expect(refused.message).toContain('Series 7 "MRC": its images are of more than one ');
    expect(refused.message).toContain(`${name} is "`);
    expect(refused.message).toContain('in 4 images and "');
    expect(refused.message).toContain(`"${other}" in 1 image (image 14, file slice3)`);
    // The first image is asked like the others.
    const most = await refusal((k) => value(k > 0 ? other : usual));
    expect(most.message).toContain(`"${other}" in 4 images and `);
    expect((await refusal((k) => value(k > 0 ? other : usual), true)).message).toBe(most.message);
  }
);

test.each<[string, Changes]>([
  ['an ID that some images do not state', (k) => (k === 2 ? { '00100020': null } : {})],
  [
    'a name with other spaces and delimiters at its end',
    (k) => (k === 2 ? { '00100010': element('00100010', 'PN', 'KIM^Minji^^') } : {}),
  ],
  [
    'a name that cannot be read whole',
    (k) => (k === 2 ? { '00100010': element('00100010', 'PN', [0x4b, 0xe9, 0x6d, 0x20]) } : {}),
  ],
])('%s is no other patient', async (_, changes) => {
  expect((await assembled(changes)).series.volume.size[2]).toBe(5);
});

test.each([
  ['empty', element('00281053', 'DS', ''), 'is empty'],
  ['absent', null, 'is absent'],
  ['0', element('00281053', 'DS', '0'), 'is 0'],
])('a Rescale Slope that is %s in one image is refused: it is no 1', async (_, slope, words) => {
  const error = await refusal((k) => (k === 3 ? { '00281053': slope, '00281052': null } : {}));
  expect(error.code).toBe('scale-mixed');
  expect(error.message).toContain(`Rescale Slope (0028,1053) ${words} in image 14; `);
  expect(error.message).toContain('Rescale Slope (0028,1053) is 2 in image 11');
  // All without one are on one scale.
  const all = await assembled(() => ({ '00281053': slope, '00281052': null }));
  expect(all.series.scale).toMatchObject({ source: 'stored' });
});

test('a Rescale Slope of 1 beside images without one is one scale', async () => {
  const scale = { '00281053': element('00281053', 'DS', '1'), '00281052': null };
  const none = { '00281053': null, '00281052': null };
  const { series } = await assembled((k) => (k === 3 ? scale : none));
  expect(series.volume.size[2]).toBe(5);
  // Each image states its own: a slope of 1 beside others of 2 is right.
  const stated = await assembled((k) =>
    k === 3 ? { '00281053': element('00281053', 'DS', '1') } : {}
  );
  expect(stated.series.volume.size[2]).toBe(5);
});

test('a Rescale Intercept that one image lacks beside others with one is refused', async () => {
  const error = await refusal((k) =>
    k === 3 ? { '00281052': element('00281052', 'DS', '') } : {}
  );
  expect(error.code).toBe('scale-mixed');
  expect(error.message).toContain('Rescale Intercept (0028,1052) is empty in image 14');
});

test('half a stack of another inversion time is refused', async () => {
  const time = (ms: string) => ({ '00180082': element('00180082', 'DS', ms) });
  const error = await refusal((k) => time(k < 2 ? '2250' : '2050'));
  expect(error.code).toBe('times-mixed');
  expect(error.message).toContain('Inversion Time (0018,0082) is 2250 ms in 2 images');
  expect((await assembled((k) => time(k < 2 ? '2250' : '2250.4'))).warnings).toEqual([]);
});

test('of two files under one UID with other pixels both are named', async () => {
  const pixels = element('7FE00010', 'OW', [9, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
  const same = (k: number): Record<string, Bytes> =>
    k === 1 ? { '00080018': element('00080018', 'UI', '2.25.30'), '7FE00010': pixels } : {};
  const there = (k: number) => ({
    ...(k === 1
      ? {
          '00200013': element('00200013', 'IS', '11'),
          '00200032': element('00200032', 'DS', '0\\0\\0'),
        }
      : {}),
  });
  const refused = await refusal((k) => ({ ...same(k), ...there(k) }));
  expect(refused.code).toBe('slice-doubled');
  expect(refused.message).toMatch(/image 11 is there twice .* 2\.25\.30: slice0 and slice1\.$/);
  const two = await refusal((k) => ({ ...(k === 1 ? { '7FE00010': pixels } : {}), ...there(k) }));
  expect(two.message).toContain('image 11 (SOP Instance UID (0008,0018) 2.25.30, file slice0)');
  expect(two.message).toContain('image 11 (SOP Instance UID (0008,0018) 2.25.31, file slice1)');
});

test('GE says in a private element which image is the magnitude', async () => {
  const raw = (value: number, vr: string) => ({
    '00430010': element('00430010', 'LO', 'GEMS_PARM_01'),
    '0043102F': element('0043102F', vr, US(value)),
  });
  for (const vr of ['SS', 'UN']) {
    const files = [0, 1, 2, 3, 4].flatMap((k) =>
      [0, 1, 2].map((value) => ({
        name: `${k} ${value}`,
        buffer: mrImage({
          '00080018': element('00080018', 'UI', `2.25.3${k}${value}`),
          '00200032': element('00200032', 'DS', `0\\0\\${k}`),
          '7FE00010': element('7FE00010', 'OW', [value, 0, k, 0, 3, 0, 4, 0, 5, 0, 6, 0]),
          ...raw(value, vr),
        }),
      }))
    );
    const { series } = await readSeries(files);
    const [collected] = series.values();
    if (!collected) throw new Error('no series');
    const { series: read, warnings } = assembleCollected(collected);
    expect(read.sources.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
      [0, 1, 2, 3, 4].map((k) => `2.25.3${k}0`)
    );
    expect(warnings.map(({ code }) => code)).toEqual(['images-left-out']);
  }
});

test('an image that was left out is named where a slice is missing', async () => {
  const error = await refusal((k) =>
    k === 2
      ? { '00200037': element('00200037', 'DS', '0.9999\\0.0141\\0\\-0.0141\\0.9999\\0') }
      : {}
  );
  expect(error.code).toBe('slice-missing');
  expect(error.message).toContain(
    '1 image is there and was left out: 1 in other planes (image 13, '
  );
  expect(error.message).toContain('Image Orientation (0020,0037) [0.9999, 0.0141, 0, -0.0141,');
  expect(error.remedy).not.toMatch(/^Send/);
});

test('a missing position names series, tag and image', async () => {
  const error = await refusal((k) => (k === 2 ? { '00200032': null } : {}));
  expect(error.message).toBe(
    'Series 7 "MRC": Image Position (Patient) (0020,0032) is missing in image 13.'
  );
});

const groups = (count: number): Bytes =>
  element(
    '52009230',
    'SQ',
    Array.from({ length: count }, () => [...implicit('FFFEE000', '')]).flat()
  );

test.each([
  [
    '2 frames, 3 functional groups',
    { '00280008': element('00280008', 'IS', '2'), '52009230': groups(3) },
  ],
  ['no number, 2 functional groups', { '52009230': groups(2) }],
  [
    '1 frame, pixels for 2',
    { '7FE00010': element('7FE00010', 'OW', new Array<number>(24).fill(1)) },
  ],
])('%s: which frames are meant is not known', async (_, changes) => {
  const error = await refusal(() => changes);
  expect(error.code).toBe('frames-differ');
  expect(error.message).toMatch(/Number of Frames \(0028,0008\) is (2|absent), but its .* [23];/);
});

test('a part of a concatenation that is missing is named', async () => {
  const part = (number: number, total: boolean) => ({
    '00209161': element('00209161', 'UI', '2.25.9'),
    '00209162': element('00209162', 'US', US(number)),
    ...(total ? { '00209163': element('00209163', 'US', US(6)) } : {}),
  });
  const error = await refusal((k) => part(k + 1, true));
  expect(error.code).toBe('concatenation-incomplete');
  expect(error.message).toContain('it is stored in 6 parts');
  expect(error.message).toContain('part 6 (In-concatenation Number (0020,9162)) is missing');
  expect((await refusal((k) => part(k < 2 ? 1 : k + 1, false))).message).toContain('part 2 ');
  await expect(assembled((k) => part(k + 1, false))).resolves.toBeDefined();
});
