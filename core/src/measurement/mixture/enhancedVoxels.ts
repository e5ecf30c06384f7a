import type { PreparedStudy } from '../../study';
import type { FluidReference } from '../fluidReference';
import type { OrganVoxels } from '../organVoxels';
import { median, percentile } from '../../statistics';
import type { MixingLine } from './mixingLine';

/** A first look at an ear's enhanced perilymph, from magnitudes averaged in the slice. */
export interface Enhancement {
  line: MixingLine;
  /** Rise of PPI/MRC from unenhanced fluid to nearly the strongest voxels. */
  rise: number;
  /** Share of the ear's voxels with PPI above PEI, 0–1. */
  share: number;
  /** MRC of the ear's fluid: 75th percentile. */
  level: number;
}

/** MRC, in units of the ear's level, above which a voxel is mostly fluid. */
export const MOSTLY_FLUID = 0.6;
/**
 * Change of PEI/MRC with PPI/MRC when gadolinium shortens T1: 1.01 to 1.05 from 0.02 to 0.2 mM by the
 * signal equation (TI 2250 and 2050 ms, TR 9000 ms). It only decides the sign of PEI.
 */
const EXPECTED_SLOPE = 1.03;
/** Fewest voxels like the strongest voxels that give a better slope than the expected slope. */
const MIN_ALIKE = 5;

/**
 * Where PPI exceeds PEI the magnetisation on PPI is positive for certain (signed PPI is never below
 * signed PEI), so its sign is known there. Null where no voxel shows it.
 */
export function findEnhancement(
  prepared: PreparedStudy,
  ear: OrganVoxels[],
  reference: FluidReference
): Enhancement | null {
  const { mrc, ppi, pei } = prepared;
  if (!pei || reference.pei === null) return null;
  const roi = new Set<number>();
  for (const { indices } of ear) for (const n of indices) roi.add(n);
  const level = percentile(
    Array.from(roi, (n) => mrc.data[n]!),
    0.75
  );
  const columns = mrc.size[0];
  const found: [number, number][] = [];
  for (const n of roi) {
    let [count, sumMrc, sumPpi, sumPei] = [0, 0, 0, 0];
    for (const neighbour of [n, n - 1, n + 1, n - columns, n + columns]) {
      if (!roi.has(neighbour)) continue;
      count++;
      sumMrc += mrc.data[neighbour]!;
      sumPpi += ppi.data[neighbour]!;
      sumPei += pei.data[neighbour]!;
    }
    if (sumMrc < MOSTLY_FLUID * level * count || sumPpi <= sumPei) continue;
    found.push([sumPpi / sumMrc, sumPei / sumMrc]);
  }
  if (found.length === 0) return null;
  const start = [-reference.ppi, -reference.pei] as const;
  const strong = percentile(
    found.map((ratios) => ratios[0]),
    0.95
  );
  const rise = strong - start[0];
  const alike = found.filter((ratios) => Math.abs(ratios[0] - strong) < 0.1 * strong);
  if (alike.length < MIN_ALIKE)
    return { line: { start, slope: EXPECTED_SLOPE }, rise, share: found.length / roi.size, level };
  const expected = start[1] + EXPECTED_SLOPE * rise;
  const strongPei = Math.sign(expected) * median(alike.map((ratios) => ratios[1]));
  return {
    line: { start, slope: (strongPei - start[1]) / rise },
    rise,
    share: found.length / roi.size,
    level,
  };
}

/** Partial volume around an organ: face neighbours that are neither ROI nor bright fluid of their own. */
export function shellOf(
  prepared: PreparedStudy,
  organ: OrganVoxels,
  ear: OrganVoxels[],
  level: number
): number[] {
  const { mrc, missing } = prepared;
  const [columns, rows, slices] = mrc.size;
  const plane = columns * rows;
  const taken = new Set<number>();
  for (const { indices } of ear) for (const n of indices) taken.add(n);
  const shell: number[] = [];
  for (const n of organ.indices) {
    const i = n % columns;
    const j = Math.floor(n / columns) % rows;
    const k = Math.floor(n / plane);
    const neighbours = [
      i > 0 ? n - 1 : -1,
      i < columns - 1 ? n + 1 : -1,
      j > 0 ? n - columns : -1,
      j < rows - 1 ? n + columns : -1,
      k > 0 ? n - plane : -1,
      k < slices - 1 ? n + plane : -1,
    ];
    for (const neighbour of neighbours) {
      if (neighbour < 0 || taken.has(neighbour)) continue;
      taken.add(neighbour);
      if (missing?.[neighbour]) continue;
      if (mrc.data[neighbour]! < MOSTLY_FLUID * level) shell.push(neighbour);
    }
  }
  return shell;
}
