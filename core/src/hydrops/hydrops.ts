import { sameGrid, geometryOf } from '../volume';
import { RefusedInputError, type Volume } from '../types';

/**
 * HYDROPS = PPI − PEI on magnitude images (Kim et al., INHEARIT, 2020): enhanced perilymph is
 * positive, endolymph negative, bone near zero.
 *
 * @throws RefusedInputError `grid-differs` when the two volumes do not share one grid.
 */
export function subtract(ppi: Volume, pei: Volume): Volume {
  requireOneGrid(ppi, pei, 'PPI', 'PEI');
  const data = new Float32Array(ppi.data.length);
  for (let n = 0; n < data.length; n++) data[n] = ppi.data[n]! - pei.data[n]!;
  return { ...geometryOf(ppi), data };
}

/**
 * HYDROPS-Mi2 = HYDROPS × MRC. MRC is a magnitude image: the product keeps the sign of HYDROPS
 * wherever MRC > 0 and is zero where MRC is zero.
 *
 * @throws RefusedInputError `grid-differs` when the two volumes do not share one grid.
 */
export function multiply(hydrops: Volume, mrc: Volume): Volume {
  requireOneGrid(hydrops, mrc, 'HYDROPS', 'MRC');
  const data = new Float32Array(hydrops.data.length);
  for (let n = 0; n < data.length; n++) data[n] = hydrops.data[n]! * mrc.data[n]!;
  return { ...geometryOf(hydrops), data };
}

/** 1 where HYDROPS-Mi2 is below zero, which is what the paper counts as endolymph; zero is not. */
export function endolymphMask(hydropsMi2: Volume): Uint8Array {
  const { data } = hydropsMi2;
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) if (data[n]! < 0) mask[n] = 1;
  return mask;
}

function requireOneGrid(a: Volume, b: Volume, nameA: string, nameB: string): void {
  if (sameGrid(a, b, 0.05)) return;
  throw new RefusedInputError(
    'grid-differs',
    `${nameA} (${a.size.join(' × ')} voxels of ${a.spacing.join(' × ')} mm) and ${nameB} ` +
      `(${b.size.join(' × ')} voxels of ${b.spacing.join(' × ')} mm) are not on the same grid.`,
    'Align the series to MRC before they are combined.'
  );
}
