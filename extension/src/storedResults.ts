import type { StoredResult } from './state';
import type { DisplaySet } from './hostTypes';

/** Words that our encoder puts where an archive hands them out with the metadata. */
const CONTENT_LABEL = 'ENDOLYMPH_HYDROPS';
const DESCRIPTION = /^EH segmentation\b/i;

/** The results of ours among a study's display sets, newest first. */
export function findStoredResults(displaySets: DisplaySet[]): StoredResult[] {
  const found = new Map<string, StoredResult>();
  for (const displaySet of displaySets) {
    if (displaySet.Modality !== 'SEG') continue;
    const instance = displaySet.instance ?? displaySet.instances?.[0];
    if (!instance) continue;
    const description = text(instance['SeriesDescription'] ?? displaySet.SeriesDescription);
    if (instance['ContentLabel'] !== CONTENT_LABEL && !DESCRIPTION.test(description)) continue;
    found.set(instance.SOPInstanceUID, {
      seriesInstanceUid: instance.SeriesInstanceUID,
      sopInstanceUid: instance.SOPInstanceUID,
      label: description.replace(/\s*\(research use\)\s*$/i, ''),
      created: isoTime(text(instance['ContentDate']), text(instance['ContentTime'])),
      edited: isEdited(instance),
      model: null,
    });
  }
  return [...found.values()].sort((a, b) => (b.created ?? '').localeCompare(a.created ?? ''));
}

function isEdited(instance: Record<string, unknown>): boolean {
  const segments = instance['SegmentSequence'];
  const first = Array.isArray(segments) ? (segments[0] as unknown) : segments;
  const type =
    first !== null && typeof first === 'object'
      ? (first as Record<string, unknown>)['SegmentAlgorithmType']
      : undefined;
  return type === 'SEMIAUTOMATIC' || /edited/i.test(text(instance['SeriesDescription']));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** DICOM DA and TM as an ISO 8601 local time; null when there is no date. */
export function isoTime(date: string, time: string): string | null {
  const d = /^(\d{4})(\d{2})(\d{2})/.exec(date);
  if (!d) return null;
  const t = /^(\d{2})(\d{2})?(\d{2})?/.exec(time);
  return `${d[1]}-${d[2]}-${d[3]}T${t?.[1] ?? '00'}:${t?.[2] ?? '00'}:${t?.[3] ?? '00'}`;
}
