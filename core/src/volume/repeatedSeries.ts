import type { Role, SeriesHeader, Warning } from '../types';
import { byAcquisition, minutesBetween } from './acquisitionOrder';
import { capital, describeSeries } from './describeSeries';

/** Series that lie further apart in time, minutes, do not belong to the same sitting: gadolinium differs. */
const ONE_SITTING = 60;
/** Relative difference of a sequence's times, by rounding. */
const SAME_TIME = 0.01;

/**
 * True for series that are one sequence acquired again: their echo, inversion and repetition times and
 * Scanning Sequence agree. Where neither states an echo time, their names must be equal but for digits and
 * words such as "repeat".
 */
export function areRepeats(headers: readonly SeriesHeader[]): boolean {
  const [first, ...others] = headers;
  if (!first) return true;
  return others.every((other) => {
    const alike =
      sameTime(first.echoTime, other.echoTime) &&
      sameTime(first.inversionTime, other.inversionTime) &&
      sameTime(first.repetitionTime, other.repetitionTime) &&
      sameWords(first.scanningSequence, other.scanningSequence);
    if (!alike) return false;
    return first.echoTime !== null || bareName(first) === bareName(other);
  });
}

function sameTime(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= SAME_TIME * Math.max(Math.abs(a), Math.abs(b));
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}

function bareName({ seriesDescription, protocolName }: SeriesHeader): string {
  return (seriesDescription || protocolName)
    .toLowerCase()
    .replace(/\b(repeat(ed)?|rep|rpt|again|wdh|wiederholung|neu|new)\b/g, '')
    .replace(/[^\p{L}]+/gu, '');
}

type Triple = Record<Role, SeriesHeader | null>;

/**
 * Of several sets of series that fit equally well, the set to take. PPI and PEI must go together, since they are
 * subtracted: acquired in one sitting, then reconstructed alike (Image Type). Then the later PEI and PPI; then an MRC of
 * their sitting, and of several the later.
 *
 * @param triples at least one
 */
export function takeLater<T extends { headers: Triple }>(triples: readonly T[]): T {
  return triples.reduce((a, b) => (compare(b.headers, a.headers) > 0 ? b : a));
}

function compare(a: Triple, b: Triple): number {
  return (
    oneSitting(a.ppi, a.pei) - oneSitting(b.ppi, b.pei) ||
    alikeReconstructed(a) - alikeReconstructed(b) ||
    lateness(a.pei, b.pei) ||
    lateness(a.ppi, b.ppi) ||
    oneSitting(a.mrc, a.ppi) - oneSitting(b.mrc, b.ppi) ||
    lateness(a.mrc, b.mrc)
  );
}

/** 1, or 0 where the two are known to lie too far apart in time. */
function oneSitting(a: SeriesHeader | null, b: SeriesHeader | null): number {
  return a && b && (minutesBetween(a, b) ?? 0) > ONE_SITTING ? 0 : 1;
}

function alikeReconstructed({ ppi, pei }: Triple): number {
  return ppi && pei && !sameWords(ppi.imageType, pei.imageType) ? 0 : 1;
}

function lateness(a: SeriesHeader | null, b: SeriesHeader | null): number {
  if (!a || !b || a.seriesInstanceUid === b.seriesInstanceUid) return 0;
  return byAcquisition(a, b);
}

/** @param label "MRC" */
export function repeatedWarning(
  role: Role,
  label: string,
  chosen: SeriesHeader,
  others: readonly SeriesHeader[]
): Warning {
  const names = new Intl.ListFormat('en').format([chosen, ...others].map(describeSeries));
  const later = others.every((other) => byAcquisition(chosen, other) > 0);
  return {
    code: 'series-repeated',
    message:
      `${names.charAt(0).toUpperCase()}${names.slice(1)} fit ${label} equally well. ` +
      `${later ? 'The later series' : 'The series acquired with the others'}, ${describeSeries(chosen)}, was taken. ` +
      'If another series is better, choose it.',
    ear: null,
    values: {
      role,
      series: chosen.seriesInstanceUid,
      others: others.map(({ seriesInstanceUid }) => seriesInstanceUid).join(','),
    },
  };
}

/**
 * A series of the same sequence that fits a role less well: it was not taken, and the reader should know of it.
 * @param label "PPI"
 */
export function passedOverWarning(
  role: Role,
  label: string,
  chosen: SeriesHeader,
  other: SeriesHeader
): Warning {
  const reasons = [
    other.imageCount < chosen.imageCount
      ? `it has ${other.imageCount} images instead of ${chosen.imageCount}`
      : '',
    sameWords(chosen.imageType, other.imageType)
      ? ''
      : `its Image Type (0008,0008) is ${other.imageType.join('\\') || 'absent'}`,
  ].filter(Boolean);
  const order = byAcquisition(other, chosen);
  const when = order > 0 ? ', acquired later,' : order < 0 ? ', acquired earlier,' : '';
  return {
    code: 'series-repeated',
    message:
      `${capital(describeSeries(other))}${when} is the same sequence as ${describeSeries(chosen)}, which was taken as ` +
      `${label}${reasons.length > 0 ? `: ${reasons.join(', and ')}` : ', since it fits the other series better'}. ` +
      'If it is better, choose it.',
    ear: null,
    values: { role, series: chosen.seriesInstanceUid, others: other.seriesInstanceUid },
  };
}
