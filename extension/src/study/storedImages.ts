import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import {
  derivedKind,
  RETIRED_FLAG,
  storedDerivedKind,
  tellDisplaySetsChanged,
  type DerivedKind,
} from '../host/displaySets';
import type { DisplaySet, DisplaySetService } from '../host/types';

/**
 * Lists each derived image once: if the archive holds it, the image that the viewer made leaves the
 * study browser. It stays in its viewport, with the values of the measurement itself.
 */
export function hideDoubles(service: DisplaySetService, displaySets: DisplaySet[]): void {
  const made = displaySets.filter((displaySet) => derivedKind(displaySet) !== null);
  const stored = new Set<DerivedKind | null>(
    displaySets.flatMap((displaySet) =>
      made.includes(displaySet) ? [] : [storedDerivedKind(displaySet)]
    )
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
