import { DEFAULT_METHOD, METHODS, roleLabel } from '../registry';
import { itemAt } from '../items';
import { endolymphMask, hydropsOf } from '../hydrops';
import {
  RefusedInputError,
  type Method,
  type Series,
  type Vector3,
  type Volume,
  type Warning,
} from '../types';
import { checkStudy, geometryOf, imagesOf, noiseKept, onScaleOf, placeMask } from '../volume';
import type { ImageFault, PreparedStudy, StudySeries } from '../study';
import { faultsOn, judgeSeries } from './imageFaults';
import { eitherOf, type Mask } from './masks';
import { gapsOf, placeSeries, type PlacedStudy } from './placeSeries';

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

  const judged = judgeSeries([
    { role: 'mrc', series: mrc },
    { role: 'ppi', series: ppi },
    ...(pei ? [{ role: 'pei' as const, series: pei }] : []),
  ]);
  const placed = placeSeries(
    { mrc: itemAt(judged, 0), ppi: itemAt(judged, 1), pei: judged[2] ?? null },
    method,
    options.centers
  );
  warnings.push(...placed.ppi.warnings, ...(placed.pei?.warnings ?? []));
  const { faults, uncovered, missing, empty, leftOut } = unmeasured(placed, mrc.volume);
  const kept = noiseKeptOf(placed, mrc.volume);
  const images = {
    mrc: mrcOf(mrc.volume, itemAt(placed.marks, 0).missing),
    ppi: emptied(placed.ppi.volume, empty),
    pei: placed.pei && emptied(placed.pei.volume, empty),
  };
  const derived = hydropsOf(method, { ...images, empty, leftOut, centers: options.centers });
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
    alignment: { ppi: placed.ppi.report, pei: placed.pei?.report ?? null },
    warnings: [...warnings, ...derived.warnings],
    images: imagesOf(mrc),
    faults,
    endolymph: endolymphMask(derived.hydropsMi2),
    uncovered,
    gaps: gapsOf(placed),
    missing,
    leftOut,
    ...(kept < 1 && { noiseKept: kept }),
  };
}

/** Of PPI and PEI together. */
function noiseKeptOf({ ppi, pei }: PlacedStudy, { size }: Volume): number {
  const ofPpi = noiseKept(ppi.sampling, size);
  return pei ? (ofPpi + noiseKept(pei.sampling, size)) / 2 : ofPpi;
}

/** What of MRC's grid was not measured, and why. */
function unmeasured(
  placed: PlacedStudy,
  grid: Volume
): {
  faults: ImageFault[];
  uncovered: Mask;
  missing: Mask;
  /** Where PPI or PEI has no value: a difference with nothing would read as endolymph or perilymph. */
  empty: Mask;
  leftOut: Mask;
} {
  const faults = placed.marks.flatMap(({ judged, sampling }) => faultsOn(judged, sampling, grid));
  const uncovered = eitherOf([placed.ppi.uncovered, placed.pei?.uncovered]);
  const [ofMrc, ...ofMoving] = placed.marks.map(
    ({ sampling, missing }) => missing && placeMask(missing, sampling, grid)
  );
  return {
    faults,
    uncovered,
    missing: eitherOf([ofMrc, ...ofMoving]),
    empty: eitherOf([uncovered, ...ofMoving]),
    leftOut: eitherOf([ofMrc, ...ofMoving, ...faults.map(({ reach }) => reach)]),
  };
}

function mrcOf(volume: Volume, missing: Mask): Volume {
  return missing ? { ...volume, missing } : volume;
}

function emptied(volume: Volume, empty: Mask): Volume {
  if (!empty) return volume;
  return { ...geometryOf(volume), data: volume.data.map((value, n) => (empty[n] ? 0 : value)) };
}

function required(series: Series | undefined, role: string): Series {
  if (series) return series;
  throw new RefusedInputError(
    'series-missing',
    `The study has no series with the role ${role}.`,
    `Assign a series to the role ${role}.`
  );
}
