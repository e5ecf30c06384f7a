import { DEFAULT_METHOD, METHODS, roleLabel } from '../registry';
import { alignToMrc, type Alignment } from '../alignment';
import { endolymphMask, hydropsOf } from '../hydrops';
import {
  RefusedInputError,
  type ImageReference,
  type Method,
  type Series,
  type Vector3,
  type Volume,
  type Warning,
} from '../types';
import { checkStudy, imagesOf, onScaleOf } from '../volume';
import type { PreparedStudy, StudySeries } from '../study';
import { findImageFaults } from './imageFaults';

export interface PrepareOptions {
  /** Default: `DEFAULT_METHOD`. */
  method?: Method;
  /**
   * LPS mm: the middle of each ear, around which motion is estimated. Without them the whole volume
   * decides. `earCentersOf(labels)` gives them for a restored segmentation.
   */
  centers?: Vector3[];
  /** Warnings from reading the series; they come first in `warnings`. */
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
  const alignedPei = pei && align(pei, 'PEI', alignedPpi.reference);
  const uncovered = either(alignedPpi.uncovered, alignedPei?.uncovered ?? null);
  const images = {
    mrc: mrc.volume,
    ppi: emptied(alignedPpi.volume, uncovered),
    pei: alignedPei && emptied(alignedPei.volume, uncovered),
  };
  const derived = hydropsOf(method, { ...images, uncovered, centers: options.centers });
  return {
    header: {
      studyInstanceUid: mrc.header.studyInstanceUid,
      mrc: mrc.header.seriesInstanceUid,
      ppi: ppi.header.seriesInstanceUid,
      pei: pei?.header.seriesInstanceUid ?? null,
    },
    ...images,
    hydrops: derived.hydrops,
    hydropsMi2: derived.hydropsMi2,
    method,
    mrcScale: derived.mrcScale,
    alignment: { ppi: alignedPpi.report, pei: alignedPei?.report ?? null },
    warnings: [...warnings, ...derived.warnings],
    images: imagesOf(mrc),
    movingImages: {
      ppi: imagesInPlace(ppi, alignedPpi),
      pei: pei && imagesInPlace(pei, alignedPei),
    },
    faults: findImageFaults([
      { role: 'mrc', series: mrc, place: (image) => image },
      { role: 'ppi', series: ppi, place: alignedPpi.place },
      ...(pei && alignedPei
        ? [{ role: 'pei' as const, series: pei, place: alignedPei.place }]
        : []),
    ]),
    endolymph: endolymphMask(derived.hydropsMi2),
    uncovered,
  };
}

/** The series' images where its slices are those of MRC's grid, each in its place. */
function imagesInPlace(series: Series, alignment: Alignment | null): ImageReference[] | null {
  return alignment?.volume === series.volume ? imagesOf(series) : null;
}

/** 1 where one of two is 1. */
function either(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  return a && b ? a.map((value, n) => value | b[n]!) : (a ?? b);
}

/** Zero on both images where one has none: a difference with nothing would read as endolymph or perilymph. */
function emptied(volume: Volume, uncovered: Uint8Array | null): Volume {
  if (!uncovered) return volume;
  return { ...volume, data: volume.data.map((value, n) => (uncovered[n] ? 0 : value)) };
}

function required(series: Series | undefined, role: string): Series {
  if (series) return series;
  throw new RefusedInputError(
    'series-missing',
    `The study has no series with the role ${role}.`,
    `Assign a series to the role ${role}.`
  );
}
