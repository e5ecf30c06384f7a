import {
  alignToMrc,
  applyTransform,
  rotationFromDegrees,
  type RigidTransform,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import { axialGrid, randomNumbers, volumeOf } from '../../core/test/testGrids';

jest.setTimeout(120_000);

/** Two "ears": clusters of bright balls, as fluid in bone, 60 mm apart. */
const CENTERS: Vector3[] = [
  [30, 0, 0],
  [-30, 2, 1],
];
const random = randomNumbers(11);
const balls = CENTERS.flatMap((center) =>
  Array.from({ length: 14 }, () => ({
    at: center.map((x) => x + 16 * (random() - 0.5)) as Vector3,
    radius: 1 + 1.6 * random(),
  }))
);
const head = ([x, y, z]: Readonly<Vector3>): number => {
  let value = 0.03;
  for (const { at, radius } of balls) {
    if (Math.abs(x - at[0]) > 5 || Math.abs(y - at[1]) > 5) continue;
    const away = Math.hypot(x - at[0], y - at[1], z - at[2]);
    if (away > 5) continue;
    value += 1 / (1 + Math.exp((away - radius) / 0.25));
  }
  return value;
};
const grid = axialGrid([176, 60, 28], [0.5, 0.5, 1], [-43.75, -14.75, -13.5]);
const mrc = volumeOf(grid, head);

/** The patient moved by `motion`: what was at p is now at transform(p). */
function moved(motion: RigidTransform, of = grid): Volume {
  const r = motion.rotation;
  const back: RigidTransform = {
    rotation: [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]],
    translation: [0, 0, 0],
    center: motion.center,
  };
  const noise = randomNumbers(3);
  return volumeOf(of, (p) => {
    const q = p.map((x, n) => x - motion.translation[n]!) as Vector3;
    // Another contrast than MRC, and noise.
    return 0.4 * head(applyTransform(back, q)) + 0.02 * noise();
  });
}
const motionOf = (translation: Vector3, degrees: Vector3): RigidTransform => ({
  rotation: rotationFromDegrees(degrees),
  translation,
  center: [0, 0, 0],
});

const codesOf = ({ warnings }: { warnings: { code: string }[] }): string[] =>
  warnings.map(({ code }) => code);

test.each<[string, Vector3, Vector3]>([
  ['less than a voxel', [0.6, -0.4, 0.5], [0, 0, 0]],
  ['and turned', [1.2, 0.8, -0.9], [1, -0.8, 1.5]],
])('a movement %s is found within 0.2 mm at the ears, corrected and named', (_, shift, degrees) => {
  const motion = motionOf(shift, degrees);
  const aligned = alignToMrc(mrc, moved(motion), { name: 'PEI', centers: CENTERS });
  expect(aligned.report.treatment).toBe('corrected');
  expect(codesOf(aligned)).toEqual(['motion-corrected']);
  // The image itself must be back in place: compare with the still image where the ears are.
  const still = moved(motionOf([0, 0, 0], [0, 0, 0]));
  let [before, after] = [0, 0];
  const unaligned = moved(motion);
  const near = volumeOf(grid, (p) =>
    CENTERS.some((center) => Math.hypot(...p.map((x, n) => x - center[n]!)) < 9) ? 1 : 0
  );
  for (let n = 0; n < still.data.length; n++) {
    if (near.data[n] === 0) continue;
    before += (unaligned.data[n]! - still.data[n]!) ** 2;
    after += (aligned.volume.data[n]! - still.data[n]!) ** 2;
  }
  expect(after).toBeLessThan(0.15 * before);
  const found: RigidTransform = {
    rotation: rotationFromDegrees(aligned.report.rotation),
    translation: aligned.report.translation,
    center: [0, 1, 2].map((n) => (CENTERS[0]![n]! + CENTERS[1]![n]!) / 2) as Vector3,
  };
  for (const center of CENTERS) {
    const [a, b] = [applyTransform(motion, center), applyTransform(found, center)];
    expect(Math.hypot(...a.map((x, n) => x - b[n]!))).toBeLessThan(0.2);
  }
});

test('what is missing in a series takes no part in its alignment, however bright it was filled', () => {
  const whole = moved(motionOf([0.6, -0.4, 0.5], [0, 0, 0]));
  const [x, y, z] = CENTERS[0]!;
  // A masked block through one ear.
  const block = volumeOf(grid, (p) =>
    Math.abs(p[0] - x - 4) < 4 && Math.abs(p[1] - y) < 6 && Math.abs(p[2] - z) < 4 ? 1 : 0
  );
  const filled = { ...whole, data: whole.data.map((value, n) => (block.data[n] ? 3 : value)) };
  const missing = Uint8Array.from(block.data);
  const foundIn = (volume: Volume): Vector3 =>
    alignToMrc(mrc, volume, { name: 'PEI', centers: CENTERS }).report.translation;
  const sound = foundIn(whole);
  const apart = (found: Vector3): number => Math.hypot(...found.map((t, n) => t - sound[n]!));
  expect(apart(foundIn({ ...filled, missing }))).toBeLessThan(0.03);
  // As structure it would have moved the result.
  expect(apart(foundIn(filled))).toBeGreaterThan(0.06);
});

test('a series that did not move is used as it is, value for value', () => {
  const still = moved(motionOf([0, 0, 0], [0, 0, 0]));
  const aligned = alignToMrc(mrc, still, { name: 'PPI', centers: CENTERS });
  expect(aligned.volume).toBe(still);
  expect(aligned.report).toMatchObject({ treatment: 'identical', interpolation: 'none' });
  expect(aligned.report.displacement).toBeLessThan(0.2);
  expect(aligned.warnings).toEqual([]);
});

test('another sampling of the same space is interpolated and reported', () => {
  const other = axialGrid([148, 50, 30], [0.6, 0.6, 0.95], [-44.1, -14.7, -13.7]);
  const aligned = alignToMrc(mrc, moved(motionOf([0, 0, 0], [0, 0, 0]), other), {
    name: 'PPI',
    centers: CENTERS,
  });
  expect(aligned.report).toMatchObject({ treatment: 'resampled', interpolation: 'cubic' });
  expect(aligned.volume.size).toEqual(mrc.size);
});

test('a movement beyond the limit is refused', () => {
  const far = moved(motionOf([0, 8, 1], [0, 0, 0]));
  expect(() => alignToMrc(mrc, far, { name: 'PEI', centers: CENTERS })).toThrow(
    expect.objectContaining({ code: 'motion-too-large' }) as Error
  );
});

test('an ear outside a series is refused and named', () => {
  const half = axialGrid([84, 60, 28], [0.5, 0.5, 1], [2, -14.75, -13.5]);
  const series = moved(motionOf([0, 0, 0], [0, 0, 0]), half);
  expect(() => alignToMrc(mrc, series, { name: 'PPI', centers: CENTERS })).toThrow(
    expect.objectContaining({
      code: 'ear-outside-series',
      message: expect.stringContaining('right ear') as string,
    }) as Error
  );
});

test('where a series that was moved back has no image, it does not draw the next one away', () => {
  // The slices that leave the stack are not empty to the estimate of PPI, which lay still.
  const apart = motionOf([0, 0, 2.3], [0, 0, 0]);
  const pei = alignToMrc(mrc, moved(apart), { name: 'PEI', centers: CENTERS });
  expect(pei.report.treatment).toBe('corrected');
  const end = pei.uncovered?.findIndex((value) => value > 0) ?? -1;
  expect(pei.reference.missing?.[end]).toBe(1);
  const ppi = alignToMrc(mrc, moved(motionOf([0, 0, 0], [0, 0, 0])), {
    name: 'PPI',
    centers: CENTERS,
    pei: { image: pei.reference, motion: pei.motion, isUndone: true },
  });
  expect(ppi.report.treatment).toBe('identical');
  expect(ppi.warnings).toEqual([]);
});

test('a place outside MRC is named as such, whatever the other series cover', () => {
  const series = moved(motionOf([0, 0, 0], [0, 0, 0]));
  const centers: Vector3[] = [CENTERS[0]!, [-30, 60, 0]];
  expect(() => alignToMrc(mrc, series, { name: 'PPI', centers })).toThrow(
    expect.objectContaining({
      code: 'ear-outside-series',
      message: expect.stringContaining('right ear at (-30, 60, 0) mm lies outside MRC') as string,
      remedy: expect.stringContaining('Move the square') as string,
    }) as Error
  );
});

test('images with nothing in common are left alone and named, or refused in another frame', () => {
  const noise = randomNumbers(4);
  const nothing = volumeOf(grid, () => noise());
  const aligned = alignToMrc(mrc, nothing, { name: 'PEI', centers: CENTERS });
  expect(codesOf(aligned)).toEqual(['motion-uncertain']);
  expect(aligned.volume).toBe(nothing);
  const elsewhere = { name: 'PEI', centers: CENTERS, sameFrame: false };
  expect(() => alignToMrc(mrc, nothing, elsewhere)).toThrow(
    expect.objectContaining({ code: 'frame-of-reference-differs' }) as Error
  );
});
