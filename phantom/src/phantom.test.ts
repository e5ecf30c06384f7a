import {
  ANATOMY,
  RIGHT_EAR_OFFSET,
  type Geometry,
  type Volume,
  AXIAL,
} from '@inner-ear-hydrops/core';
import { centredOrigin, createCase, type PhantomCase } from './case';
import { contrastOf, FLUIDS, PAPER_PROTOCOL, withGadolinium } from './signal';
import { simulateMrc, simulateStudy } from './simulate';

function gridAround(
  center: [number, number, number],
  size: [number, number, number],
  spacing: [number, number, number]
): Geometry {
  return { size, spacing, origin: centredOrigin(size, spacing, AXIAL, center), direction: AXIAL };
}

/** A case whose grid holds little more than the left ear, so that a test is quick. */
function leftEarCase(seed: number, overrides: Parameters<typeof createCase>[1] = {}): PhantomCase {
  const drawn = createCase(seed, {
    tilt: [0, 0, 0],
    position: [0, 0, 0],
    missingEar: 'right',
    noise: 0,
    difficulty: 0.5,
    ...overrides,
  });
  return { ...drawn, grid: gridAround([33, 1, 1], [56, 60, 20], [0.5, 0.5, 1]) };
}

const count = (anatomy: Uint8Array, code: number): number =>
  anatomy.reduce((n, v) => n + (v === code ? 1 : 0), 0);

describe('the signal equation', () => {
  // Computed from the equation in signal.ts with TI 2250 and 2050 ms, TR 9000 ms, TE 540 ms.
  it.each([
    ['CSF', FLUIDS.cerebrospinalFluid, 0.481, -0.047, -0.089],
    ['endolymph', FLUIDS.endolymph, 0.453, -0.037, -0.077],
    ['perilymph with 0.05 mM', withGadolinium(FLUIDS.perilymph, 0.05), 0.56, 0.2, 0.156],
    ['perilymph with 0.2 mM', withGadolinium(FLUIDS.perilymph, 0.2), 0.42, 0.357, 0.341],
  ])('gives the tabled values of %s', (_, tissue, mrc, ppi, pei) => {
    const contrast = contrastOf(tissue, PAPER_PROTOCOL);
    expect(contrast.mrc).toBeCloseTo(mrc, 2);
    expect(contrast.ppi).toBeCloseTo(ppi, 2);
    expect(contrast.pei).toBeCloseTo(pei, 2);
  });
});

describe('anatomy', () => {
  it('has organs of human volume, whatever the seed', () => {
    for (const seed of [1, 2, 3]) {
      const phantom = createCase(seed, {
        tilt: [0, 0, 0],
        position: [0, 0, 0],
        missingEar: 'right',
      });
      const grid = gridAround([37, 2, 1], [72, 80, 80], [0.35, 0.35, 0.35]);
      const { anatomy } = simulateMrc(phantom, grid, { noise: false });
      const mm3 = (code: number): number => count(anatomy, code) * 0.35 ** 3;
      expect(mm3(ANATOMY.cochlea)).toBeGreaterThan(50);
      expect(mm3(ANATOMY.cochlea)).toBeLessThan(110);
      expect(mm3(ANATOMY.vestibule)).toBeGreaterThan(38);
      expect(mm3(ANATOMY.vestibule)).toBeLessThan(85);
      const canals = mm3(ANATOMY.lateralCanal) + mm3(ANATOMY.otherCanals);
      expect(canals).toBeGreaterThan(40);
      expect(canals).toBeLessThan(100);
    }
  });

  it('is mirrored, and named for the other side, in a mirrored case', () => {
    const left = leftEarCase(4);
    const right: PhantomCase = {
      ...left,
      ears: { left: null, right: left.ears.left },
      earPositions: {
        left: [36, 0, 0],
        right: left.earPositions.left.map((v, a) => (a === 0 ? -v : v)) as [number, number, number],
      },
      earRotations: { left: [0, 0, 0], right: left.earRotations.left },
    };
    const [nx, ny, nz] = left.grid.size;
    const mirrored: Geometry = {
      ...left.grid,
      origin: [-left.grid.origin[0] - (nx - 1) * 0.5, left.grid.origin[1], left.grid.origin[2]],
    };
    const a = simulateMrc(left, left.grid, { noise: false }).anatomy;
    const b = simulateMrc(right, mirrored, { noise: false }).anatomy;
    let different = 0;
    let structures = 0;
    for (let row = 0; row < ny * nz; row++)
      for (let i = 0; i < nx; i++) {
        const here = a[row * nx + i]!;
        const there = b[row * nx + nx - 1 - i]!;
        if (here > 0) structures++;
        if (there !== (here > 0 ? here + RIGHT_EAR_OFFSET : 0)) different++;
      }
    expect(structures).toBeGreaterThan(500);
    // Rounding decides a few voxels that are exactly half full.
    expect(different / structures).toBeLessThan(0.01);
  });

  it('leaves a missing ear out of image truth and labels', () => {
    const { truth } = simulateStudy(leftEarCase(2));
    expect(truth.earCenters.right).toBeNull();
    expect(truth.ratios.right).toBeNull();
    expect(truth.anatomy.every((code) => code < RIGHT_EAR_OFFSET)).toBe(true);
  });
});

describe('endolymph', () => {
  it('grows with hydrops from the normal range to obliteration', () => {
    const ratios = [0, 0.3, 0.6, 1].map(
      (hydrops) => simulateStudy(leftEarCase(3, { hydrops: { left: hydrops } })).truth.ratios.left!
    );
    for (const organ of ['cochlea', 'vestibule'] as const) {
      for (let i = 1; i < ratios.length; i++)
        expect(ratios[i]![organ]).toBeGreaterThan(ratios[i - 1]![organ] + 0.02);
      expect(ratios[3]![organ]).toBeGreaterThan(0.85);
    }
    expect(ratios[0]!.cochlea).toBeGreaterThan(0.08);
    expect(ratios[0]!.cochlea).toBeLessThan(0.28);
    expect(ratios[0]!.vestibule).toBeGreaterThan(0.14);
    expect(ratios[0]!.vestibule).toBeLessThan(0.4);
  });

  it('has an exact ratio that no grid changes, and that voxel fractions add up to', () => {
    const fine = leftEarCase(5);
    const coarse: PhantomCase = {
      ...fine,
      grid: gridAround([33, 1, 1], [36, 38, 18], [0.8, 0.8, 1.2]),
    };
    const a = simulateStudy(fine).truth;
    const b = simulateStudy(coarse).truth;
    expect(b.ratios).toEqual(a.ratios);
    let endolymph = 0;
    let voxels = 0;
    a.anatomy.forEach((code, n) => {
      if (code !== ANATOMY.vestibule) return;
      voxels++;
      endolymph += a.endolymphFraction[n]!;
    });
    // Voxels at the wall hold perilymph only in part, hence the tolerance.
    expect(Math.abs(endolymph / voxels - a.ratios.left!.vestibule)).toBeLessThan(0.08);
  });

  it('is negative, and enhanced perilymph positive, on PPI − PEI', () => {
    const { ppi, pei, truth } = simulateStudy(
      leftEarCase(6, {
        hydrops: { left: 0.4 },
        gadolinium: 0.05,
        acquisition: { inPlaneBlur: 0, sliceBlur: 0, ringing: 0, ghost: 0 },
      })
    );
    const differences = { pure: [] as number[], without: [] as number[] };
    truth.anatomy.forEach((code, n) => {
      if (code !== ANATOMY.vestibule) return;
      const fraction = truth.endolymphFraction[n]!;
      if (fraction === 1) differences.pure.push(ppi.data[n]! - pei.data[n]!);
      if (fraction === 0) differences.without.push(ppi.data[n]! - pei.data[n]!);
    });
    expect(differences.pure.length).toBeGreaterThan(5);
    expect(differences.without.length).toBeGreaterThan(5);
    expect(Math.max(...differences.pure)).toBeLessThan(0);
    expect(Math.min(...differences.without)).toBeGreaterThan(0);
  });
});

describe('a case', () => {
  it('is the same for the same seed and another for another', () => {
    expect(createCase(7)).toEqual(createCase(7));
    expect(createCase(8)).not.toEqual(createCase(7));
    const grid = gridAround([33, 1, 1], [30, 30, 8], [0.5, 0.5, 1]);
    const data = (seed: number): Volume => simulateMrc(createCase(seed), grid).mrc;
    expect(data(7).data).toEqual(data(7).data);
    expect(data(8).data).not.toEqual(data(7).data);
  });

  it('changes by an override only what the override names', () => {
    const plain = createCase(9);
    const given = createCase(9, { gadolinium: 0.15, hydrops: { left: 0.7 } });
    expect(given.ears.left!.gadolinium).toBe(0.15);
    expect(given.ears.left!.hydrops).toEqual({ cochlea: 0.7, vestibule: 0.7 });
    expect({ ...given, ears: null }).toEqual({ ...plain, ears: null });
    expect(given.ears.left!.cochlea).toEqual(plain.ears.left!.cochlea);
  });

  it('keeps both ears in the stack', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { grid, pose, earPositions } = createCase(seed);
      const world = [earPositions.left, earPositions.right].map((p) => simpleZ(pose, p));
      for (const z of world) {
        expect(z - grid.origin[2]).toBeGreaterThan(3);
        expect(z - grid.origin[2]).toBeLessThan((grid.size[2] - 1) * grid.spacing[2] - 3);
      }
    }
  });

  it('stands still unless it is told to move', () => {
    const still = simulateStudy(leftEarCase(10));
    const moved = simulateStudy(leftEarCase(10, { motion: { pei: { translation: [0, 0, 2] } } }));
    expect(moved.mrc.data).toEqual(still.mrc.data);
    expect(moved.ppi.data).toEqual(still.ppi.data);
    // Two millimetres up are two slices.
    const [nx, ny] = still.pei.size;
    const slice = (v: Volume, k: number): number =>
      v.data.slice(k * nx * ny, (k + 1) * nx * ny).reduce((a, b) => a + b, 0);
    expect(Math.abs(slice(moved.pei, 10) / slice(still.pei, 8) - 1)).toBeLessThan(0.06);
    expect(moved.pei.data).not.toEqual(still.pei.data);
  });
});

/** Height of a head point in the patient, from the rotation's definition: about x, then y, then z. */
function simpleZ(pose: PhantomCase['pose'], p: readonly number[]): number {
  const [rx, ry] = pose.rotation.map((d) => (d * Math.PI) / 180) as [number, number, number];
  const z1 = p[1]! * Math.sin(rx) + p[2]! * Math.cos(rx);
  return -p[0]! * Math.sin(ry) + z1 * Math.cos(ry) + pose.translation[2];
}
