import type { PreparedStudy, Role, Volume } from '@inner-ear-hydrops/core';
import type { ReadResult } from './study/readSeries';
import type { HydropsSession } from './session';
import { putInPlace, replaceInViewports, whenUnused } from './viewports';

/**
 * Shows HYDROPS and HYDROPS-Mi2 as series of the viewer, in the place of those that they replace.
 * @param region on MRC's grid: where it is not zero, the window is to show the values well
 */
export function showDerived(
  session: HydropsSession,
  prepared: Pick<PreparedStudy, 'hydrops' | 'hydropsMi2'>,
  read: Partial<Record<Role, ReadResult>>,
  region?: Uint8Array
): void {
  const mrc = read.mrc as ReadResult;
  const base = { instances: mrc.instances, imageIds: mrc.imageIds };
  const stamp = Date.now();
  const mrcUid = mrc.series.header.seriesInstanceUid;
  const input = (kind: 'hydrops' | 'hydrops-mi2', volume: Volume, number: number) => ({
    ...base,
    kind,
    volume,
    region,
    seriesNumber: number,
    seriesInstanceUid: `${mrcUid}.${number}.${stamp}`.slice(-64).replace(/^\./, ''),
    sopInstanceUid: (slice: number) =>
      `${mrcUid}.${number}.${stamp}.${slice}`.slice(-64).replace(/^\./, ''),
  });
  const { commandsManager } = session.managers;
  const first = session.derived.show(input('hydrops', prepared.hydrops, 9101));
  const second = session.derived.show(input('hydrops-mi2', prepared.hydropsMi2, 9102));
  putInPlace(session.services, commandsManager, 'hydropsMi2', second.displaySet);
  for (const { displaySet, previous } of [first, second]) {
    if (!previous) continue;
    const { displaySetInstanceUID } = previous;
    replaceInViewports(session.services, commandsManager, displaySetInstanceUID, displaySet);
    void whenUnused(session.services, displaySetInstanceUID).then(() => {
      if (!session.ended) session.derived.retire(previous);
    });
  }
}
