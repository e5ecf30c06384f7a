import { join } from 'node:path';
import {
  collectOrgans,
  misplacedOrgans,
  organPlaceWarnings,
  SEGMENTS,
  segmentOf,
  voxelToWorld,
  worldToVoxel,
  type Geometry,
  type LabelVolume,
  type Matrix3,
  type OrganVoxels,
  type Vector3,
} from '@inner-ear-hydrops/core';
import { centredOrigin, createCase, createCohortCase } from '@inner-ear-hydrops/phantom';
import type { PhantomCase } from '@inner-ear-hydrops/phantom';
import { COMPARTMENT } from '../../phantom/src/ear/compartments';
import { apply, rotation } from '../../phantom/src/vector';
import { createWorld } from '../../phantom/src/world';
import { readNiftiVolume } from '../../tools/src/labelFiles/readNifti';
import { hasRealEar, realEarDirectory } from '../../tools/src/phantom/realEar';

// Whether named regions can be what they are named: no phantom and no real ear is suspected, and no exchange passes.

jest.setTimeout(300_000);

const AXIAL: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const GRIDS: Record<string, Omit<Geometry, 'origin'>> = {
  axial: { size: [216, 130, 90], spacing: [0.6, 0.6, 1], direction: AXIAL },
  'axial, columns from left to right': {
    ...{ size: [216, 130, 90], spacing: [0.6, 0.6, 1] },
    direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
  },
  'oblique by 25°': {
    ...{ size: [216, 130, 90], spacing: [0.6, 0.6, 1] },
    direction: turned([14, -12, 18]),
  },
  sagittal: {
    ...{ size: [130, 150, 120], spacing: [0.6, 0.6, 1.1] },
    direction: [0, 1, 0, 0, 0, -1, -1, 0, 0],
  },
  coronal: {
    ...{ size: [216, 150, 80], spacing: [0.6, 0.6, 1] },
    direction: [1, 0, 0, 0, 0, -1, 0, 1, 0],
  },
};
const TILTS: Vector3[] = [
  ...([0, 1, 2] as const).flatMap((axis) =>
    [-25, 25].map(
      (degrees): Vector3 => [0, 0, 0].map((_, n) => (n === axis ? degrees : 0)) as Vector3
    )
  ),
  [0, 0, 0],
  [14, 14, 14],
  [-14, 14, -14],
];

/** The rows of a rotation's transpose are the turned axes. */
function turned(degrees: Vector3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = rotation(degrees);
  return [a, d, g, b, e, h, c, f, i];
}

/** The four organs as they are, voxel by voxel, without any image. */
function organsIn(phantom: PhantomCase, grid: Geometry): LabelVolume {
  const data = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  for (const { side, model, fromPatient, center } of createWorld(phantom).ears) {
    const numbers = [segmentOf(side, 'cochlea').number, segmentOf(side, 'vestibule').number];
    const middle = worldToVoxel(grid, center);
    const [low, high] = [-1, 1].map((sign) =>
      middle.map((at, axis) =>
        Math.min(
          grid.size[axis]! - 1,
          Math.max(0, Math.round(at + (sign * 13) / grid.spacing[axis]!))
        )
      )
    ) as [Vector3, Vector3];
    for (let k = low[2]; k <= high[2]; k++)
      for (let j = low[1]; j <= high[1]; j++)
        for (let i = low[0]; i <= high[0]; i++) {
          // The first two parts of an ear are vestibule and cochlea.
          const found = model.classify(...apply(fromPatient, voxelToWorld(grid, [i, j, k])), 3);
          if (found === COMPARTMENT.outside) continue;
          const organ = found <= COMPARTMENT.cochlearLamina ? 0 : 1;
          data[i + grid.size[0] * (j + grid.size[1] * k)] = numbers[organ]!;
        }
  }
  return { ...grid, data, segments: [...SEGMENTS] };
}

function gridAbout({ pose }: PhantomCase, { size, spacing, direction }: Omit<Geometry, 'origin'>) {
  const middle = pose.translation;
  return { size, spacing, direction, origin: centredOrigin(size, spacing, direction, middle) };
}

const organsOf = (labels: LabelVolume) => collectOrgans(labels);

/** With other names: what `names` does not hold is left out. */
function renamed(labels: LabelVolume, names: Record<number, number>): OrganVoxels[] {
  return organsOf({ ...labels, data: labels.data.map((value) => names[value] ?? 0) });
}

const same = (numbers: number[]) => Object.fromEntries(numbers.map((number) => [number, number]));

/** One slice of each organ, `at` of the way through it; nobody draws on slices that show a corner of it. */
function slicesOf(labels: LabelVolume, at: (number: number) => number): OrganVoxels[] {
  const plane = labels.size[0] * labels.size[1];
  const kept = new Uint8Array(labels.data.length);
  for (const { ear, organ, indices } of organsOf(labels)) {
    const { number } = segmentOf(ear, organ);
    const drawn = new Map<number, number>();
    for (const n of indices) {
      const k = Math.floor(n / plane);
      drawn.set(k, (drawn.get(k) ?? 0) + 1);
    }
    const slices = [...drawn.keys()].filter((k) => drawn.get(k)! >= 10);
    const k = slices[Math.round(at(number) * (slices.length - 1))]!;
    for (const n of indices) if (Math.floor(n / plane) === k) kept[n] = number;
  }
  return organsOf({ ...labels, data: kept });
}

const EXCHANGES: Record<string, [names: Record<number, number>, code: string]> = {
  'the sides': [{ 1: 3, 2: 4, 3: 1, 4: 2 }, 'laterality-wrong'],
  'the sides of the cochleae': [{ 1: 3, 2: 2, 3: 1, 4: 4 }, 'laterality-wrong'],
  'sides and organs': [{ 1: 4, 2: 3, 3: 2, 4: 1 }, 'laterality-wrong'],
  'the organs of one ear over both sides': [{ 1: 1, 2: 3 }, 'laterality-wrong'],
  'the only ear': [{ 1: 3, 2: 4 }, 'laterality-wrong'],
  'a single organ': [{ 4: 2 }, 'laterality-wrong'],
  'one segment for both cochleae': [{ 1: 1, 2: 2, 3: 1, 4: 4 }, 'laterality-wrong'],
  'cochlea and vestibule of the left ear': [{ 1: 2, 2: 1, 3: 3, 4: 4 }, 'organs-exchanged'],
  'cochlea and vestibule of the right ear': [{ 3: 4, 4: 3 }, 'organs-exchanged'],
};

describe.each(Object.keys(GRIDS))('on a grid that is %s', (name) => {
  // All of them once, and fewer on the other grids: what counts is the patient.
  const tilts = name === 'axial' ? TILTS : TILTS.slice(3);
  const studies = tilts.map((tilt, n) => {
    const phantom = createCase(701 + n, { tilt, difficulty: n % 2 === 0 ? 1.5 : 1 });
    return organsIn(phantom, gridAbout(phantom, GRIDS[name] as Geometry));
  });

  test('heads tilted by up to 25° are not suspected, with both ears, one ear or one organ', () => {
    for (const labels of studies) {
      expect(organsOf(labels)).toHaveLength(4);
      expect(misplacedOrgans(labels, organsOf(labels))).toBeNull();
      expect(organPlaceWarnings(labels, organsOf(labels))).toEqual([]);
      for (const kept of [[1, 2], [3, 4], [1, 4], [3]])
        expect(misplacedOrgans(labels, renamed(labels, same(kept)))).toBeNull();
    }
  });

  test('chosen slices of each organ are not refused, wherever they lie', () => {
    for (const labels of studies)
      for (const [cochlea, vestibule] of [
        [0.1, 0.9],
        [0.5, 0.5],
        [0.9, 0.1],
        [0.1, 0.1],
        [0.9, 0.9],
      ] as const) {
        const organs = slicesOf(labels, (number) => (number % 2 === 1 ? cochlea : vestibule));
        expect(misplacedOrgans(labels, organs)).toBeNull();
      }
  });

  test('the middle slices of cochlea and vestibule, exchanged, are refused or at least doubted', () => {
    const isAxial = Math.abs((GRIDS[name] as Geometry).direction[8]) > 0.8;
    for (const labels of studies) {
      const names = { 1: 2, 2: 1, 3: 4, 4: 3 };
      const exchanged = { ...labels, data: labels.data.map((value) => names[value as 1] ?? 0) };
      const organs = slicesOf(exchanged, () => 0.5);
      expect(organPlaceWarnings(labels, organs).map(({ code }) => code)).toEqual([
        'organs-out-of-place',
        'organs-out-of-place',
      ]);
      if (isAxial)
        expect(misplacedOrgans(labels, organs)).toMatchObject({ code: 'organs-exchanged' });
    }
  });

  test.each(Object.keys(EXCHANGES))('%s exchanged are found', (exchange) => {
    const [names, code] = EXCHANGES[exchange]!;
    for (const labels of studies)
      expect(misplacedOrgans(labels, renamed(labels, names))).toMatchObject({ code });
  });
});

test('the phantoms of a cohort are not suspected', () => {
  for (let n = 0; n < 24; n++) {
    const phantom = createCohortCase(31 + n);
    const grid = gridAbout(phantom, GRIDS.axial as Geometry);
    const organs = organsOf(organsIn(phantom, grid));
    expect(misplacedOrgans(grid, organs)).toBeNull();
    expect(organPlaceWarnings(grid, organs)).toEqual([]);
  }
});

describe('a lone ear in a small image, which may show any place', () => {
  const ears = TILTS.flatMap((tilt, n) => {
    const phantom = createCase(721 + n, { tilt });
    return createWorld(phantom).ears.map(({ side, center }) => {
      const size: Vector3 = [80, 80, 40];
      const spacing: Vector3 = [0.5, 0.5, 1];
      const origin = centredOrigin(size, spacing, AXIAL, [center[0] + 9, center[1] - 4, center[2]]);
      return { side, labels: organsIn(phantom, { size, spacing, direction: AXIAL, origin }) };
    });
  });

  test('is not suspected under its own name', () => {
    for (const { labels } of ears) {
      expect(misplacedOrgans(labels, organsOf(labels))).toBeNull();
      expect(organPlaceWarnings(labels, organsOf(labels))).toEqual([]);
    }
  });

  test('is found under the name of the other side: its cochlea would look outwards', () => {
    for (const { labels } of ears) {
      const found = misplacedOrgans(labels, renamed(labels, { 1: 3, 2: 4, 3: 1, 4: 2 }));
      expect(found).toMatchObject({ code: 'laterality-wrong' });
      expect(found?.message).toMatch(/mm farther from it, so this is an ear of the other side/);
    }
  });

  test('with its organs exchanged is called that', () => {
    for (const { labels } of ears)
      expect(misplacedOrgans(labels, renamed(labels, { 1: 2, 2: 1, 3: 4, 4: 3 }))).toMatchObject({
        code: 'organs-exchanged',
      });
  });
});

(hasRealEar() ? test : test.skip)(
  'the real ear is not suspected, and its exchanges are found [needs ../shared/real-ear]',
  () => {
    const ear = readNiftiVolume(join(realEarDirectory(), 'left-labels.nii.gz'));
    // Canals are 3: they would be the other ear's cochlea here.
    const data = Uint8Array.from(ear.data, (label) => (label < 3 ? label : 0));
    const labels: LabelVolume = { ...ear, data, segments: [...SEGMENTS] };
    expect(misplacedOrgans(labels, organsOf(labels))).toBeNull();
    expect(organPlaceWarnings(labels, organsOf(labels))).toEqual([]);
    expect(misplacedOrgans(labels, renamed(labels, { 1: 3, 2: 4 }))).toMatchObject({
      code: 'laterality-wrong',
    });
    const exchanged = renamed(labels, { 1: 2, 2: 1 });
    expect(misplacedOrgans(labels, exchanged)).toMatchObject({ code: 'organs-exchanged' });
    expect(organPlaceWarnings(labels, exchanged).map(({ code, ear }) => [code, ear])).toEqual([
      ['organs-out-of-place', 'left'],
    ]);
  }
);
