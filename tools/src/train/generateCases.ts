import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  RIGHT_EAR_OFFSET,
  voxelToWorld,
  type Geometry,
  type Vector3,
} from '@inner-ear-hydrops/core';
import { createCase, simulateMrc, type PhantomCase } from '@inner-ear-hydrops/phantom';
import { writeCaseFile, type LabelledImage } from './caseFile';
import { isLabyrinth, labelExtent } from './labelExtent';
import { LOCATOR_PLAN } from './plans';
import { RandomNumbers } from './randomNumbers';

/** Seeds from here on are for evaluation and are never trained on. */
export const FIRST_EVALUATION_SEED = 1_000_000;

const AXIAL = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const EAR_PIXELS = 104;
const EAR_HEIGHT = 30;

/** Simulates training images of cases `first … first + count − 1`; files that exist are kept. */
export async function generateCases(
  folder: string,
  first: number,
  count: number,
  onCase: (seed: number) => void
): Promise<void> {
  if (first + count > FIRST_EVALUATION_SEED) {
    throw new RangeError(
      `Seeds from ${FIRST_EVALUATION_SEED} on are kept for evaluation; training asked for ${first + count - 1}.`
    );
  }
  await mkdir(folder, { recursive: true });
  for (let seed = first; seed < first + count; seed++) {
    const file = path.join(folder, `${seed}.case`);
    if (!existsSync(file)) await writeCaseFile(file, simulateTrainingImages(seed));
    onCase(seed);
  }
}

/** A coarse head and a crop about each ear, with the classes of their voxels. */
export function simulateTrainingImages(seed: number): LabelledImage[] {
  const random = new RandomNumbers(seed ^ 0x5eed);
  const missing = random.chance(0.06) ? (random.chance(0.5) ? 'left' : 'right') : undefined;
  const phantom = createCase(seed, {
    difficulty: random.between(0.7, 1.4),
    missingEar: missing,
  });
  const images: LabelledImage[] = [];
  const head = coarseGrid(phantom.grid);
  const coarse = simulate(quieter(phantom), head, seed);
  images.push({ kind: 'head', side: null, ...coarse });
  for (const side of ['left', 'right'] as const) {
    const offset = side === 'right' ? RIGHT_EAR_OFFSET : 0;
    const extent = labelExtent(coarse.anatomy, coarse.size, (code) => isLabyrinth(code - offset));
    if (!extent) continue;
    const spacing: Vector3 = [0.5, 0.5, random.chance(0.6) ? 1 : random.between(0.7, 1.4)];
    const center = voxelToWorld(head, extent.center);
    const ear = earGrid(center, spacing, random);
    images.push({ kind: 'ear', side, ...simulate(phantom, ear, seed + (side === 'left' ? 1 : 2)) });
  }
  return images;
}

/** Voxels of 2 mm are means over some thirty acquired ones, and their noise is as much smaller. */
function quieter(phantom: PhantomCase): PhantomCase {
  const noise = { ...phantom.acquisition.noise, mrc: phantom.acquisition.noise.mrc / 5 };
  return { ...phantom, acquisition: { ...phantom.acquisition, noise } };
}

function simulate(
  phantom: PhantomCase,
  geometry: Geometry,
  seed: number
): Omit<LabelledImage, 'kind' | 'side'> {
  const { mrc, anatomy } = simulateMrc(phantom, geometry, { noise: true, seed });
  return { size: geometry.size, spacing: geometry.spacing, mrc: mrc.data, anatomy };
}

function coarseGrid(grid: Geometry): Geometry {
  const spacing = LOCATOR_PLAN.format.inputs.image.spacing;
  const size = grid.size.map((count, axis) =>
    Math.max(Math.round((count * grid.spacing[axis]) / spacing[axis]), 1)
  ) as Vector3;
  const middle = grid.origin.map(
    (value, axis) => value + ((grid.size[axis] - 1) / 2) * grid.spacing[axis]
  );
  return centred(middle as Vector3, size, spacing);
}

function earGrid(center: Vector3, spacing: Vector3, random: RandomNumbers): Geometry {
  const size: Vector3 = [EAR_PIXELS, EAR_PIXELS, Math.round(EAR_HEIGHT / spacing[2])];
  const shifted = center.map((value, axis) => value + random.between(-0.5, 0.5) * spacing[axis]);
  return centred(shifted as Vector3, size, spacing);
}

function centred(center: Vector3, size: Vector3, spacing: Vector3): Geometry {
  const origin = center.map((value, axis) => value - ((size[axis] - 1) / 2) * spacing[axis]);
  return { size, spacing, origin: origin as Vector3, direction: AXIAL };
}
