import type { PreparedStudy } from '../../study';
import type { AlignmentReport, Warning } from '../../types';
import type { FluidReference } from '../fluidReference';
import { perEar } from '../../registry';
import type { OrganVoxels } from '../organVoxels';
import { median, percentile } from '../../statistics';

/** Voxel sizes, mm, up to which the organs are resolved (the paper: 0.5 × 0.5 × 1.0). */
const COARSE_PIXEL = 0.85;
const COARSE_SLICE = 1.6;

/** A grid too coarse for scalae of about a millimetre, and series of another sampling. */
export function geometryWarnings({ mrc, alignment }: PreparedStudy): Warning[] {
  const warnings: Warning[] = [];
  const [a, b, c] = mrc.spacing;
  if (Math.max(a, b) > COARSE_PIXEL || c > COARSE_SLICE) {
    const size = mrc.spacing.map((x) => Number(x.toFixed(2))).join(' × ');
    warnings.push({
      code: 'geometry-coarse',
      message:
        `MRC has voxels of ${size} mm, coarser than ${COARSE_PIXEL} mm in the slice or ${COARSE_SLICE} mm between ` +
        'slices: endolymph and perilymph share most voxels, so the ratio reads too low, and no grade is suggested from it.',
      ear: null,
      values: { x: a, y: b, z: c },
    });
  }
  const series: [string, AlignmentReport | null][] = [
    ['PPI', alignment.ppi],
    ['PEI', alignment.pei],
  ];
  for (const [name, report] of series) {
    if (report?.treatment !== 'resampled') continue;
    warnings.push({
      code: 'geometry-resampled',
      message: `${name} is not on the grid of MRC and was brought onto it by ${report.interpolation} interpolation.`,
      ear: null,
      values: { series: name, interpolation: report.interpolation },
    });
  }
  return warnings;
}

/** Quotient of the brightness of both ears' fluid on MRC that is warned of. */
const MAX_ASYMMETRY = 1.8;

/** Ears of one head have fluid alike: a difference on MRC is the coil's, and so one of noise. */
export function asymmetryWarnings({ mrc }: PreparedStudy, organs: OrganVoxels[]): Warning[] {
  const { left, right } = perEar((ear) => {
    const values: number[] = [];
    for (const organ of organs) {
      if (organ.ear === ear) for (const n of organ.indices) values.push(mrc.data[n]!);
    }
    return percentile(values, 0.75);
  });
  const ratio = left / right;
  if (!(ratio > MAX_ASYMMETRY || ratio < 1 / MAX_ASYMMETRY)) return [];
  const [bright, dim] = ratio > 1 ? ['left', 'right'] : ['right', 'left'];
  return [
    {
      code: 'coil-asymmetry',
      message:
        `Fluid of the ${bright} ear is ${Math.max(ratio, 1 / ratio).toFixed(1)} times as bright on MRC as that of the ${dim} ear: ` +
        `the coil sees the ${dim} ear poorly, noise has more effect there, and the ratios of the two ears are less comparable.`,
      ear: null,
      values: { leftToRight: ratio },
    },
  ];
}

/** PPI/PEI of the background outside this range means different scales. */
const SCALE_RANGE = [0.87, 1.2] as const;
/** Difference PPI − PEI of the background, in units of CSF's mean signal on the two. */
const MAX_OFFSET = 0.1;
/** MRC below which a voxel is background: in units of the brightest fluid's. */
const BACKGROUND = 0.15;
const SAMPLES = 60_000;

const scalingCache = new WeakMap<PreparedStudy, Warning[]>();

/**
 * Noise and soft tissue are nearly the same on PPI and PEI. Where they differ, the series are scaled
 * apart or one holds an offset, and the zero of PPI − PEI does not separate the
 * two fluids. Depends on the images alone.
 */
export function scalingWarnings(prepared: PreparedStudy, reference: FluidReference): Warning[] {
  const known = scalingCache.get(prepared);
  if (known) return known;
  const found = scalingOf(prepared, reference);
  scalingCache.set(prepared, found);
  return found;
}

function scalingOf(
  { mrc, ppi, pei, leftOut }: PreparedStudy,
  reference: FluidReference
): Warning[] {
  if (!pei) return [];
  const values = { ppi: [] as number[], pei: [] as number[], difference: [] as number[] };
  const step = Math.max(1, Math.floor(mrc.data.length / SAMPLES)) | 1;
  for (let n = 0; n < mrc.data.length; n += step) {
    // Masked air says nothing.
    if (
      leftOut?.[n] ||
      mrc.data[n]! > BACKGROUND * reference.brightMrc ||
      (ppi.data[n] === 0 && pei.data[n] === 0)
    )
      continue;
    values.ppi.push(ppi.data[n]!);
    values.pei.push(pei.data[n]!);
    values.difference.push(ppi.data[n]! - pei.data[n]!);
  }
  if (values.ppi.length < 200) return [];
  const scale = median(values.ppi) / median(values.pei);
  const csf = 0.5 * (reference.ppi + (reference.pei ?? 0)) * reference.brightMrc;
  const offset = median(values.difference) / csf;
  if (scale >= SCALE_RANGE[0] && scale <= SCALE_RANGE[1] && Math.abs(offset) <= MAX_OFFSET)
    return [];
  return [
    {
      code: 'scaling-unusual',
      message:
        `Where there is no fluid, PPI is ${scale.toFixed(2)} times PEI; they should agree. One of them seems to be ` +
        'scaled differently or to have an offset, so the zero of PPI − PEI does not separate endolymph from perilymph. ' +
        'Check Rescale Slope and Intercept (0028,1053 and 0028,1052) of both series.',
      ear: null,
      values: { scale, offset },
    },
  ];
}

/**
 * Cerebrospinal fluid must be negative, as endolymph is. Where it is not, PPI and PEI are exchanged or
 * are not what their roles say, and the ratio means something else.
 */
export function polarityWarnings({ method }: PreparedStudy, reference: FluidReference): Warning[] {
  if (reference.hydrops < 0) return [];
  return [
    {
      code: 'csf-not-negative',
      message:
        'Fluid outside the ears, which holds no gadolinium, is not negative on HYDROPS as it must be. ' +
        (method === 'hydrops-mi2'
          ? 'PPI and PEI may be exchanged, or their inversion times do not suit the method: check the roles of the series.'
          : 'Check that the series is an inversion-recovery image with its sign, of the expected inversion time.'),
      ear: null,
      values: { hydropsOfCsf: reference.hydrops },
    },
  ];
}
