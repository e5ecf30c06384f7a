import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  EAR_SIDES,
  EARS,
  type Geometry,
  type Vector3,
  voxelToWorld,
  perAxis,
  AXIAL,
} from '@inner-ear-hydrops/core';
import { resampleSeparable } from '@inner-ear-hydrops/core/segmentation';
import { createCase, simulateMrc, type PhantomCase } from '@inner-ear-hydrops/phantom';
import { writeCaseFile, type LabelledImage } from './caseFile';
import { isLabyrinth, labelExtent } from './labelExtent';
import { LOCATOR_PLAN } from './plans';
import { RandomNumbers } from './randomNumbers';

/** Seeds from here on are for evaluation and are never trained on. */
const FIRST_EVALUATION_SEED = 1_000_000;

const EAR_PIXEL = 0.5;
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
      `Seeds from ${FIRST_EVALUATION_SEED} on are reserved for evaluation; training asked for ${first + count - 1}.`
    );
  }
  await mkdir(folder, { recursive: true });
  for (let seed = first; seed < first + count; seed++) {
    const file = path.join(folder, `${seed}.case`);
    if (!existsSync(file)) await writeCaseFile(file, simulateTrainingImages(seed));
    onCase(seed);
  }
}

/** Ranges of anatomy and acquisition that training sees; evaluation goes beyond them. */
const TRAINING_DIFFICULTY = [0.6, 1.1] as const;

/** A coarse head and a crop about each ear, with the classes of their voxels. */
function simulateTrainingImages(seed: number): LabelledImage[] {
  const random = new RandomNumbers(seed ^ 0x5eed);
  const missing = random.chance(0.06) ? (random.chance(0.5) ? 'left' : 'right') : undefined;
  const phantom = createCase(seed, {
    difficulty: random.between(...TRAINING_DIFFICULTY),
    missingEar: missing,
  });
  const images: LabelledImage[] = [];
  const head = coarseGrid(phantom.grid);
  const coarse = simulate(quieter(phantom), head, seed);
  images.push({ kind: 'head', side: null, ...coarse });
  for (const side of EAR_SIDES) {
    const offset = EARS[side].anatomyOffset;
    const extent = labelExtent(coarse.anatomy, coarse.size, (code) => isLabyrinth(code - offset));
    if (!extent) continue;
    const center = voxelToWorld(head, extent.center);
    images.push({
      kind: 'ear',
      side,
      ...simulateEar(phantom, center, random, seed + (side === 'left' ? 1 : 2)),
    });
  }
  return images;
}

/**
 * An ear acquired with pixels of 0.4–0.8 mm and slices of 0.5–1.4 mm and brought to the network's
 * pixels, as images of other sites are; the classes are those of the network's own grid.
 */
function simulateEar(
  phantom: PhantomCase,
  center: Vector3,
  random: RandomNumbers,
  seed: number
): Omit<LabelledImage, 'kind' | 'side'> {
  const slice = random.chance(0.5) ? 1 : random.between(0.5, 1.4);
  const wanted = earGrid(center, [EAR_PIXEL, EAR_PIXEL, slice], random);
  const pixel = random.chance(0.5) ? EAR_PIXEL : random.between(0.4, 0.8);
  if (pixel === EAR_PIXEL) return simulate(phantom, wanted, seed);
  const count = Math.ceil((EAR_PIXELS * EAR_PIXEL) / pixel) + 2;
  const acquired = earGrid(center, [pixel, pixel, slice], random, count);
  acquired.origin[2] = wanted.origin[2];
  const { mrc } = simulateMrc(phantom, acquired, { noise: true, seed });
  const { anatomy } = simulateMrc(phantom, wanted, { noise: false });
  const axes = perAxis((axis) => ({
    start: (wanted.origin[axis] - acquired.origin[axis]) / acquired.spacing[axis],
    step: wanted.spacing[axis] / acquired.spacing[axis],
    count: wanted.size[axis],
  }));
  const values = resampleSeparable(mrc.data, mrc.size, axes);
  return { size: wanted.size, spacing: wanted.spacing, mrc: values, anatomy };
}

/** Voxels of 2 mm are means over some thirty acquired voxels, and their noise is smaller accordingly. */
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
    Math.max(Math.round((count * grid.spacing[axis]!) / spacing[axis]!), 1)
  ) as Vector3;
  const middle = grid.origin.map(
    (value, axis) => value + ((grid.size[axis]! - 1) / 2) * grid.spacing[axis]!
  );
  return centred(middle as Vector3, size, spacing);
}

function earGrid(
  center: Vector3,
  spacing: Vector3,
  random: RandomNumbers,
  pixels = EAR_PIXELS
): Geometry {
  const size: Vector3 = [pixels, pixels, Math.round(EAR_HEIGHT / spacing[2])];
  const shifted = center.map((value, axis) => value + random.between(-0.5, 0.5) * spacing[axis]!);
  return centred(shifted as Vector3, size, spacing);
}

function centred(center: Vector3, size: Vector3, spacing: Vector3): Geometry {
  const origin = center.map((value, axis) => value - ((size[axis]! - 1) / 2) * spacing[axis]!);
  return { size, spacing, origin: origin as Vector3, direction: AXIAL };
}
