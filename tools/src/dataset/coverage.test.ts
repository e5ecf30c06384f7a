import {
  ANATOMY,
  AXIAL,
  EARS,
  ORGAN_KEYS,
  perEar,
  type EarSide,
  type Organ,
  type Series,
  type Vector3,
} from '@inner-ear-hydrops/core';
import { centredOrigin, createCase, simulateMrc } from '@inner-ear-hydrops/phantom';
import { checkCoverage } from './checkCoverage';
import { annotationKind, coverageOf, describeCoverage, type AskedKind } from './coverage';

interface Annotated {
  mrc: Series;
  anatomy: Uint8Array;
}

/** Cochlea and vestibule of a phantom's left ear on a stack of its own. @param dz mm between slices */
function phantomEar(seed: number, dz: number): Annotated {
  const upright = { tilt: [0, 0, 0] as Vector3, position: [0, 0, 0] as Vector3 };
  const drawn = createCase(seed, upright);
  const size: Vector3 = [80, 80, Math.round(30 / dz)];
  const spacing: Vector3 = [0.5, 0.5, dz];
  const origin = centredOrigin(size, spacing, AXIAL, drawn.earPositions.left);
  const grid = { size, spacing, direction: AXIAL, origin };
  const { anatomy, mrc } = simulateMrc(drawn, grid, { noise: false });
  const sources = Array.from({ length: size[2] }, (_, k) => ({
    sopInstanceUid: `1.2.${k}`,
    instanceNumber: k + 1,
  }));
  const header = { seriesNumber: 2, seriesDescription: 'MRC' };
  return {
    mrc: { header, sources, volume: mrc } as unknown as Series,
    anatomy: anatomy.map((code) => (code === 1 || code === 2 ? code : 0)),
  };
}

const slicesOf = ({ mrc, anatomy }: Annotated, organ: Organ): number[] => {
  const plane = mrc.volume.size[0] * mrc.volume.size[1];
  const shows = (k: number) =>
    anatomy.subarray(k * plane, (k + 1) * plane).includes(ANATOMY[organ]);
  return Array.from({ length: mrc.volume.size[2] }, (_, k) => k).filter(shows);
};

/** The annotation with one organ kept where `isKept` says so, by voxel. */
function keeping(
  study: Annotated,
  organ: Organ,
  isKept: (i: number, j: number, k: number) => boolean
) {
  const [columns, rows] = study.mrc.volume.size;
  const at = (n: number) =>
    [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
  const anatomy = study.anatomy.map((code, n) =>
    code === ANATOMY[organ] && !isKept(...at(n)) ? 0 : code
  );
  return { ...study, anatomy };
}

const onSlices = (study: Annotated, organ: Organ, kept: readonly number[]) =>
  keeping(study, organ, (_, __, k) => kept.includes(k));

const cover = (study: Annotated, asked: AskedKind = 'auto') =>
  coverageOf({ ...study, truth: null }, asked);
const left = (study: Annotated, organ: Organ, asked?: AskedKind) => {
  const found = cover(study, asked).left[organ];
  if (!found) throw new Error(`No ${organ} was annotated.`);
  return found;
};
const problems = (study: Annotated) => checkCoverage('studies/a', study.mrc, cover(study));

const fine = [700_000, 700_003, 700_007].map((seed) => phantomEar(seed, 1));
const thick = phantomEar(700_000, 2);

describe('an annotated organ', () => {
  it.each(ORGAN_KEYS)('is whole where all of a %s is there', (organ) => {
    expect(fine.map((study) => left(study, organ).doubts)).toEqual([[], [], []]);
  });

  it.each(ORGAN_KEYS)('is no whole %s on the three slices that a reader chose', (organ) => {
    for (const study of fine) {
      const all = slicesOf(study, organ);
      const middle = Math.floor(all.length / 2);
      const chosen = all.slice(middle - 1, middle + 2);
      const found = left(onSlices(study, organ, chosen), organ);
      expect([found.isWhole, found.extent.slices]).toEqual([false, chosen]);
      expect(found.doubts).not.toEqual([]);
    }
  });

  it('is no whole organ on every other slice, however many these are', () => {
    const [study] = fine;
    const found = left(
      keeping(study!, 'cochlea', (_, __, k) => k % 2 === 0),
      'cochlea'
    );
    expect(found.doubts.join()).toMatch(/between the first and the last/);
  });

  it('of thick slices counts as chosen slices where it shows on two, for both look alike', () => {
    const all = slicesOf(thick, 'vestibule');
    const two = left(onSlices(thick, 'vestibule', all.slice(0, 2)), 'vestibule');
    expect(two.isWhole).toBe(false);
    expect(two.doubts.join()).toMatch(/fewer than 3 slices/);
  });

  it('is what the user says, and the words say what speaks against it', () => {
    const [study] = fine;
    const chosen = onSlices(study!, 'vestibule', slicesOf(study!, 'vestibule').slice(2, 3));
    expect(left(chosen, 'vestibule', 'volume').isWhole).toBe(true);
    expect(left(study!, 'vestibule', 'slices').isWhole).toBe(false);
    const words = (asked: AskedKind) =>
      describeCoverage(cover(chosen, asked), { mrc: study!.mrc, truth: null }, asked)!;
    expect(words('auto')).toMatch(
      /^Annotated: left cochlea whole \(series 2, images \d+–\d+: .* mm³; without a gap, .*\); left vestibule on a chosen slice \(series 2, image \d+: 1\.0 mm, \d+ mm³; fewer than 3 slices/
    );
    expect(words('volume')).toMatch(
      /left vestibule whole \(.*--annotations volume, although: fewer/
    );
    expect(words('slices')).toMatch(/left vestibule on a chosen slice \(.*--annotations slices\)/);
  });

  it('may be whole beside one on chosen slices, and is so in one ear alone', () => {
    const [study] = fine;
    const chosen = slicesOf(study!, 'vestibule').slice(2, 3);
    const coverage = cover(onSlices(study!, 'vestibule', chosen));
    expect([coverage.left.cochlea!.isWhole, coverage.left.vestibule!.isWhole]).toEqual([
      true,
      false,
    ]);
    expect(perEar((ear: EarSide) => annotationKind(coverage[ear]))).toEqual({
      left: 'mixed',
      right: 'volume',
    });
    expect([coverage.right.cochlea, coverage.right.vestibule]).toEqual([null, null]);
  });
});

describe('an annotation that is no organ', () => {
  const [study] = fine;
  const middle = slicesOf(study!, 'cochlea')[3]!;

  it('is refused with study, series, organ, image and size where it is a dab', () => {
    const first = study!.anatomy.findIndex(
      (code, n) => code === 1 && Math.floor(n / 6400) === middle
    );
    const dab = {
      ...study!,
      anatomy: study!.anatomy.map((code, n) => (code === 1 && n !== first ? 0 : code)),
    };
    expect(problems(dab)).toEqual([
      {
        code: 'annotation-too-small',
        where: 'studies/a',
        message: expect.stringMatching(
          new RegExp(
            `^The left cochlea on series "MRC" is 0.25 mm³ on series 2, image ${middle + 1}, at most 0.25 mm² .*3 mm²`
          )
        ),
      },
    ]);
  });

  it('is refused where a dab lies apart from the organ', () => {
    const anatomy = study!.anatomy.slice();
    anatomy[6400 * (slicesOf(study!, 'cochlea').at(-1)! + 3) + 20] = EARS.left.anatomyOffset + 1;
    const [problem] = problems({ ...study!, anatomy });
    expect([problem!.code, problem!.message]).toEqual([
      'annotation-too-small',
      expect.stringMatching(/0\.25 mm³ on .* apart from the rest/),
    ]);
  });

  it('is refused where it was drawn across the slices, on coronal images', () => {
    const shown = [
      ...new Set(
        [...study!.anatomy].flatMap((code, n) => (code === 1 ? Math.floor(n / 80) % 80 : []))
      ),
    ].sort((a, b) => a - b);
    const rows = [shown[5]!, shown[7]!];
    const across = keeping(study!, 'cochlea', (_, j) => rows.includes(j));
    expect(problems(across).map(({ code }) => code)).toEqual(['annotation-across-slices']);
  });

  it('is none of a whole organ, of chosen slices and of thick ones', () => {
    const chosen = onSlices(study!, 'cochlea', [middle, middle + 1]);
    expect([study!, chosen, thick, ...fine].flatMap(problems)).toEqual([]);
  });
});
