import type { PreparedStudy } from '../../analysis/analyzeStudy';
import type { Volume, Warning } from '../../types';
import type { FluidReference } from '../fluidReference';
import type { OrganVoxels } from '../organVoxels';
import { percentile } from '../statistics';

/**
 * Height of the positive tail of HYDROPS/MRC in the ear, in units of the depth of CSF: below the
 * first no perilymph is enhanced, below the second it hardly is. By the signal equation enhanced
 * perilymph reaches about 1 at 0.02–0.1 mM and 0.5 at 0.2 mM, unenhanced fluid lies at −1.
 */
const NONE_BELOW = 0;
const WEAK_BELOW = 0.45;
/** HYDROPS2 without PEI: PPI/MRC of the tail against that of CSF. */
const WEAK_PPI_BELOW = 1.5;
/** MRC, in units of the brightest fluid's, that the quotient's denominator does not fall below. */
const LEAST_MRC = 0.1;

/**
 * Failed enhancement looks like 100 % hydrops: unenhanced fluid is negative, as endolymph is (field
 * notes, pitfall 3). Looks at the 95th percentile of HYDROPS/MRC in the ear's organs, each voxel
 * averaged with its neighbours in the ROI so that noise alone does not make a tail.
 */
export function enhancementWarnings(
  prepared: PreparedStudy,
  organs: OrganVoxels[],
  reference: FluidReference
): Warning[] {
  if (!(reference.hydrops < 0)) return [];
  const warnings: Warning[] = [];
  for (const ear of ['left', 'right'] as const) {
    const parts = organs.filter((organ) => organ.ear === ear);
    if (parts.length === 0) continue;
    const least = LEAST_MRC * reference.brightMrc;
    // HYDROPS2 puts its zero half-way to the strongest fluid, whatever that is: PPI itself must tell.
    const byPpi = prepared.method === 'hydrops2-mi2';
    const height = byPpi
      ? upperTail(prepared.ppi, prepared.mrc, parts, least) / reference.ppi
      : upperTail(prepared.hydrops, prepared.mrc, parts, least) / -reference.hydrops;
    if (height >= (byPpi ? WEAK_PPI_BELOW : WEAK_BELOW)) continue;
    const none = !byPpi && height < NONE_BELOW;
    warnings.push({
      code: none ? 'perilymph-not-enhanced' : 'perilymph-weakly-enhanced',
      message: none
        ? `No enhanced perilymph is seen in the ${ear} ear. Either gadolinium did not arrive, and then all ` +
          'fluid counts as endolymph and the ratio says nothing about hydrops, or endolymph fills the ear. ' +
          'Compare PPI with PEI in the basal turn and with the other ear.'
        : `The perilymph of the ${ear} ear is weakly enhanced: fluid with too little gadolinium counts as ` +
          'endolymph, and the ratio may read too high.',
      ear,
      values: { tail: height },
    });
  }
  return warnings;
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
      sum += image.data[m];
      level += mrc.data[m];
      count++;
    }
    ratios.push(sum / Math.max(level, least * count));
  }
  return percentile(ratios, 0.95);
}
