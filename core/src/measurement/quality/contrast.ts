import { median } from '../../statistics';
import type { PreparedStudy } from '../../study';
import type { Warning } from '../../types';
import type { OrganVoxels } from '../organVoxels';

/**
 * (PPI − PEI) / PPI of perilymph below which a little of anything turns its sign. On phantoms it is 0.6 at 0.02 mM of
 * gadolinium, 0.25 at 0.05, 0.12 at 0.1 and 0.06 at 0.2, where its T1 is so short that PEI does not null it; there
 * the ratio of an organ moves by 0.3 if PPI stands 0.1 mm aside.
 */
const LEAST = 0.1;
/** Positive voxels below which nothing is said of an organ, and their share. */
const MIN_VOXELS = 10;
const MIN_SHARE = 0.1;

/** Organs whose perilymph is hardly brighter on PPI than on PEI. Only for PPI and PEI: they share one scale. */
export function contrastWarnings(
  { method, ppi, pei, hydrops }: PreparedStudy,
  organs: readonly OrganVoxels[]
): Warning[] {
  if (method !== 'hydrops-mi2' || !pei) return [];
  return organs.flatMap(({ ear, organ, indices }): Warning[] => {
    const shares: number[] = [];
    for (const n of indices) if (hydrops.data[n]! > 0) shares.push(hydrops.data[n]! / ppi.data[n]!);
    if (shares.length < Math.max(MIN_VOXELS, MIN_SHARE * indices.length)) return [];
    const contrast = median(shares);
    if (contrast >= LEAST) return [];
    return [
      {
        code: 'contrast-low',
        message:
          `In the ${ear} ${organ} perilymph is only ${(100 * contrast).toFixed(0)} % brighter on PPI than on PEI: a movement of a ` +
          'tenth of a millimetre, or a small difference of scale, changes the ratio much. Look at the interval of the ratio, and ' +
          'check the inversion times and whether there is too much gadolinium.',
        ear,
        organ,
        values: { contrast },
      },
    ];
  });
}
