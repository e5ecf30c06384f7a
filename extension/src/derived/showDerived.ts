import type { PreparedStudy, Role, Volume } from '@inner-ear-hydrops/core';
import { derivedInstanceNumbers } from '@inner-ear-hydrops/core/dicom';
import type { ReadResult } from '../study/readSeries';
import type { DisplaySet } from '../hostTypes';
import type { DerivedImages } from './DerivedImages';
import type { DerivedKind } from './derivedInstance';

/**
 * Shows HYDROPS and HYDROPS-Mi2 as series of the viewer, with the values of this study.
 * @param region on MRC's grid: where it is not zero, the window is to show the values well
 * @returns the display set of HYDROPS-Mi2
 */
export function showDerived(
  derived: DerivedImages,
  prepared: Pick<PreparedStudy, 'hydrops' | 'hydropsMi2'>,
  read: Partial<Record<Role, ReadResult>>,
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
