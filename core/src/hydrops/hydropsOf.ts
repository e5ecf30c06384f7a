import { RefusedInputError, type Method, type Vector3, type Volume, type Warning } from '../types';
import { geometryOf, worldToVoxel } from '../volume';
import { multiply, subtract } from './hydrops';

export interface HydropsImages {
  /** Perilymph positive, endolymph negative. */
  hydrops: Volume;
  /** `hydrops` × MRC. */
  hydropsMi2: Volume;
  warnings: Warning[];
}

export interface HydropsInput {
  mrc: Volume;
  /** For 'real-ir' the one signed series. */
  ppi: Volume;
  pei: Volume | null;
  /** LPS mm, where 'hydrops2-mi2' looks for enhanced perilymph; the whole volume when absent. */
  centers?: Vector3[];
  /** 'hydrops2-mi2': factor on MRC; estimated from the study when absent. */
  mrcScale?: number;
}

/**
 * The image whose sign separates endolymph from perilymph, by method:
 * - `hydrops-mi2`: PPI − PEI (INHEARIT, 2020);
 * - `hydrops2-mi2`: PPI − s·MRC, without PEI. The literature leaves the factor s open: here it lies
 *   half-way between the PPI/MRC of unenhanced fluid and that of enhanced perilymph of the study,
 *   and a warning states it;
 * - `real-ir`: one signed 3D-real IR series as it is (given as `ppi`).
 *
 * @throws RefusedInputError `series-missing`, `grid-differs`, `no-fluid`.
 */
export function hydropsOf(method: Method, input: HydropsInput): HydropsImages {
  const warnings: Warning[] = [];
  let hydrops: Volume;
  if (method === 'hydrops-mi2') {
    if (!input.pei) {
      throw new RefusedInputError(
        'series-missing',
        'The study has no PEI series, which HYDROPS-Mi2 needs.',
        'Assign the PEI series, or choose the method HYDROPS2-Mi2 (MRC and PPI only).'
      );
    }
    hydrops = subtract(input.ppi, input.pei);
  } else if (method === 'hydrops2-mi2') {
    const scale = input.mrcScale ?? estimateMrcScale(input.mrc, input.ppi, input.centers);
    const { data } = input.mrc;
    const scaled = { ...geometryOf(input.mrc), data: data.map((value) => value * scale) };
    hydrops = subtract(input.ppi, scaled);
    warnings.push({
      code: 'mrc-scale-estimated',
      message:
        `HYDROPS2 subtracts MRC × ${scale.toPrecision(3)} from PPI. The factor is ` +
        (input.mrcScale === undefined ? 'estimated from this study' : 'set by the reader') +
        '; the ratio depends on it.',
      ear: null,
      values: { scale },
    });
  } else {
    hydrops = { ...geometryOf(input.ppi), data: input.ppi.data.slice() };
  }
  return { hydrops, hydropsMi2: multiply(hydrops, input.mrc), warnings };
}

/** Radius about each ear's centre, mm, that holds its labyrinth. */
const EAR_RADIUS = 10;

/**
 * Factor on MRC that puts the zero of PPI − s·MRC half-way between unenhanced fluid (median
 * PPI/MRC of all bright fluid) and enhanced perilymph (95th percentile of PPI/MRC near the ears).
 */
export function estimateMrcScale(mrc: Volume, ppi: Volume, centers?: Vector3[]): number {
  const level = 0.4 * brightLevel(mrc);
  const everywhere = ratios(mrc, ppi, level, null);
  const near = centers?.length ? ratios(mrc, ppi, level, centers) : everywhere;
  if (everywhere.length < 50 || near.length < 50) {
    throw new RefusedInputError(
      'no-fluid',
      'MRC shows too little bright fluid to scale it against PPI.',
      'Check that the series with the role MRC is the cisternography.'
    );
  }
  const unenhanced = everywhere[Math.floor(0.5 * everywhere.length)];
  const enhanced = near[Math.floor(0.95 * near.length)];
  return 0.5 * (unenhanced + enhanced);
}

/** 99.5th percentile of a sample of the volume: robust against a few hot voxels. */
function brightLevel(volume: Volume): number {
  const stride = Math.max(1, Math.floor(volume.data.length / 200_000));
  const sample: number[] = [];
  for (let n = 0; n < volume.data.length; n += stride) sample.push(volume.data[n]);
  sample.sort((a, b) => a - b);
  return sample[Math.floor(0.995 * (sample.length - 1))];
}

function ratios(mrc: Volume, ppi: Volume, level: number, centers: Vector3[] | null): number[] {
  const [columns, rows, slices] = mrc.size;
  const found: number[] = [];
  const boxes = (centers ?? [null]).map((center) => {
    if (!center) return { low: [0, 0, 0], high: [columns - 1, rows - 1, slices - 1] };
    const at = worldToVoxel(mrc, center);
    const reach = mrc.spacing.map((step) => EAR_RADIUS / step);
    return {
      low: at.map((value, axis) => Math.max(0, Math.ceil(value - reach[axis]))),
      high: at.map((value, axis) => Math.min(mrc.size[axis] - 1, Math.floor(value + reach[axis]))),
    };
  });
  for (const { low, high } of boxes) {
    for (let k = low[2]; k <= high[2]; k++) {
      for (let j = low[1]; j <= high[1]; j++) {
        const row = columns * (j + rows * k);
        for (let i = low[0]; i <= high[0]; i++) {
          const value = mrc.data[row + i];
          if (value > level) found.push(ppi.data[row + i] / value);
        }
      }
    }
  }
  return found.sort((a, b) => a - b);
}
