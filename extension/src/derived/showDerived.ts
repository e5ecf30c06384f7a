import type { PreparedStudy, Series, Volume } from '@inner-ear-hydrops/core';
import { derivedInstanceNumbers } from '@inner-ear-hydrops/core/dicom';
import type { DisplaySet, HostInstance } from '../host/types';
import type { DerivedImages } from './DerivedImages';
import type { DerivedKind } from '../host/displaySets';

/** MRC, on whose grid the images are made. */
export interface SourceSeries {
  series: Pick<Series, 'header' | 'sources'>;
  /** Naturalised instance, and host image id, of slice k. */
  instances: HostInstance[];
  imageIds: string[];
  /** The same ids in the order in which the host shows them. */
  shownImageIds: string[];
}

/**
 * Shows HYDROPS and HYDROPS-Mi2 as series of the viewer, with the values of this study.
 * @param region on MRC's grid: where it is not zero, the window is to show the values well
 * @returns the display set of HYDROPS-Mi2
 */
export function showDerived(
  derived: DerivedImages,
  prepared: Pick<PreparedStudy, 'hydrops' | 'hydropsMi2'>,
  read: { mrc?: SourceSeries },
  region?: Uint8Array
): DisplaySet {
  const mrc = read.mrc;
  if (!mrc) throw new Error('HYDROPS is made on the grid of MRC, which has not been read.');
  const stamp = Date.now();
  const source = mrc.series.header.seriesInstanceUid;
  const uid = (...parts: (string | number)[]) =>
    [source, ...parts].join('.').slice(-64).replace(/^\./, '');
  const show = (kind: DerivedKind, volume: Volume, number: number) =>
    derived.show({
      instances: mrc.instances,
      imageIds: mrc.imageIds,
      shownImageIds: mrc.shownImageIds,
      source,
      kind,
      volume,
      region,
      seriesNumber: number,
      seriesInstanceUid: uid(number, stamp),
      sopInstanceUid: (slice: number) => uid(number, stamp, slice),
      instanceNumbers: derivedInstanceNumbers(mrc.series.sources),
    });
  show('hydrops', prepared.hydrops, 9101);
  return show('hydrops-mi2', prepared.hydropsMi2, 9102);
}
