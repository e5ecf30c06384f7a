import type { ResultOrigin } from '@inner-ear-hydrops/core';
import { matchSegment, SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import type { ForeignSegmentation, StoredResult } from '../state/HydropsState';
import type { DisplaySet, HostInstance } from '../host/types';

/** Words that our encoder puts where an archive hands them out with the metadata. */
const CONTENT_LABEL = 'EH_ORGANS';
const DESCRIPTION = /^EH segmentation\b/i;
const ORIGINS: readonly ResultOrigin[] = ['automatic', 'choices edited', 'edited', 'drawn'];
const ORIGIN = new RegExp(`${DESCRIPTION.source}, (${ORIGINS.join('|')})`, 'i');
/** Content Creator's Name where no person is named. */
const NOBODY = SOFTWARE_NAME.replace(/ /g, '^');

/** The results of ours among a study's display sets, newest first. */
export function findStoredResults(displaySets: DisplaySet[]): StoredResult[] {
  const found = new Map<string, StoredResult>();
  for (const instance of segmentations(displaySets)) {
    if (!isOurs(instance)) continue;
    const description = text(instance['SeriesDescription']);
    const creator = personOf(instance['ContentCreatorName']);
    found.set(instance.SOPInstanceUID, {
      seriesInstanceUid: instance.SeriesInstanceUID,
      sopInstanceUid: instance.SOPInstanceUID,
      label: description.replace(/\s*\(research use\)\s*$/i, ''),
      created: isoTime(text(instance['ContentDate']), text(instance['ContentTime'])),
      origin: originOf(instance),
      model: modelOf(instance),
      reader: creator === '' || creator === NOBODY ? null : creator.replace(/\^+/g, ' ').trim(),
    });
  }
  return [...found.values()].sort((a, b) => (b.created ?? '').localeCompare(a.created ?? ''));
}

/** Segmentations of others, with what their segments say of themselves. */
export function findForeignSegmentations(displaySets: DisplaySet[]): ForeignSegmentation[] {
  const found: ForeignSegmentation[] = [];
  for (const instance of segmentations(displaySets)) {
    if (isOurs(instance)) continue;
    const segments = itemsOf(instance['SegmentSequence']).map((item) => ({
      number: Number(item['SegmentNumber']),
      label: text(item['SegmentLabel']),
      organ: matchSegment(item)?.number ?? null,
    }));
    if (segments.length === 0) continue;
    const maker = text(instance['Manufacturer']);
    const description = text(instance['SeriesDescription']) || 'Segmentation';
    found.push({
      seriesInstanceUid: instance.SeriesInstanceUID,
      sopInstanceUid: instance.SOPInstanceUID,
      label: maker ? `${description} (${maker})` : description,
      segments,
    });
  }
  return found;
}

function segmentations(displaySets: DisplaySet[]): HostInstance[] {
  const found = new Map<string, HostInstance>();
  for (const displaySet of displaySets) {
    if (displaySet.Modality !== 'SEG') continue;
    const instance = displaySet.instance ?? displaySet.instances?.[0];
    if (instance) found.set(instance.SOPInstanceUID, instance);
  }
  return [...found.values()];
}

function isOurs(instance: HostInstance): boolean {
  return (
    instance['ContentLabel'] === CONTENT_LABEL ||
    DESCRIPTION.test(text(instance['SeriesDescription']))
  );
}

/** As our Series Description says; where an archive has changed that, as the segments do. */
function originOf(instance: HostInstance): ResultOrigin {
  const stated = ORIGIN.exec(text(instance['SeriesDescription']))?.[1]?.toLowerCase();
  const known = ORIGINS.find((origin) => origin === stated);
  if (known) return known;
  const types = itemsOf(instance['SegmentSequence']).map((item) => item['SegmentAlgorithmType']);
  const isReaders = types.some((type) => type === 'SEMIAUTOMATIC' || type === 'MANUAL');
  return isReaders ? 'edited' : 'automatic';
}

function modelOf(instance: HostInstance): StoredResult['model'] {
  const segment = itemsOf(instance['SegmentSequence'])[0];
  const algorithm = itemsOf(segment?.['SegmentationAlgorithmIdentificationSequence'])[0];
  const name = text(algorithm?.['AlgorithmName']);
  return name && name !== SOFTWARE_NAME
    ? { name, version: text(algorithm?.['AlgorithmVersion']) }
    : null;
}

/** Items of a sequence as hosts hand it out: an array, or one item that stands for itself. */
function itemsOf(value: unknown): Record<string, unknown>[] {
  if (value === null || typeof value !== 'object') return [];
  return (Array.isArray(value) ? [...(value as unknown[])] : [value]) as Record<string, unknown>[];
}

function personOf(value: unknown): string {
  const first = Array.isArray(value) ? (value as unknown[])[0] : value;
  if (typeof first === 'string') return first;
  return first !== null && typeof first === 'object'
    ? text((first as Record<string, unknown>)['Alphabetic'])
    : '';
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** DICOM DA and TM as an ISO 8601 local time; null when there is no date. */
function isoTime(date: string, time: string): string | null {
  const d = /^(\d{4})(\d{2})(\d{2})/.exec(date);
  if (!d) return null;
  const t = /^(\d{2})(\d{2})?(\d{2})?/.exec(time);
  return `${d[1]}-${d[2]}-${d[3]}T${t?.[1] ?? '00'}:${t?.[2] ?? '00'}:${t?.[3] ?? '00'}`;
}
