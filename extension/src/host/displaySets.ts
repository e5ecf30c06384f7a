import { isDerivedPart, type DerivedPart, type MovingRole } from '@inner-ear-hydrops/core';
import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import type { DisplaySet, DisplaySetService } from './types';

// How the display sets that are this extension's own are told from the others.

/** PPI and PEI as they were measured, where their motion was corrected. */
export const CORRECTED_KINDS = {
  ppi: 'ppi-corrected',
  pei: 'pei-corrected',
} as const satisfies Record<MovingRole, string>;
export type CorrectedKind = (typeof CORRECTED_KINDS)[MovingRole];

/** The images that are made of a study and shown as series of the viewer. */
export type DerivedKind = DerivedPart | CorrectedKind;

function isDerivedKind(kind: unknown): kind is DerivedKind {
  return isDerivedPart(kind) || Object.values<unknown>(CORRECTED_KINDS).includes(kind);
}

/** Name of the field of a display set that says which derived image it shows. */
export const DERIVED_KIND = 'hydropsKind';

/** Name of the field of a display set that another one has replaced. */
export const RETIRED_FLAG = 'hydropsReplaced';

/** Which derived image a display set shows, also while the host is still making it. */
export function derivedKind(displaySet: DisplaySet): DerivedKind | null {
  const kind = displaySet[DERIVED_KIND] ?? displaySet.instances?.[0]?.[DERIVED_KIND];
  return isDerivedKind(kind) ? kind : null;
}

/** Marks the display sets that this extension makes, which are results and never input. */
export const DERIVED_FLAG = 'isHydropsResult';

/** Which derived image of ours a stored series is; null for every other series. */
export function storedDerivedKind(displaySet: DisplaySet): DerivedPart | null {
  const instance = displaySet.instances?.[0];
  if (displaySet.Modality !== 'MR' || !instance) return null;
  const type = instance['ImageType'];
  const first: unknown = Array.isArray(type) ? type[0] : type;
  if (!String(first).toUpperCase().startsWith('DERIVED')) return null;
  if (instance['Manufacturer'] !== SOFTWARE_NAME) return null;
  const name = String(instance['SeriesDescription'] ?? displaySet.SeriesDescription ?? '');
  if (/^HYDROPS-Mi2\b/i.test(name)) return 'hydrops-mi2';
  return /^HYDROPS\b/i.test(name) ? 'hydrops' : null;
}

/**
 * Has the study browser list the display sets anew after one of their fields has changed; the service
 * broadcasts the event itself, by a method that is private in name only (3.12.10 and 3.13.2).
 */
export function tellDisplaySetsChanged(service: DisplaySetService): void {
  const { _broadcastEvent: broadcast } = service as DisplaySetService & {
    _broadcastEvent?(event: string, data: unknown): void;
  };
  const event = service.EVENTS['DISPLAY_SETS_CHANGED'];
  if (event) broadcast?.call(service, event, service.getActiveDisplaySets());
}
