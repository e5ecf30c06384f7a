import {
  percent as plainPercent,
  REQUIRED_ROLES,
  SEGMENTS,
  warningWords,
} from '@inner-ear-hydrops/core';
import type { EarSide, Organ, Progress, Role, WarningCode } from '@inner-ear-hydrops/core';
import type { HydropsState, SeriesEntry } from '../state/HydropsState';

const NO_BREAK_SPACE = '\u00a0';

/** As core writes it, on one line: "31.4 %". */
export function percent(ratio: number): string {
  return plainPercent(ratio).replace(' ', NO_BREAK_SPACE);
}

/** An interval of ratios as percent: "28.1–34.9 %". */
export function percentRange([low, high]: [number, number]): string {
  return `${(low * 100).toFixed(1)}–${percent(high)}`;
}

/** mm³ with one decimal, without the unit. */
export function cubicMillimetres(volume: number): string {
  return Number.isFinite(volume) ? volume.toFixed(1) : '–';
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)}${NO_BREAK_SPACE}s`;
}

export const STAGES: Record<Progress['stage'], string> = {
  read: 'Reading images',
  model: 'Loading the network',
  locate: 'Finding the ears',
  segment: 'Segmenting cochleae and vestibules',
  align: 'Aligning PPI and PEI to MRC',
  measure: 'Measuring',
};

export { roleLabel, roleName } from '@inner-ear-hydrops/core';

export function missingRoles(state: Pick<HydropsState, 'method' | 'roles'>): Role[] {
  return REQUIRED_ROLES[state.method].filter((role) => state.roles[role] === null);
}

export function seriesLabel(series: SeriesEntry): string {
  const number = series.seriesNumber === null ? '' : `${series.seriesNumber} · `;
  return `${number}${series.description || 'no description'} (${series.imageCount})`;
}

/** A series, or its images of one inversion time in ms: what a role can be given to. */
export interface RoleImages {
  series: SeriesEntry;
  inversionTime?: number;
}

/** "3 · hT2w (96), TI 2250 ms". */
export const imagesLabel = ({ series, inversionTime }: RoleImages): string =>
  seriesLabel(series) + (inversionTime === undefined ? '' : `, TI ${inversionTime} ms`);

/** Every organ of every ear, for lists of places. */
export const ROWS: readonly { ear: EarSide; organ: Organ; label: string }[] = SEGMENTS;

/** A DICOM or ISO date and time for reading: "2026-11-24 04:36". */
export function dateTime(created: string | null): string {
  if (!created) return 'time unknown';
  const dicom = /^(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?/.exec(created);
  if (dicom) {
    const [, year, month, day, hour, minute] = dicom;
    return `${year}-${month}-${day}${hour && minute ? ` ${hour}:${minute}` : ''}`;
  }
  const iso = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(created);
  return iso ? `${iso[1]} ${iso[2]}` : created;
}

/** "a", "a and b", "a, b and c". */
export function list(words: string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** Why something is voided: "perilymph not enhanced, CSF not negative". */
export function reasonWords(codes: readonly WarningCode[] | undefined): string {
  return (codes ?? []).map(warningWords).join(', ');
}
