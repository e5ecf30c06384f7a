import { percentile, median } from '../../statistics';
import type { EarMeasurement, EarSide, Vector3, Volume, Warning } from '../../types';
import { cropOf, worldToVoxel } from '../../volume';
import type { OrganVoxels } from '../organVoxels';

/** mm around an organ's middle in which the brightest fluid is looked for: the labyrinth and the auditory canal. */
const AROUND = 12;
/**
 * MRC of an organ's middle voxel, in units of that fluid, below which its region does not lie on the organ. 56 phantom organs have
 * 0.54 to 1.00; moved by 2 mm they have 0.07 to 0.39, with the slices reversed 0.10 in the median.
 */
const LEAST = 0.4;

/** Regions that do not lie on bright fluid of MRC, with their brightness in units of the brightest fluid around. */
export function organsOffFluid(
  mrc: Volume,
  organs: readonly OrganVoxels[]
): { organ: OrganVoxels; brightness: number }[] {
  return organs.flatMap((organ) => {
    const at = worldToVoxel(mrc, organ.center);
    const low = at.map((x, axis) =>
      Math.min(mrc.size[axis]! - 1, Math.max(0, Math.round(x - AROUND / mrc.spacing[axis]!)))
    ) as Vector3;
    const size = at.map((x, axis) =>
      Math.max(
        1,
        Math.min(mrc.size[axis]! - 1, Math.round(x + AROUND / mrc.spacing[axis]!)) - low[axis]! + 1
      )
    ) as Vector3;
    const fluid = percentile([...cropOf(mrc, low, size).data], 0.99);
    const brightness = median(Array.from(organ.indices, (n) => mrc.data[n]!)) / fluid;
    return brightness < LEAST || !(fluid > 0) ? [{ organ, brightness }] : [];
  });
}

/** What people or other software drew where MRC shows no fluid: another slice order, a mirrored or shifted file. */
export function offFluidWarnings(
  mrc: Volume,
  organs: readonly OrganVoxels[],
  ears: Record<EarSide, EarMeasurement | null>
): Warning[] {
  const drawn = organs.filter(({ ear, organ }) => ears[ear]?.[organ]?.mask === 'drawn');
  return organsOffFluid(mrc, drawn).map(({ organ: { ear, organ }, brightness }) => ({
    code: 'roi-off-fluid',
    message: `${offFluid({ ear, organ }, brightness)} Look at it on MRC; it is not measured there.`,
    ear,
    organ,
    values: { brightness },
  }));
}

/** The sentence of a region that does not lie on fluid. */
export function offFluid(
  { ear, organ }: Pick<OrganVoxels, 'ear' | 'organ'>,
  brightness: number
): string {
  return (
    `The region of the ${ear} ${organ} does not lie on fluid: MRC is ${Math.round(100 * brightness) || 0} % as bright there as the fluid around it. ` +
    'Its slices may be in another order, or the file mirrored or shifted against the images.'
  );
}
