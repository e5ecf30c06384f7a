import { voxelToWorld, worldToVoxel, type Vector3, firstItems } from '@inner-ear-hydrops/core';
import { headToPatient } from './case';
import { createCohortCase } from './cohort';
import { simulateStudy } from './simulate';

describe('a cohort', () => {
  const cases = Array.from({ length: 40 }, (_, seed) => createCohortCase(seed));

  it('is the same for the same seeds', () => {
    expect(createCohortCase(11)).toEqual(createCohortCase(11));
    expect(createCohortCase(11, { difficulty: 1.3 })).not.toEqual(createCohortCase(11));
  });

  it('varies grids as sites do and keeps to what their protocols allow', () => {
    for (const { grid } of cases) {
      expect(grid.spacing[0]).toBe(grid.spacing[1]);
      expect(grid.spacing[0]).toBeGreaterThanOrEqual(0.4);
      expect(grid.spacing[0]).toBeLessThanOrEqual(0.8);
      expect(grid.spacing[2]).toBeGreaterThanOrEqual(0.5);
      expect(grid.spacing[2]).toBeLessThanOrEqual(1.4);
      const [i, j, k] = firstItems(
        [0, 3, 6].map((n) => grid.direction.slice(n, n + 3)),
        3
      );
      const cross = [
        i[1]! * j[2]! - i[2]! * j[1]!,
        i[2]! * j[0]! - i[0]! * j[2]!,
        i[0]! * j[1]! - i[1]! * j[0]!,
      ];
      // Right-handed and orthonormal, whichever end the stack begins at.
      cross.forEach((value, axis) => expect(value).toBeCloseTo(k[axis]!, 9));
    }
    expect(new Set(cases.map(({ grid }) => grid.spacing.join())).size).toBeGreaterThan(20);
    expect(cases.some(({ grid }) => grid.direction[8] < 0)).toBe(true);
    expect(cases.some(({ grid }) => Math.abs(grid.direction[5]) > 0.03)).toBe(true);
    expect(cases.some(({ motion }) => Math.hypot(...motion.pei.translation) > 0.5)).toBe(true);
  });

  it('holds both vestibules within every stack', () => {
    for (const { grid, pose, earPositions } of cases) {
      // The head's centre lies between the vestibules; tilts move them by a few millimetres.
      const middle = worldToVoxel(grid, [...pose.translation]);
      expect(middle[2]).toBeGreaterThan(0);
      expect(middle[2]).toBeLessThan(grid.size[2]);
      expect(earPositions.left[0]).toBeLessThan((grid.size[0] * grid.spacing[0]) / 2 - 8);
    }
  });

  it('names landmarks that lie in their organs', () => {
    const drawn = createCohortCase(3, { grids: 'paper' });
    const size: Vector3 = [60, 60, 20];
    const grid = { ...drawn.grid, size, spacing: [0.6, 0.6, 1.1] as Vector3 };
    const around = (center: Vector3): Vector3 => [center[0] - 18, center[1] - 18, center[2] - 11];
    const vestibule = headToPatient(drawn.pose)(drawn.earPositions.left);
    const { truth } = simulateStudy({ ...drawn, grid: { ...grid, origin: around(vestibule) } });
    const { cochlea } = truth.landmarks.left!;
    truth.landmarks.left!.vestibule.forEach((v, a) => expect(v).toBeCloseTo(vestibule[a]!, 6));
    const near = (point: Vector3, code: number): number => {
      let best = Infinity;
      truth.anatomy.forEach((found, n) => {
        if (found !== code) return;
        const at = voxelToWorld({ ...grid, origin: around(vestibule) }, [
          n % size[0],
          Math.floor(n / size[0]) % size[1],
          Math.floor(n / (size[0] * size[1])),
        ]);
        best = Math.min(best, Math.hypot(...at.map((value, a) => value - point[a]!)));
      });
      return best;
    };
    expect(near(vestibule, 2)).toBeLessThan(1.5);
    expect(near(cochlea, 1)).toBeLessThan(2);
    expect(near(cochlea, 1)).toBeLessThan(near(cochlea, 2));
  });
});
