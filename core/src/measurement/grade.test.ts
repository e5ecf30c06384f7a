import { axialGrid } from '../../test/testGrids';
import type { AlignmentReport, SliceMeasurement } from '../types';
import { alignmentDoubt } from './alignmentDoubt';
import { doubtWeakEnhancement, nakashimaGrade, suggestGrade } from './grade';

const slice = (
  ratio: number,
  changes: Partial<SliceMeasurement> & { image?: Partial<SliceMeasurement['image']> } = {}
): SliceMeasurement => ({
  ratio,
  totalPixels: 100,
  endolymphPixels: Math.round(100 * ratio),
  interval: [ratio - 0.02, ratio + 0.02],
  ...changes,
  image: { seriesNumber: 4, instanceNumber: 25, frameNumber: null, sopInstanceUid: '1' },
});
const clear = { neighbours: [slice(0.42), slice(0.43)], volume: { ratio: 0.4 } };

test('thresholds are a third and a half, each still of the lower grade', () => {
  expect([0, 1 / 3, 0.34, 0.5, 0.51, 1].map(nakashimaGrade)).toEqual([
    'none',
    'none',
    'mild',
    'mild',
    'significant',
    'significant',
  ]);
});

test('a grade that nothing would change is not borderline', () => {
  expect(suggestGrade({ area: slice(0.42), ...clear })).toEqual({
    scheme: 'nakashima',
    suggested: 'mild',
    borderline: false,
    doubts: [],
  });
});

test('an interval that reaches over a threshold is said with its ends', () => {
  const area = slice(0.35, { interval: [0.31, 0.39] });
  const { borderline, doubts } = suggestGrade({ area, ...clear });
  expect(borderline).toBe(true);
  expect(doubts).toEqual([
    {
      code: 'interval',
      message:
        'Because of noise and of how exactly PPI lies on PEI, the area ratio may lie anywhere from 31.0 % to 39.0 %: none to mild.',
    },
  ]);
  const unknown = suggestGrade({ area: slice(0.35, { interval: null }), ...clear });
  expect(unknown.borderline).toBe(false);
});

test('after a correction of motion a grade near a threshold is borderline', () => {
  const graded = (ratio: number, left: number) =>
    suggestGrade({
      area: slice(ratio),
      neighbours: [],
      volume: { ratio },
      alignment: { left, because: 'Motion was corrected' },
    });
  expect(graded(0.45, 0.1).doubts).toEqual([
    {
      code: 'alignment',
      message:
        'Motion was corrected: the area ratio of 45.0 % may be off by 10 points: mild to significant.',
    },
  ]);
  expect(graded(0.45, 0).borderline).toBe(false);
  expect(graded(0.2, 0.1).borderline).toBe(false);
  expect(graded(0.95, 0.2).borderline).toBe(false);
});

test('what interpolation and small movements may do to a ratio grows with pixels and movement', () => {
  const still: AlignmentReport = {
    treatment: 'identical',
    translation: [0, 0, 0],
    rotation: [0, 0, 0],
    displacement: 0,
    againstPei: { displacement: 0.05, standardError: 0.04 },
    interpolation: 'none',
  };
  const moved: AlignmentReport = { ...still, treatment: 'corrected', interpolation: 'cubic' };
  const apart = (displacement: number) => ({
    againstPei: { displacement, standardError: 0.04 },
  });
  const left = (ppi: AlignmentReport, pixel = 0.5) =>
    alignmentDoubt({
      alignment: { ppi, pei: still },
      mrc: { ...axialGrid([2, 2, 1], [pixel, pixel, 1]), data: new Float32Array(4) },
    })?.left ?? 0;
  expect(left(still)).toBe(0);
  expect(left({ ...still, treatment: 'resampled', interpolation: 'cubic' })).toBe(0.1);
  expect([left(moved), left({ ...moved, ...apart(0.8) }), left(moved, 0.77)]).toEqual([
    0.1, 0.2, 0.3,
  ]);
});

test('a neighbouring slice of another grade is said, if it shows enough of the vestibule', () => {
  const area = slice(0.58);
  const volume = { ratio: 0.55 };
  const next = slice(0.16, { totalPixels: 50 });
  const { suggested, doubts } = suggestGrade({ area, neighbours: [slice(0.6), next], volume });
  expect(suggested).toBe('significant');
  expect(doubts).toEqual([
    {
      code: 'neighbouring-slice',
      message: 'On the neighbouring image 25 the area ratio is 16.0 %: none.',
    },
  ]);
  const edge = slice(0.16, { totalPixels: 49 });
  expect(suggestGrade({ area, neighbours: [null, edge], volume }).borderline).toBe(false);
});

test('a volume ratio far off beyond a threshold is said, and given no grade', () => {
  const gap = (area: number, volume: number) =>
    suggestGrade({ area: slice(area), neighbours: [], volume: { ratio: volume } }).doubts;
  expect(gap(0.45, 0.18)).toEqual([
    {
      code: 'area-volume-gap',
      message:
        'The volume ratio of 18.0 % lies 27 points below the area ratio of 45.0 %: this slice is not typical of the vestibule.',
    },
  ]);
  // As wide, but on one side of the thresholds; and across one, but nearer than a repeated scan might read.
  expect(gap(0.9, 0.6)).toEqual([]);
  expect(gap(0.36, 0.3)).toEqual([]);
});

test.each([
  [0.36, 0.24],
  [0.42, 0.3],
  [0.45, 0.57],
  [0.58, 0.48],
  [0.3, 0.38],
])(
  'an area ratio of %d with a volume ratio of %d, in another grade, is borderline',
  (area, volume) => {
    const grade = suggestGrade({ area: slice(area), neighbours: [], volume: { ratio: volume } });
    expect(nakashimaGrade(area)).not.toBe(nakashimaGrade(volume));
    expect(grade).toMatchObject({
      suggested: nakashimaGrade(area),
      borderline: true,
      doubts: [{ code: 'area-volume-gap' }],
    });
  }
);

test('weak enhancement puts every grade in doubt but "none", which it can only have raised', () => {
  const doubted = (ratio: number) =>
    doubtWeakEnhancement(suggestGrade({ area: slice(ratio), neighbours: [], volume: { ratio } }));
  expect(doubted(0.8)).toMatchObject({ suggested: 'significant', borderline: true });
  expect(doubted(0.8).doubts.map(({ code }) => code)).toEqual(['weak-enhancement']);
  expect(doubted(0.2)).toMatchObject({ suggested: 'none', borderline: false });
});
