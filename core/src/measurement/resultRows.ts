import type { Output } from '../registry';
import {
  SEGMENTS,
  type AbsenceReason,
  type EarSide,
  type Measurement,
  type Organ,
  type OrganMeasurement,
  type Warning,
} from '../types';
import { isEarLost } from './absentEars';

/** A ratio 0–1 as every table and report writes it: 0.3141 is "31.4 %". */
export function percent(ratio: number): string {
  return Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : '–';
}

/** `not-measurable`: counted, but a warning voids the ratio. `not-found`: the ear or the organ has no region. */
export type ResultStatus = 'measured' | 'not-measurable' | 'not-found';

/** One row of every table of results: an organ of an ear, found or not. */
export interface ResultRow {
  ear: EarSide;
  organ: Organ;
  /** "Left cochlea" */
  label: string;
  status: ResultStatus;
  measured: OrganMeasurement | null;
  /** Why the ear of the row has no region; null where only the organ is missing. */
  absence: AbsenceReason | null;
  /** The ear was looked for and not found; false where it only has no region. */
  isEarLost: boolean;
  /** Warnings of this organ, of its ear and of the study. */
  warnings: Warning[];
  /** Those of them that void an output. */
  reasons(output: Output): Warning[];
}

/** Every organ of every ear, in the order of `SEGMENTS`. */
export function resultRows(measurement: Measurement): ResultRow[] {
  const { ears, absentEars, warnings } = measurement;
  return SEGMENTS.map(({ ear, organ, label }) => {
    const measured = ears[ear]?.[organ] ?? null;
    const own = warnings.filter(
      (warning) =>
        (warning.ear === null || warning.ear === ear) && (warning.organ ?? organ) === organ
    );
    return {
      ear,
      organ,
      label,
      status: !measured ? 'not-found' : measured.measurable ? 'measured' : 'not-measurable',
      measured,
      absence: absentEars[ear],
      isEarLost: isEarLost(measurement, ear),
      warnings: own,
      reasons: (output) =>
        own.filter(({ code }) => measured?.voided[output]?.includes(code) === true),
    };
  });
}
