import type { SeriesHeader } from '../types';

/**
 * Orders two series by when they were acquired: Acquisition, else Series, else Content date and time, the
 * first of them that both state and that differs; else Series Number; else Instance Creation date and time.
 * Series that state nothing are ordered by their UID, so that the order of files changes nothing.
 *
 * @returns below zero where `a` is the earlier
 */
export function byAcquisition(a: SeriesHeader, b: SeriesHeader): number {
  for (const stage of ['Acquisition', 'Series', 'Content']) {
    const [first, second] = [momentOf(a, stage), momentOf(b, stage)];
    if (first !== null && second !== null && first !== second) return first - second;
  }
  if (a.seriesNumber !== null && b.seriesNumber !== null && a.seriesNumber !== b.seriesNumber) {
    return a.seriesNumber - b.seriesNumber;
  }
  const [first, second] = [momentOf(a, 'InstanceCreation'), momentOf(b, 'InstanceCreation')];
  if (first !== null && second !== null && first !== second) return first - second;
  return a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1;
}

/** Minutes between two series; null if one of them states no time. */
export function minutesBetween(a: SeriesHeader, b: SeriesHeader): number | null {
  for (const stage of ['Acquisition', 'Series', 'Content']) {
    const [first, second] = [momentOf(a, stage), momentOf(b, stage)];
    if (first !== null && second !== null) return Math.abs(first - second) / 60;
  }
  return null;
}

/** Seconds of a date and time, to be compared with each other only; null where either is missing. */
function momentOf({ attributes }: SeriesHeader, stage: string): number | null {
  const joined = textOf(attributes[`${stage}DateTime`]);
  const date = joined?.slice(0, 8) ?? textOf(attributes[`${stage}Date`]);
  const time = joined?.slice(8) ?? textOf(attributes[`${stage}Time`]);
  // Older files write 2026.01.31 and 10:15:00.
  const day = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '');
  const clock = /^(\d{2}):?(\d{2}):?(\d{2}(?:\.\d+)?)?/.exec(time ?? '');
  if (!day || !clock) return null;
  const [year, month, dayOfMonth] = [Number(day[1]), Number(day[2]), Number(day[3])];
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  return Date.UTC(year, month - 1, dayOfMonth, hours, minutes) / 1000 + seconds;
}

function textOf(value: unknown): string | null {
  const text: unknown = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}
