import type { PreparedStudy } from '../../study';
import type { EarSide, Volume, Warning } from '../../types';
import type { FluidReference } from '../fluidReference';
import { EAR_SIDES } from '../../registry';
import type { OrganVoxels } from '../organVoxels';
import { percentile } from '../../statistics';

/**
 * Height of the positive tail of HYDROPS/MRC in the ear, in units of the depth of CSF: below the
 * first no perilymph is enhanced, below the second it hardly is. By the signal equation enhanced
 * perilymph reaches about 1 at 0.02–0.1 mM and 0.5 at 0.2 mM, unenhanced fluid lies at −1.
 */
const NONE_BELOW = 0;
const WEAK_BELOW = 0.45;
/**
 * HYDROPS2 without PEI: PPI/MRC of the tail against that of CSF. Magnitudes alone do not tell less than 0.02 mM from none,
 * and HYDROPS2 then puts its zero anywhere: ears without gadolinium reach 0.5 to 1.45 and read 53 to 100 %.
 */
const NONE_PPI_BELOW = 1.5;
/** HYDROPS2: PPI/MRC of one ear's perilymph against the other's. */
const MAX_QUOTIENT = 1.5;
/** MRC, in units of the brightest fluid's, that the quotient's denominator does not fall below. */
const MIN_MRC = 0.1;

/**
 * Failed enhancement looks like 100 % hydrops: unenhanced fluid is negative, as endolymph is.
 * Looks at the 95th percentile of HYDROPS/MRC in the ear's organs, each voxel
 * averaged with its neighbours in the ROI so that noise alone does not make a tail.
 */
export function enhancementWarnings(
  prepared: PreparedStudy,
  organs: OrganVoxels[],
  reference: FluidReference
): Warning[] {
  if (!(reference.hydrops < 0)) return [];
  const warnings: Warning[] = [];
  const heights: Partial<Record<EarSide, number>> = {};
  for (const ear of EAR_SIDES) {
    const parts = organs.filter((organ) => organ.ear === ear);
    if (parts.length === 0) continue;
    const least = MIN_MRC * reference.brightMrc;
    // HYDROPS2 puts its zero half-way to the strongest fluid, whatever that is: PPI itself must tell.
    const byPpi = prepared.method === 'hydrops2-mi2';
    const height = byPpi
      ? upperTail(prepared.ppi, prepared.mrc, parts, least) / reference.ppi
      : upperTail(prepared.hydrops, prepared.mrc, parts, least) / -reference.hydrops;
    heights[ear] = height;
    const none = height < (byPpi ? NONE_PPI_BELOW : NONE_BELOW);
    if (!none && (byPpi || height >= WEAK_BELOW)) continue;
    warnings.push({
      code: none ? 'perilymph-not-enhanced' : 'perilymph-weakly-enhanced',
      message: none
        ? `No enhanced perilymph is seen in the ${ear} ear. Either no gadolinium arrived, and then all ` +
          'fluid counts as endolymph and the ratio says nothing about hydrops, or endolymph fills the ear. ' +
          `Compare ${byPpi ? 'it' : 'PPI with PEI in the basal turn and'} with the other ear.`
        : `The perilymph of the ${ear} ear is weakly enhanced: fluid with too little gadolinium counts as ` +
          'endolymph, so the ratio may read too high.',
      ear,
      values: { tail: height },
    });
  }
  if (hasOneScale(prepared)) warnings.push(...unequalEnhancement(heights));
  return warnings;
}

/** HYDROPS2 whose factor on MRC is one for both ears, not each ear's own. */
function hasOneScale({ mrcScale }: PreparedStudy): boolean {
  return typeof mrcScale === 'number';
}

/** One factor on MRC for both ears suits the strongly enhanced one. */
function unequalEnhancement({ left, right }: Partial<Record<EarSide, number>>): Warning[] {
  if (left === undefined || right === undefined) return [];
  const quotient = Math.max(left, right) / Math.min(left, right);
  if (quotient <= MAX_QUOTIENT) return [];
  const ear = left < right ? 'left' : 'right';
  return [
    {
      code: 'enhancement-unequal',
      message:
        `The perilymph of the ${ear} ear is ${quotient.toFixed(1)} times less bright on PPI than that of the other. ` +
        'HYDROPS2 uses the same factor for both ears here, so the ratio of this ear reads too high. Prefer the method with PEI.',
      ear,
      values: { left, right },
    },
  ];
}

function upperTail(image: Volume, mrc: Volume, ear: OrganVoxels[], least: number): number {
  const [columns, rows] = mrc.size;
  const plane = columns * rows;
  const roi = new Set<number>();
  for (const { indices } of ear) for (const n of indices) roi.add(n);
  const ratios: number[] = [];
  for (const n of roi) {
    let [sum, level, count] = [0, 0, 0];
    for (const m of [n, n - 1, n + 1, n - columns, n + columns, n - plane, n + plane]) {
      if (!roi.has(m)) continue;
      sum += image.data[m]!;
      level += mrc.data[m]!;
      count++;
    }
    ratios.push(sum / Math.max(level, least * count));
  }
  return percentile(ratios, 0.95);
}
