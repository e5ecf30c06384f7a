import {
  MOVING_ROLES,
  roleLabel,
  type CorrectedImages,
  type MovingRole,
  type PreparedStudy,
  type Role,
  type Series,
  type Volume,
  PARTS,
} from '@inner-ear-hydrops/core';
import { derivedInstanceNumbers } from '@inner-ear-hydrops/core/dicom';
import type { HostInstance } from '../host/types';
import type { DerivedImages, DerivedSeriesInput } from './DerivedImages';
import { CORRECTED_KINDS, type DerivedKind } from '../host/displaySets';
import { titleOf } from './derivedInstance';
import { magnitudeWindow, symmetricWindow, type DisplayWindow } from './window';

/** A series as it was read. */
export interface SourceSeries {
  series: Pick<Series, 'header' | 'sources'>;
  /** Naturalised instance, and host image id, of slice k. */
  instances: HostInstance[];
  imageIds: string[];
  /** The same ids in the order in which the host shows them. */
  shownImageIds: string[];
}

export type SourcesRead = Partial<Record<Role, SourceSeries>>;

/** What is shown of a study. */
export interface ShownStudy extends Pick<PreparedStudy, 'method' | 'hydrops' | 'hydropsMi2'> {
  corrected: CorrectedImages;
}

/** A series on whose images, as they were acquired, the region does not lie. */
export interface MovedSeries {
  role: MovingRole;
  /** As people call it: "PPI". */
  name: string;
  seriesInstanceUid: string;
  /** At the ears, mm. */
  displacement: number;
  /** Series Description of the corrected images. */
  corrected: string;
}

export interface ShowOptions {
  /** On MRC's grid: where it is not zero, the windows are to show the values well. */
  region?: Uint8Array;
  /** The window in which the reader sees a series now; null where it is not on screen. */
  windowOf?: (seriesInstanceUid: string) => DisplayWindow | null;
}

/** Series Number of each. */
const NUMBERS: Record<DerivedKind, number> = {
  hydrops: PARTS.hydrops.seriesNumber,
  'hydrops-mi2': PARTS['hydrops-mi2'].seriesNumber,
  'ppi-corrected': 9103,
  'pei-corrected': 9104,
};

/**
 * Shows what was made of a study as series of the viewer, with the values that were measured: HYDROPS and HYDROPS-Mi2,
 * and PPI and PEI where their motion was corrected. They lie on MRC's grid and carry its Instance Numbers.
 */
export function showDerived(
  derived: Pick<DerivedImages, 'show' | 'hide'>,
  study: ShownStudy,
  read: SourcesRead,
  { region, windowOf = () => null }: ShowOptions = {}
): MovedSeries[] {
  const mrc = read.mrc;
  if (!mrc) throw new Error('HYDROPS is made on the grid of MRC, which has not been read.');
  const stamp = Date.now();
  const source = mrc.series.header.seriesInstanceUid;
  const uid = (...parts: (string | number)[]) =>
    [source, ...parts].join('.').slice(-64).replace(/^\./, '');
  const show = (
    kind: DerivedKind,
    volume: Volume,
    of: Pick<DerivedSeriesInput, 'window' | 'acquired'>
  ) => {
    const number = NUMBERS[kind];
    derived.show({
      instances: mrc.instances,
      imageIds: mrc.imageIds,
      shownImageIds: mrc.shownImageIds,
      source,
      kind,
      title: titleOf(kind, study.method),
      volume,
      ...of,
      seriesNumber: number,
      seriesInstanceUid: uid(number, stamp),
      sopInstanceUid: (slice: number) => uid(number, stamp, slice),
      instanceNumbers: derivedInstanceNumbers(mrc.series.sources),
    });
  };
  const moved = MOVING_ROLES.flatMap((role): MovedSeries[] => {
    const kind = CORRECTED_KINDS[role];
    const corrected = study.corrected[role];
    const acquired = read[role];
    if (!corrected || !acquired) {
      derived.hide(kind);
      return [];
    }
    const { header } = acquired.series;
    const { volume, displacement } = corrected;
    const window =
      windowOf(header.seriesInstanceUid) ?? statedWindow(header) ?? magnitudeWindow(volume);
    show(kind, volume, { window, acquired: acquired.instances[0] });
    return [
      {
        role,
        name: roleLabel(role, study.method),
        seriesInstanceUid: header.seriesInstanceUid,
        displacement,
        corrected: titleOf(kind, study.method),
      },
    ];
  });
  const { hydrops, hydropsMi2 } = study;
  show('hydrops', hydrops, { window: symmetricWindow(hydrops, region) });
  show('hydrops-mi2', hydropsMi2, { window: symmetricWindow(hydropsMi2, region) });
  return moved;
}

function statedWindow({ windowCenter, windowWidth }: Series['header']): DisplayWindow | null {
  return windowCenter !== null && windowWidth !== null && windowWidth > 0
    ? { windowCenter, windowWidth }
    : null;
}
