import { RefusedInputError, type Method, type Vector3, type Volume, type Warning } from '../types';
import { geometryOf } from '../volume';
import { multiply, subtract } from './hydrops';
import { estimateMrcScale, scaleMrc, type MrcScale } from './mrcScale';

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
 *   half-way between the PPI/MRC of unenhanced fluid and that of enhanced perilymph, each ear its own
 *   where the centres of both are given, and a warning states it;
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
    hydrops = subtract(input.ppi, scaleMrc(input.mrc, scale));
    warnings.push(scaleWarning(scale, input.mrcScale !== undefined));
  } else {
    hydrops = { ...geometryOf(input.ppi), data: input.ppi.data.slice() };
  }
  return { hydrops, hydropsMi2: multiply(hydrops, input.mrc), warnings };
}

function scaleWarning(scale: MrcScale, byReader: boolean): Warning {
  const factors =
    typeof scale === 'number'
      ? scale.toPrecision(3)
      : `${scale.left.toPrecision(3)} (left ear) and ${scale.right.toPrecision(3)} (right ear)`;
  return {
    code: 'mrc-scale-estimated',
    message:
      `HYDROPS2 subtracts MRC × ${factors} from PPI. ` +
      (byReader ? 'The factor is set by the reader' : 'The factor is estimated from the study') +
      '; the ratio depends on it, and no grade is suggested.',
    ear: null,
    values: typeof scale === 'number' ? { scale } : { left: scale.left, right: scale.right },
  };
}
