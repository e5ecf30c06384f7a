import {
  ANATOMY,
  RIGHT_EAR_OFFSET,
  SEGMENTS,
  endolymphMask,
  hydropsOf,
  type AlignmentReport,
  type LabelVolume,
  type Method,
  type PreparedStudy,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import {
  createCase,
  simulateStudy,
  type CaseOverrides,
  type PhantomStudy,
} from '@inner-ear-hydrops/phantom';

/** A grid that holds both ears and little more: a study in about a second. */
export const EARS_ONLY: Vector3 = [192, 70, 24];
const IDENTICAL: AlignmentReport = {
  treatment: 'identical',
  translation: [0, 0, 0],
  rotation: [0, 0, 0],
  displacement: 0,
  interpolation: 'none',
};

/** A head held straight, on a small grid, with little noise unless it is said otherwise. */
export function simulateEars(seed: number, overrides: CaseOverrides = {}): PhantomStudy {
  return simulateStudy(
    createCase(seed, {
      grid: { size: EARS_ONLY },
      tilt: [0, 0, 0],
      position: [0, 0, 0],
      noise: 0.008,
      gadolinium: 0.08,
      hydrops: { left: 0.3, right: 0.3 },
      ...overrides,
    })
  );
}

/** As `prepareStudy` would leave it, without the search for motion. */
export function preparedOf(
  images: { mrc: Volume; ppi: Volume; pei: Volume | null },
  method: Method = 'hydrops-mi2'
): PreparedStudy {
  const pei = method === 'hydrops-mi2' ? images.pei : null;
  const { hydrops, hydropsMi2, mrcScale, warnings } = hydropsOf(method, { ...images, pei });
  return {
    header: { studyInstanceUid: '2.25.1', mrc: '2.25.2', ppi: '2.25.3', pei: pei && '2.25.4' },
    mrc: images.mrc,
    ppi: images.ppi,
    pei,
    hydrops,
    hydropsMi2,
    method,
    mrcScale,
    alignment: { ppi: IDENTICAL, pei: pei && IDENTICAL },
    warnings,
    images: Array.from({ length: images.mrc.size[2] }, (_, k) => ({
      seriesNumber: 2,
      instanceNumber: k + 1,
      frameNumber: null,
      sopInstanceUid: `2.25.100.${k}`,
    })),
    faults: [],
    endolymph: endolymphMask(hydropsMi2),
  };
}

/** The four segments of an anatomy volume: the true regions of a phantom. */
export function labelsOf(anatomy: Uint8Array, grid: Volume): LabelVolume {
  const { size, spacing, origin, direction } = grid;
  const data = anatomy.map((code) => {
    const side = code >= RIGHT_EAR_OFFSET ? 2 : 0;
    const organ = code % RIGHT_EAR_OFFSET;
    return organ === ANATOMY.cochlea ? 1 + side : organ === ANATOMY.vestibule ? 2 + side : 0;
  });
  return { size, spacing, origin, direction, data, segments: [...SEGMENTS] };
}
