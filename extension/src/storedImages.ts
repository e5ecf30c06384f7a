import type { DerivedPart } from '@inner-ear-hydrops/core';
import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import { derivedKind, RETIRED_FLAG } from './derived/derivedInstance';
import { tellDisplaySetsChanged } from './host';
import type { DisplaySet, DisplaySetService } from './hostTypes';

/** HYDROPS and HYDROPS-Mi2 as an archive holds them, beside those that the viewer makes. */
type Kind = DerivedPart;

/** Which derived image of ours a stored series is; null for every other series. */
export function storedDerivedKind(displaySet: DisplaySet): Kind | null {
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
 * Lists each derived image once: where the archive holds it, the one that the viewer made leaves the
 * study browser. It stays in its viewport, with the values of the measurement itself.
 */
export function hideDoubles(service: DisplaySetService, displaySets: DisplaySet[]): void {
  const made = displaySets.filter((one) => derivedKind(one) !== null);
  const stored = new Set(
    displaySets.flatMap((one) => (made.includes(one) ? [] : [storedDerivedKind(one)]))
  );
  let changed = false;
  for (const displaySet of made) {
    if (displaySet[RETIRED_FLAG]) continue;
    const isDouble = stored.has(derivedKind(displaySet));
    if (Boolean(displaySet.excludeFromThumbnailBrowser) === isDouble) continue;
    displaySet.excludeFromThumbnailBrowser = isDouble;
    changed = true;
  }
  if (changed) tellDisplaySetsChanged(service);
}

/**
 * Has the host show our reports as text. Its viewport for measurement reports draws annotations, of which
 * ours hold none (they refer to segments), and stays black; the flag that chooses it is the display
 * set's own (3.12.10 and 3.13.2).
 */
export function showReportsAsText(displaySets: DisplaySet[]): void {
  for (const displaySet of displaySets) {
    const instance = displaySet.instance ?? displaySet.instances?.[0];
    if (displaySet.Modality !== 'SR' || instance?.['Manufacturer'] !== SOFTWARE_NAME) continue;
    displaySet['isImagingMeasurementReport'] = false;
  }
}
