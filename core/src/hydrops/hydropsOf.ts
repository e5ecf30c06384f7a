import { RefusedInputError, type Method, type Vector3, type Volume, type Warning } from '../types';
import { METHODS } from '../registry';
import { geometryOf } from '../volume';
import { multiply, subtract } from './hydrops';
import { estimateMrcScale, scaleMrc, type MrcScale } from './mrcScale';

export interface HydropsImages {
  /** Perilymph positive, endolymph negative. */
  hydrops: Volume;
  /** `hydrops` × MRC. */
  hydropsMi2: Volume;
  /** The factor on MRC that was subtracted; null for the methods that subtract none. */
  mrcScale: MrcScale | null;
  warnings: Warning[];
}

export interface HydropsInput {
  mrc: Volume;
  /** For 'real-ir' the signed series. */
  ppi: Volume;
  pei: Volume | null;
  /** LPS mm, where 'hydrops2-mi2' looks for enhanced perilymph; the whole volume when absent. */
  centers?: Vector3[];
  /** 1 where `ppi` or `pei` has no value, on MRC's grid: what is made of them is 0 there. */
  empty?: Uint8Array | null;
  /** 1 for each voxel that a factor on MRC is not estimated from. */
  leftOut?: Uint8Array | null;
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
  let mrcScale: MrcScale | null = null;
  switch (method) {
    case 'hydrops-mi2':
      if (!input.pei) throw peiMissing(method);
      hydrops = subtract(input.ppi, input.pei);
      break;
    case 'hydrops2-mi2':
      mrcScale = input.mrcScale ?? estimateMrcScale(input);
      hydrops = subtract(input.ppi, scaleMrc(input.mrc, mrcScale));
      warnings.push(scaleWarning(mrcScale, input.mrcScale !== undefined));
      break;
    case 'real-ir':
      hydrops = { ...geometryOf(input.ppi), data: input.ppi.data.slice() };
      break;
    default:
      throw unknownMethod(method);
  }
  const { empty } = input;
  if (empty) for (let n = 0; n < empty.length; n++) if (empty[n]) hydrops.data[n] = 0;
  return { hydrops, hydropsMi2: multiply(hydrops, input.mrc), mrcScale, warnings };
}

function peiMissing(method: Method): RefusedInputError {
  return new RefusedInputError(
    'series-missing',
    `The study has no PEI series, which ${METHODS[method].label} needs.`,
    `Assign the PEI series, or choose the method ${METHODS['hydrops2-mi2'].label} (MRC and PPI only).`
  );
}

/** Does not compile where a method has no case. */
function unknownMethod(method: never): Error {
  return new Error(`There is no method "${String(method)}".`);
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
