import { text } from './read';

/** When an object was made, as its attributes state it: in the time zone of the study where that is stated. */
export interface Moment {
  /** YYYYMMDD. */
  date: string;
  /** HHMMSS. */
  time: string;
  /** YYYYMMDDHHMMSS with the offset from UTC, where that is known. */
  dateTime: string;
}

/** Date and time of an image, the latest step of its making first. */
const OF_IMAGE = [
  ['ContentDate', 'ContentTime'],
  ['AcquisitionDate', 'AcquisitionTime'],
  ['SeriesDate', 'SeriesTime'],
  ['StudyDate', 'StudyTime'],
] as const;

/**
 * @param created when a reader made it; null for what follows from images and software alone. Such an object bears the
 * time of the images: made again it is the same, byte for byte
 * @param attributes of an image of the study, by name
 */
export function momentOf(created: Date | null, attributes: Record<string, unknown>): Moment {
  const zone = /^[+-]\d{4}$/.exec(text(attributes.TimezoneOffsetFromUTC))?.[0];
  if (created === null) return imageMoment(attributes, zone ?? '');
  const offset = zone === undefined ? -created.getTimezoneOffset() : minutesOf(zone);
  const [date, time] = wallClock(created, offset);
  return { date, time, dateTime: date + time + (zone ?? zoneOf(offset)) };
}

function imageMoment(attributes: Record<string, unknown>, zone: string): Moment {
  for (const [dateOf, timeOf] of OF_IMAGE) {
    const date = /^\d{8}$/.exec(text(attributes[dateOf]))?.[0];
    if (date === undefined) continue;
    const stated = /^\d{2}(\d{2}(\d{2})?)?/.exec(text(attributes[timeOf]))?.[0] ?? '';
    const time = stated.padEnd(6, '0');
    return { date, time, dateTime: date + time + zone };
  }
  // De-identified without any date; the attributes must have one (PS3.3 C.7.6.16, C.17.2).
  return { date: '19000101', time: '000000', dateTime: '19000101000000' };
}

const minutesOf = (zone: string): number =>
  (zone.startsWith('-') ? -1 : 1) * (60 * Number(zone.slice(1, 3)) + Number(zone.slice(3)));

function zoneOf(minutes: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}${two(size % 60)}`;
}

function wallClock(date: Date, offset: number): [string, string] {
  const digits = new Date(date.getTime() + 60_000 * offset).toISOString().replace(/\D/g, '');
  return [digits.slice(0, 8), digits.slice(8, 14)];
}
