import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, Vector3 } from '../../types';
import { encodeForeign, type ForeignSegmentation } from '../../../test/foreignSegmentation';
import { TEST_GRID, testSeries, testVolume } from '../../../test/testSeries';
import { decodeSegmentation } from './decodeSegmentation';
import { matchSegment } from './matchSegment';

/** Segmentations as other software writes them. */
const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const { direction, spacing, origin } = TEST_GRID;

interface Foreign extends Omit<ForeignSegmentation, 'direction' | 'frames'> {
  /** MRC voxel of the first pixel's centre. */
  first: Vector3;
  /** Segment Number, slice and pixels of each frame. */
  frames: [number, number, Uint8Array][];
}

/** LPS mm of a place in MRC's voxels. */
const world = (at: Vector3): number[] =>
  [0, 1, 2].map(
    (d) =>
      origin[d]! +
      at.reduce((sum, n, axis) => sum + n * spacing[axis]! * direction[3 * axis + d]!, 0)
  );

function foreign({ first, frames, ...others }: Foreign): ArrayBuffer {
  const { voxel } = others;
  return encodeForeign({
    ...others,
    direction,
    frames: frames.map(([number, slice, pixels]) => ({
      number,
      position: world([first[0], first[1], first[2] + (slice * voxel[2]) / spacing[2]]),
      pixels,
    })),
  });
}

/** A box in MRC's voxels, ends excluded, on a grid whose voxels are `1 / finer` of MRC's in a plane. */
function box(
  columns: number,
  rows: number,
  [i0, i1, j0, j1]: [number, number, number, number]
): Uint8Array {
  return Uint8Array.from({ length: columns * rows }, (_, n) => {
    const [i, j] = [n % columns, Math.floor(n / columns)];
    return i >= i0 && i < i1 && j >= j0 && j < j1 ? 1 : 0;
  });
}

const count = ({ data }: LabelVolume, number: number): number =>
  data.filter((label) => label === number).length;

describe('names of segments', () => {
  const named = (SegmentLabel: string, type?: NaturalizedDataset): string | null =>
    matchSegment({ SegmentLabel, SegmentedPropertyTypeCodeSequence: type && [type] })?.label ??
    null;

  test.each([
    ['lt_vest', 'Left vestibule'],
    ['coch_R', 'Right cochlea'],
    ['RtCoch', 'Right cochlea'],
    ['왼쪽 달팽이관', 'Left cochlea'],
    ['우측전정', 'Right vestibule'],
    ['左蝸牛', 'Left cochlea'],
    ['右前庭', 'Right vestibule'],
    ['Cóclea izquierda', 'Left cochlea'],
    ['Vestibolo destro', 'Right vestibule'],
  ])('"%s" is the %s', (label, expected) => {
    expect(named(label)).toBe(expected);
  });

  test.each([
    '좌측 내림프',
    '右前庭神経',
    '左内リンパ',
    '左右前庭',
    '전정',
    'lt_vest_nerve',
    '우측 와우신경',
  ])('"%s" is none', (label) => {
    expect(named(label)).toBeNull();
  });

  test.each([
    ['FMA', '60201', 'Left cochlea'],
    ['FMA', 'FMA60183', 'Left vestibule'],
    ['TA2', '6964', 'Left cochlea'],
    ['99TA2', 'TA2:6942', 'Left vestibule'],
    ['TA', 'A15.3.03.004', 'Left vestibule'],
  ])('%s %s is the organ; the same number of another scheme is none', (scheme, value, expected) => {
    const code = (CodingSchemeDesignator: string) => ({
      ...{ CodeValue: value, CodingSchemeDesignator, CodeMeaning: 'Structure' },
    });
    expect(named('L', code(scheme))).toBe(expected);
    expect(named('L', code('99OTHER'))).toBeNull();
  });
});

describe('segments whose names say nothing', () => {
  const region = {
    voxel: [...spacing] as Vector3,
    first: [0, 0, 0] as Vector3,
    columns: 13,
    rows: 9,
  };
  const file = foreign({
    ...region,
    labels: ['Region A', 'Left vestibule', 'Region C'],
    frames: [
      [1, 2, box(13, 9, [1, 4, 1, 4])],
      [2, 2, box(13, 9, [6, 8, 1, 4])],
      [3, 2, box(13, 9, [6, 8, 5, 8])],
    ],
  });

  test('are taken as the reader assigned them, and the choice is told', () => {
    const { labels, warnings } = decodeSegmentation(file, mrc, { 1: 3 });
    expect([1, 2, 3, 4].map((number) => count(labels, number))).toEqual([0, 6, 9, 0]);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'segment-assigned',
        message: 'The reader took stored segment 1 "Region A" as the right cochlea.',
        ear: 'right',
      }),
    ]);
  });

  test('an assignment comes before the name, and can take a segment away', () => {
    const swapped = decodeSegmentation(file, mrc, { 3: 2, 2: 0 });
    expect([1, 2, 3, 4].map((number) => count(swapped.labels, number))).toEqual([0, 6, 0, 0]);
    expect(swapped.labels.data[6 + 13 * (5 + 9 * 2)]).toBe(2);
    expect(swapped.warnings.map(({ code }) => code)).toEqual(['segment-assigned']);
  });

  test('without any organ the refusal says that they can be assigned', () => {
    const nameless = foreign({
      ...{ ...region, labels: ['Region A'], frames: [[1, 2, box(13, 9, [1, 4, 1, 4])]] },
    });
    expect(() => decodeSegmentation(nameless, mrc)).toThrow(
      expect.objectContaining({
        code: 'segmentation-without-organs',
        remedy: expect.stringContaining('in the panel') as string,
      })
    );
  });
});

describe('a segmentation on another grid of the same frame of reference', () => {
  /** Half the voxels in a plane and along the stack: first centres a quarter of a voxel before MRC's. */
  const finer = {
    labels: ['Left cochlea'],
    voxel: spacing.map((mm) => mm / 2) as Vector3,
    first: [-0.25, -0.25, -0.25] as Vector3,
    ...{ columns: 26, rows: 18 },
    frames: [4, 5].map((slice): [number, number, Uint8Array] => [
      1,
      slice,
      box(26, 18, [2, 8, 4, 10]),
    ]),
  };

  test('is taken onto the voxels of MRC, and the warning names both volumes', () => {
    const { labels, warnings } = decodeSegmentation(foreign(finer), mrc);
    const expected = new Uint8Array(labels.data.length);
    for (let j = 2; j < 5; j++) for (let i = 1; i < 4; i++) expected[i + 13 * (j + 9 * 2)] = 1;
    expect(labels.data).toEqual(expected);
    expect(warnings.map(({ code }) => code)).toEqual(['segmentation-resampled']);
    expect(warnings[0]!.message).toContain('0.25 × 0.375 × 0.625 mm');
    expect(warnings[0]!.message).toContain('left cochlea 4.2 mm³ as stored, 4.2 mm³ as measured');
  });

  test('keeps the volume where every border halves a voxel, whatever the last digits say', () => {
    const halved = finer.frames.map(([number, slice]): [number, number, Uint8Array] => [
      ...([number, slice + 1] as const),
      box(26, 18, [3, 9, 5, 11]),
    ]);
    const { labels } = decodeSegmentation(foreign({ ...finer, frames: halved }), mrc);
    expect(count(labels, 1)).toBe(9);
  });

  test('with empty slices between its frames too, in any order', () => {
    const [, , pixels] = finer.frames[0]!;
    const apart = [9, 4, 8, 5].map((slice): [number, number, Uint8Array] => [1, slice, pixels]);
    const { labels } = decodeSegmentation(foreign({ ...finer, frames: apart }), mrc);
    const slices = [0, 1, 2, 3, 4, 5].map((k) =>
      labels.data.slice(117 * k, 117 * (k + 1)).reduce((sum, label) => sum + label, 0)
    );
    expect(slices).toEqual([0, 0, 9, 0, 9, 0]);
  });

  test('is refused in another frame of reference, and where it reaches beyond MRC', () => {
    const elsewhere = foreign({ ...finer, more: { FrameOfReferenceUID: '2.25.3002' } });
    expect(() => decodeSegmentation(elsewhere, mrc)).toThrow(
      expect.objectContaining({ code: 'frame-of-reference-differs' })
    );
    const nowhere = foreign({ ...finer, more: { FrameOfReferenceUID: '' } });
    expect(() => decodeSegmentation(nowhere, mrc)).toThrow(
      expect.objectContaining({ code: 'segmentation-grid-differs' })
    );
    const beyond = foreign({ ...finer, first: [-3.25, -0.25, -0.25] });
    expect(() => decodeSegmentation(beyond, mrc)).toThrow(/lie outside series "MRC"/);
  });

  test('of our own software stays refused: its numbers belong to the series that was measured', () => {
    const ours = foreign({ ...finer, more: { Manufacturer: 'Inner Ear Hydrops' } });
    expect(() => decodeSegmentation(ours, mrc)).toThrow(
      expect.objectContaining({ code: 'segmentation-grid-differs' })
    );
  });
});
