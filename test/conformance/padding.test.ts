import {
  earCentersOf,
  geometryOf,
  measure,
  prepareStudy,
  resample,
  type Measurement,
  type Role,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';
import { axialGrid, randomNumbers, seriesOf } from '../../core/test/testGrids';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// What is no signal, from the series as they were read to the numbers: padding that is declared, a part of an image that
// holds one value, and an image off the scale of its series. Where series had moved or have another grid, interpolation
// would smear all three.

jest.setTimeout(240_000);

type Images = Record<Role, Volume>;

const still = simulateEars(631);
const moved = simulateEars(631, {
  motion: {
    ppi: { translation: [0.8, 0.4, 0.9] },
    pei: { translation: [0.6, 0.2, 1.2], rotation: [0, 1, 0] },
  },
});
/** PPI and PEI on a grid of their own. */
const ownGrid = ((): Images => {
  const [a, b, c] = still.mrc.origin;
  const grid = axialGrid([158, 58, 26], [0.6, 0.6, 0.9], [a + 0.3, b + 0.2, c + 0.2]);
  const on = (volume: Volume): Volume => resample(volume, grid, { interpolation: 'cubic' });
  return { mrc: still.mrc, ppi: on(still.ppi), pei: on(still.pei) };
})();

const labels = labelsOf(still.truth.anatomy, still.mrc);
const centers = Object.values<Vector3>(earCentersOf(labels));

function measured({ mrc, ppi, pei }: Images | PhantomStudy): Measurement {
  const series = (name: string, number: number, volume: Volume): Series =>
    seriesOf(volume, { seriesInstanceUid: name, seriesDescription: name, seriesNumber: number });
  const prepared = prepareStudy(
    { mrc: series('mrc', 1, mrc), ppi: series('ppi', 2, ppi), pei: series('pei', 3, pei) },
    { centers }
  );
  return measure({ prepared, labels, anatomy: still.truth.anatomy, model: null });
}

/** LPS mm: the middle of the left vestibule. */
const vestibule = ((): Vector3 => {
  const [columns, rows] = labels.size;
  const held = [...labels.data.keys()].filter((n) => labels.data[n] === 2);
  const mean = (of: (n: number) => number): number =>
    held.reduce((sum, n) => sum + of(n), 0) / held.length;
  const at = [
    mean((n) => n % columns),
    mean((n) => Math.floor(n / columns) % rows),
    mean((n) => Math.floor(n / (columns * rows))),
  ];
  return at.map((x, axis) => labels.origin[axis]! + x * labels.spacing[axis]!) as Vector3;
})();

/** Pixels of an axial volume that a rule takes, by LPS mm and slice. */
function where(volume: Volume, takes: (point: Vector3, k: number) => boolean): Uint8Array {
  const [columns, rows] = volume.size;
  return Uint8Array.from(volume.data, (_, n) => {
    const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
    const point = index.map((x, axis) => volume.origin[axis]! + x * volume.spacing[axis]!);
    return takes(point as Vector3, index[2]!) ? 1 : 0;
  });
}

/** As the reader hands over declared padding: 0, and marked. */
const padded = (volume: Volume, mask: Uint8Array): Volume => ({
  ...constant(volume, mask, 0),
  missing: mask,
});
/** A part of one value that nothing declares. */
const constant = (volume: Volume, mask: Uint8Array, value: number): Volume => ({
  ...geometryOf(volume),
  data: volume.data.map((before, n) => (mask[n] ? value : before)),
});

/** About 5 × 5 pixels on three slices of the left vestibule, which had moved by `by`. */
const blob = (volume: Volume, by: Vector3 = [0, 0, 0]): Uint8Array =>
  where(volume, (point) =>
    point.every((x, axis) => Math.abs(x - vestibule[axis]! - by[axis]!) < (axis === 2 ? 1.5 : 1.25))
  );
const scattered = (volume: Volume, share: number): Uint8Array => {
  const random = randomNumbers(7);
  return where(volume, () => random() < share);
};

const lost = ({ ears }: Measurement): string[] =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).flatMap((organ) =>
      ears[ear]?.[organ]?.voided.ratio?.includes('signal-missing') ? [`${ear} ${organ}`] : []
    )
  );
const messageOf = ({ warnings }: Measurement): string =>
  warnings.find(({ code }) => code === 'signal-missing')?.message ?? '';
/** Cochlea and vestibule of the left ear, then of the right. */
const counts = ({ ears }: Measurement) =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => {
      const { totalVoxels = NaN, endolymphVoxels = NaN } = ears[ear]?.[organ]?.volume ?? {};
      return { endolymph: endolymphVoxels, total: totalVoxels };
    })
  );

/** With the value of an undeclared hole. */
const STUDIES: [string, Images | PhantomStudy, number][] = [
  ['still', still, 0.4],
  ['moved', moved, 0],
  ['of another grid', ownGrid, 0.4],
];
const sound = new Map(STUDIES.map(([, study]) => [study, measured(study)]));
const soundOf = (study: Images | PhantomStudy): Measurement => sound.get(study) ?? measured(study);

test.each(STUDIES)('%s and whole, nothing is missing', (_, study) => {
  const { warnings } = soundOf(study);
  const codes = warnings.map(({ code }) => code);
  expect(codes).not.toContain('signal-missing');
  expect(codes).not.toContain('roi-cut-off');
});

const MOVES: Record<Role, Vector3> = { mrc: [0, 0, 0], ppi: [0.8, 0.4, 0.9], pei: [0.6, 0.2, 1.2] };

describe.each(STUDIES)('%s: a few pixels in the left vestibule', (name, study, value) => {
  test.each(['ppi', 'pei'] as const)(
    'padding of %s voids it, names its images, and moves no other organ',
    (role) => {
      const volume = study[role];
      const mask = blob(volume, name === 'moved' ? MOVES[role] : undefined);
      const result = measured({ ...study, [role]: padded(volume, mask) });
      expect(lost(result)).toContain('left vestibule');
      expect(lost(result)).not.toContain('right cochlea');
      expect(result.ears.left?.vestibule).toMatchObject({ measurable: false, grade: null });
      // Every image with padding, and no other.
      const plane = volume.size[0] * volume.size[1];
      const touched = [...Array(volume.size[2]).keys()]
        .filter((k) => mask.subarray(k * plane, (k + 1) * plane).includes(1))
        .map((k) => k + 1);
      expect(touched.length).toBeGreaterThan(2);
      expect(messageOf(result)).toContain(`images ${touched[0]}–${touched.at(-1)})`);
      const before = counts(soundOf(study)).slice(2);
      const right = counts(result).slice(2);
      expect(right.map(({ total }) => total)).toEqual(before.map(({ total }) => total));
      right.forEach(({ endolymph, total }, n) =>
        expect(Math.abs(endolymph - (before[n]?.endolymph ?? NaN))).toBeLessThanOrEqual(
          0.02 * total
        )
      );
    }
  );

  test('one undeclared value of PPI voids it too', () => {
    const mask = blob(study.ppi, name === 'moved' ? MOVES.ppi : undefined);
    const result = measured({ ...study, ppi: constant(study.ppi, mask, value) });
    expect(lost(result)).toContain('left vestibule');
    expect(lost(result)).not.toContain('right cochlea');
  });
});

test.each([
  ['ppi', 0.02],
  ['ppi', 0.1],
  ['pei', 0.05],
] as const)(
  'padding scattered over %s (%f of its pixels) voids both ears of a moved series',
  (role, share) => {
    const result = measured({
      ...moved,
      [role]: padded(moved[role], scattered(moved[role], share)),
    });
    expect(lost(result)).toHaveLength(4);
  }
);

test('alignment does not take padding for structure: stripes of it in MRC and a moved series', () => {
  const stripes = where(moved.mrc, ([x]) => ((x % 6) + 6) % 6 < 1.5);
  const [found, before] = [
    measured({ ...moved, mrc: padded(moved.mrc, stripes), ppi: padded(moved.ppi, stripes) }),
    soundOf(moved),
  ].map(({ alignment }) => alignment?.ppi);
  // Taken for structure, they fit best where nothing has moved: 0.7 mm off.
  expect(found?.treatment).toBe('corrected');
  found?.translation.forEach((x, axis) =>
    expect(Math.abs(x - (before?.translation[axis] ?? NaN))).toBeLessThan(0.1)
  );
});

test('of a series that did not move, scattered padding is left out of the counts', () => {
  const mask = scattered(still.ppi, 0.01);
  const result = measured({ ...still, ppi: padded(still.ppi, mask) });
  const right = result.ears.right?.vestibule?.volume;
  const held = [...labels.data.keys()].filter((n) => labels.data[n] === 4);
  expect(right?.totalVoxels).toBe(held.filter((n) => mask[n] === 0).length);
  expect(right?.totalVoxels).toBeLessThan(held.length);
});

test('padding of MRC in an ear voids it, though the outline ends at it', () => {
  const mask = blob(still.mrc);
  const outline = { ...labels, data: labels.data.map((value, n) => (mask[n] ? 0 : value)) };
  const mrc = padded(still.mrc, mask);
  const series = (name: string, volume: Volume): Series =>
    seriesOf(volume, { seriesInstanceUid: name });
  const prepared = prepareStudy(
    { mrc: series('mrc', mrc), ppi: series('ppi', still.ppi), pei: series('pei', still.pei) },
    { centers }
  );
  const result = measure({ prepared, labels: outline, anatomy: still.truth.anatomy, model: null });
  expect(lost(result)).toEqual(['left cochlea', 'left vestibule']);
});

test('padding and masks far from the ears move no number', () => {
  const mask = where(moved.ppi, ([x]) => Math.abs(x) > 55);
  const result = measured({ ...moved, ppi: padded(moved.ppi, mask) });
  expect(lost(result)).toEqual([]);
  expect(counts(result)).toEqual(counts(soundOf(moved)));
});

test('an image off the scale of its series takes no part in the alignment', () => {
  const plane = labels.size[0] * labels.size[1];
  const last = Math.floor(
    [...labels.data.keys()].filter((n) => labels.data[n]! > 0).at(-1)! / plane
  );
  const k = last + 4;
  const bright = {
    ...moved.ppi,
    data: moved.ppi.data.map((value, n) => (Math.floor(n / plane) === k ? 12 * value : value)),
  };
  const result = measured({ ...moved, ppi: bright });
  expect(result.warnings.map(({ code }) => code)).toContain('images-out-of-line');
  const before = soundOf(moved);
  for (const role of ['ppi', 'pei'] as const)
    result.alignment?.[role]?.translation.forEach((x, axis) =>
      expect(Math.abs(x - (before.alignment?.[role]?.translation[axis] ?? NaN))).toBeLessThan(0.02)
    );
});
