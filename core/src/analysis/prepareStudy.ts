import { DEFAULT_METHOD, METHODS, roleLabel } from '../registry';
import { alignToMrc, type Alignment } from '../alignment';
import { endolymphMask, hydropsOf } from '../hydrops';
import {
  RefusedInputError,
  type Method,
  type Series,
  type Vector3,
  type Volume,
  type Warning,
} from '../types';
import { checkStudy, imagesOf, onScaleOf } from '../volume';
import type { PreparedStudy, StudySeries } from '../study';

export interface PrepareOptions {
  /** Default: `DEFAULT_METHOD`. */
  method?: Method;
  /**
   * LPS mm: the middle of each ear, around which motion is estimated. Without them the whole volume
   * decides. `earCentersOf(labels)` gives them for a restored segmentation.
   */
  centers?: Vector3[];
  /** Of reading the series; they stand first in `warnings`. */
  warnings?: Warning[];
}

/**
 * Checks the series, brings PPI and PEI onto MRC's grid and makes HYDROPS and HYDROPS-Mi2. For the
 * method 'real-ir' the one signed series has the role `ppi`.
 *
 * @throws RefusedInputError of `checkStudy`, `alignToMrc` and `hydropsOf`.
 */
export function prepareStudy(series: StudySeries, options: PrepareOptions = {}): PreparedStudy {
  const method = options.method ?? DEFAULT_METHOD;
  const warnings: Warning[] = [...(options.warnings ?? []), ...checkStudy(series, method)];
  const mrc = required(series.mrc, 'MRC');
  const ppi = required(series.ppi, roleLabel('ppi', method));
  const storedPei = METHODS[method].roles.includes('pei')
    ? required(series.pei, roleLabel('pei', method))
    : null;
  const { pei, warnings: ofScale } = storedPei
    ? onScaleOf(ppi, storedPei)
    : { pei: null, warnings: [] };
  warnings.push(...ofScale);

  const align = (moving: Series, name: string, reference?: Volume): Alignment => {
    const alignment = alignToMrc(mrc.volume, moving.volume, {
      name,
      centers: options.centers,
      reference,
      sameFrame: mrc.header.frameOfReferenceUid === moving.header.frameOfReferenceUid,
    });
    warnings.push(...alignment.warnings);
    return alignment;
  };
  const alignedPpi = align(ppi, roleLabel('ppi', method));
  // PEI resembles PPI more than MRC, and the two must agree most: they are subtracted.
  const alignedPei = pei && align(pei, 'PEI', alignedPpi.volume);
  const images = hydropsOf(method, {
    mrc: mrc.volume,
    ppi: alignedPpi.volume,
    pei: alignedPei?.volume ?? null,
    centers: options.centers,
  });
  return {
    header: {
      studyInstanceUid: mrc.header.studyInstanceUid,
      mrc: mrc.header.seriesInstanceUid,
      ppi: ppi.header.seriesInstanceUid,
      pei: pei?.header.seriesInstanceUid ?? null,
    },
    mrc: mrc.volume,
    ppi: alignedPpi.volume,
    pei: alignedPei?.volume ?? null,
    hydrops: images.hydrops,
    hydropsMi2: images.hydropsMi2,
    method,
    mrcScale: images.mrcScale,
    alignment: { ppi: alignedPpi.report, pei: alignedPei?.report ?? null },
    warnings: [...warnings, ...images.warnings],
    images: imagesOf(mrc),
    endolymph: endolymphMask(images.hydropsMi2),
  };
}

function required(series: Series | undefined, role: string): Series {
  if (series) return series;
  throw new RefusedInputError(
    'series-missing',
    `The study has no series with the role ${role}.`,
    `Assign a series to the role ${role}.`
  );
}
