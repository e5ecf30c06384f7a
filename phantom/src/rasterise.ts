import { ANATOMY, EARS, type Geometry } from '@inner-ear-hydrops/core';
import {
  COMPARTMENT_ANATOMY,
  COMPARTMENT_COUNT,
  ENDOLYMPH_COMPARTMENTS,
  PERILYMPH_COMPARTMENTS,
} from './ear/compartments';
import { compose, indexToPatient, patientToIndex, voxelCount } from './vector';
import type { PlacedEar, World } from './world';

/** Distance between sample points within a voxel, mm, near the labyrinth. */
const SAMPLE_STEP = 0.17;
const MAX_SAMPLES_PER_AXIS = 10;

/** The voxels that an ear reaches into, and what share of each every compartment holds. */
export interface EarRaster {
  ear: PlacedEar;
  /** Voxel indices on the grid, ascending. */
  voxels: Int32Array;
  /** `COMPARTMENT_COUNT` shares (sum 1) for each entry of `voxels`. */
  shares: Float32Array;
}

export function rasteriseEar(geometry: Geometry, ear: PlacedEar): EarRaster {
  const [columns, rows, slices] = geometry.size;
  const { matrix: m, offset: o } = compose(ear.fromPatient, indexToPatient(geometry));
  const center = patientToIndex(geometry, ear.center);
  const reach = geometry.spacing.map((s) => ear.model.boundingRadius / s + 1);
  const low = center.map((c, a) => Math.max(0, Math.floor(c - reach[a]!)));
  const high = center.map((c, a) =>
    Math.min([columns, rows, slices][a]! - 1, Math.ceil(c + reach[a]!))
  );
  const samples = geometry.spacing.map((s) =>
    Math.min(MAX_SAMPLES_PER_AXIS, Math.max(2, Math.ceil(s / SAMPLE_STEP)))
  );
  const halfDiagonal = 0.5 * Math.hypot(...geometry.spacing);
  const offsets: number[] = [];
  for (let c = 0; c < samples[2]!; c++)
    for (let b = 0; b < samples[1]!; b++)
      for (let a = 0; a < samples[0]!; a++) {
        const u = (a + 0.5) / samples[0]! - 0.5;
        const v = (b + 0.5) / samples[1]! - 0.5;
        const w = (c + 0.5) / samples[2]! - 0.5;
        offsets.push(
          m[0] * u + m[1] * v + m[2] * w,
          m[3] * u + m[4] * v + m[5] * w,
          m[6] * u + m[7] * v + m[8] * w
        );
      }
  const points = offsets.length / 3;

  const voxels: number[] = [];
  const shares: number[] = [];
  const counts = new Int32Array(COMPARTMENT_COUNT);
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const x = m[0] * i + m[1] * j + m[2] * k + o[0];
        const y = m[3] * i + m[4] * j + m[5] * k + o[1];
        const z = m[6] * i + m[7] * j + m[8] * k + o[2];
        const mask = ear.model.touching(x, y, z, halfDiagonal);
        if (mask === 0) continue;
        counts.fill(0);
        for (let s = 0; s < offsets.length; s += 3)
          counts[
            ear.model.classify(x + offsets[s]!, y + offsets[s + 1]!, z + offsets[s + 2]!, mask)
          ]!++;
        if (counts[0] === points) continue;
        voxels.push(i + columns * (j + rows * k));
        for (let c = 0; c < COMPARTMENT_COUNT; c++) shares.push(counts[c]! / points);
      }
  return { ear, voxels: Int32Array.from(voxels), shares: Float32Array.from(shares) };
}

/** Background of a whole grid: share of water-like fluid and grey level, per voxel. */
export interface HeadRaster {
  fluid: Float32Array;
  grey: Float32Array;
}

export function rasteriseHead(geometry: Geometry, world: World): HeadRaster {
  const n = voxelCount(geometry);
  const fluid = new Float32Array(n);
  const grey = new Float32Array(n);
  const [columns, rows, slices] = geometry.size;
  const { matrix: m, offset: o } = compose(world.headFromPatient, indexToPatient(geometry));
  // One sample a voxel with borders blended over about its width.
  const edge = Math.max(
    0.6,
    Math.cbrt(geometry.spacing[0] * geometry.spacing[1] * geometry.spacing[2])
  );
  let n0 = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n0++) {
        const sample = world.head(
          m[0] * i + m[1] * j + m[2] * k + o[0],
          m[3] * i + m[4] * j + m[5] * k + o[1],
          m[6] * i + m[7] * j + m[8] * k + o[2],
          edge
        );
        fluid[n0] = sample.fluid;
        grey[n0] = sample.grey;
      }
  return { fluid, grey };
}

/**
 * `ANATOMY` codes (+ `RIGHT_EAR_OFFSET`): a voxel belongs to the organ with the largest share when
 * the ear's structures together fill at least half of it.
 */
export function anatomyOf(geometry: Geometry, rasters: readonly EarRaster[]): Uint8Array {
  const anatomy = new Uint8Array(voxelCount(geometry));
  const organ = new Float64Array(6);
  for (const { ear, voxels, shares } of rasters) {
    const offset = EARS[ear.side].anatomyOffset;
    for (let e = 0; e < voxels.length; e++) {
      organ.fill(0);
      for (let c = 1; c < COMPARTMENT_COUNT; c++)
        organ[COMPARTMENT_ANATOMY[c]!]! += shares[e * COMPARTMENT_COUNT + c]!;
      let total = 0;
      let best: number = ANATOMY.cochlea;
      for (let a = 1; a < 6; a++) {
        total += organ[a]!;
        if (organ[a]! > organ[best]!) best = a;
      }
      if (total >= 0.5) anatomy[voxels[e]!] = best + offset;
    }
  }
  return anatomy;
}

/** Endolymph / (endolymph + perilymph) of each voxel; 0 where a voxel holds neither. */
export function endolymphFractionOf(
  geometry: Geometry,
  rasters: readonly EarRaster[]
): Float32Array {
  const fraction = new Float32Array(voxelCount(geometry));
  for (const { voxels, shares } of rasters)
    for (let e = 0; e < voxels.length; e++) {
      let endolymph = 0;
      let perilymph = 0;
      for (const c of ENDOLYMPH_COMPARTMENTS) endolymph += shares[e * COMPARTMENT_COUNT + c]!;
      for (const c of PERILYMPH_COMPARTMENTS) perilymph += shares[e * COMPARTMENT_COUNT + c]!;
      if (endolymph > 0) fraction[voxels[e]!] = endolymph / (endolymph + perilymph);
    }
  return fraction;
}
