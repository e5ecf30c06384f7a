import { representativeSlices, type EarSide, type Volume } from '@inner-ear-hydrops/core';
import { createCase } from '@inner-ear-hydrops/phantom';
import { anatomyOf, rasteriseEar } from '../../phantom/src/rasterise';
import { representativeSlices as exactSlices } from '../../phantom/src/truth';
import { createWorld } from '../../phantom/src/world';

jest.setTimeout(240_000);

/** Ears of many shapes in heads held askew, on the paper's grid and a finer grid. */
const CASES = Array.from({ length: 24 }, (_, n) => {
  const phantom = createCase(6100 + n, {
    grid: { size: [200, 90, 34], spacing: n % 5 === 4 ? [0.6, 0.6, 0.8] : [0.5, 0.5, 1] },
    tilt: [((n % 5) - 2) * 8, ((n % 3) - 1) * 6, ((n % 7) - 3) * 5],
    position: [0, 0, 0],
  });
  const world = createWorld(phantom);
  const anatomy = anatomyOf(
    phantom.grid,
    world.ears.map((ear) => rasteriseEar(phantom.grid, ear))
  );
  const mrc: Volume = { ...phantom.grid, data: new Float32Array(0) };
  const exact = new Map(world.ears.map((ear) => [ear.side, exactSlices(phantom.grid, ear)]));
  return { anatomy, mrc, exact };
});
const SIDES: EarSide[] = ['left', 'right'];

test.each(['cochlea', 'vestibule'] as const)(
  'the slice of the %s is that of the continuous anatomy, or the slice beside it',
  (organ) => {
    const apart = CASES.flatMap(({ anatomy, mrc, exact }) => {
      const found = representativeSlices(anatomy, mrc);
      return SIDES.map((side) => (found[side][organ] ?? NaN) - (exact.get(side)?.[organ] ?? NaN));
    });
    const share = (most: number): number =>
      apart.filter((difference) => Math.abs(difference) <= most).length / apart.length;
    expect(share(1)).toBeGreaterThanOrEqual(0.9);
    expect(share(0)).toBeGreaterThanOrEqual(0.55);
    expect(Math.max(...apart.map(Math.abs))).toBeLessThanOrEqual(3);
  }
);

test('a stack stored from head to feet has the same slices', () => {
  const { anatomy, mrc } = CASES[0]!;
  const [columns, rows, slices] = mrc.size;
  const turned = new Uint8Array(anatomy.length);
  // Slices and rows in reverse: a right-handed grid again.
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const from = columns * (rows - 1 - j + rows * (slices - 1 - k));
      turned.set(anatomy.subarray(from, from + columns), columns * (j + rows * k));
    }
  }
  const [x, y, z] = mrc.origin;
  const reversed: Volume = {
    ...mrc,
    origin: [x, y + (rows - 1) * mrc.spacing[1], z + (slices - 1) * mrc.spacing[2]],
    direction: [1, 0, 0, 0, -1, 0, 0, 0, -1],
  };
  const [up, down] = [representativeSlices(anatomy, mrc), representativeSlices(turned, reversed)];
  for (const side of SIDES) {
    expect(down[side].vestibule).toBe(slices - 1 - (up[side].vestibule ?? NaN));
    expect(down[side].cochlea).toBe(slices - 1 - (up[side].cochlea ?? NaN));
  }
});

test('an ear that is not there has no slice', () => {
  const { anatomy, mrc } = CASES[1]!;
  const left = anatomy.map((code) => (code > 9 ? 0 : code));
  expect(representativeSlices(left, mrc).right).toEqual({ cochlea: null, vestibule: null });
});
