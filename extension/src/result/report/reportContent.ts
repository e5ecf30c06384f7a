import {
  imageName,
  METHODS,
  readerChoices,
  RESEARCH_NOTICE,
  warningWords,
  type EarSide,
  type Measurement,
  type Organ,
  type OrganMeasurement,
  type WarningCode,
} from '@inner-ear-hydrops/core';
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '@inner-ear-hydrops/core/dicom';
import { readingTexts, type Reading } from '../../state/readingFields';
import type { OrganImages } from '../../state/HydropsState';

export interface ReportInput {
  measurement: Measurement;
  reading: Reading;
  created: Date;
  /** Representative images without the reader's choice. */
  automaticImages: OrganImages;
  /** What has changed since the measurement was made. */
  outOfDate: string[];
  /** Role and what is known of its series. */
  series: [name: string, description: string][];
  backend: string | null;
}

/** A number that was counted and measures nothing: struck on paper, said in text. */
export interface VoidedNumber {
  counted: string;
  /** Why, in few words. */
  reason: string;
  /** What belongs to the number: its image. */
  note: string;
}

export type ReportCell = string | VoidedNumber;

/** A report without the patient: what is pasted into a RIS, which knows the patient already. */
export interface ReportContent {
  title: string;
  notice: string;
  head: string[];
  /** One row an organ: its name, then a cell for each other column, or one that says why there are none. */
  rows: [name: string, ...cells: ReportCell[]][];
  sections: [heading: string, lines: string[]][];
}

const EARS: readonly EarSide[] = ['left', 'right'];
const ORGANS: readonly Organ[] = ['cochlea', 'vestibule'];

/** The same content for paper, PDF and clipboard. */
export function reportContent(input: ReportInput): ReportContent {
  const { measurement } = input;
  const sections: ReportContent['sections'] = [
    ["Reader's findings", Object.entries(readingTexts(input.reading)).map(named)],
    ['Asymmetry', asymmetry(measurement)],
    ['Suggested by the software, to be confirmed', suggestions(measurement)],
    ['Warnings of the software', [...changes(input), ...warnings(measurement)]],
    ['Automatic or chosen by the reader', choices(input)],
    ['Method', method(input)],
  ];
  return {
    title: 'Endolymphatic hydrops on MRI',
    notice: RESEARCH_NOTICE,
    head: ['', 'EH ratio by area', 'EH ratio by volume', 'Endolymph', 'Total'],
    rows: EARS.flatMap((ear) => ORGANS.map((organ) => row(measurement, ear, organ))),
    sections: sections.filter(([, lines]) => lines.length > 0),
  };
}

const named = ([name, value]: [string, string]): string => `${name}: ${value}`;

function row(
  measurement: Measurement,
  ear: EarSide,
  organ: Organ
): [name: string, ...cells: ReportCell[]] {
  const name = `${capital(ear)} ${organ}`;
  const measured = measurement.ears[ear]?.[organ];
  if (!measured) {
    const lost = measurement.warnings.some(
      (warning) =>
        warning.code === 'ear-not-found' &&
        warning.ear === ear &&
        warning.values?.['reason'] !== 'no-region'
    );
    const isLost = lost && measurement.ears[ear] === null;
    return [name, isLost ? 'not measured, the ear was not found' : 'not measured'];
  }
  const { area, volume } = measured;
  const cell = (value: string, notes: string[] = []): ReportCell => {
    const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
    if (measured.measurable) return value + note;
    return { counted: value, reason: reasons(measured.voided.ratio), note };
  };
  const image = area && imageName(area.image);
  return [
    name,
    area && image
      ? cell(percent(area.ratio), [image, ...interval(measured, area.interval)])
      : 'no area ratio',
    cell(percent(volume.ratio), interval(measured, volume.interval)),
    cell(`${volume.endolymphMm3.toFixed(1)} mm³`),
    `${volume.totalMm3.toFixed(1)} mm³`,
  ];
}

/** An interval of a number that was not measured says nothing. */
function interval({ measurable }: OrganMeasurement, range: [number, number] | null): string[] {
  if (!measurable || !range) return [];
  return [`95 % interval ${(100 * range[0]).toFixed(1)}–${percent(range[1])}`];
}

function asymmetry({ ears }: Measurement): string[] {
  return ORGANS.flatMap((organ) => {
    const left = ears.left?.[organ];
    const right = ears.right?.[organ];
    if (!left?.area || !right?.area) return [];
    const voided = (['left', 'right'] as const).filter((ear) => !ears[ear]?.[organ]?.measurable);
    if (voided.length > 0) {
      const which = voided.length === 2 ? 'neither ear is' : `the ${voided[0]} ear is not`;
      return [`${capital(organ)}: none stated, since ${which} measurable`];
    }
    const points = (100 * Math.abs(left.area.ratio - right.area.ratio)).toFixed(1);
    const higher = left.area.ratio > right.area.ratio ? 'left' : 'right';
    const side = left.area.ratio === right.area.ratio ? '' : `, ${higher} higher`;
    return [`${capital(organ)}, by area: ${points} percentage points${side}`];
  });
}

function suggestions({ ears, method }: Measurement): string[] {
  const { allows, label } = METHODS[method];
  if (!allows.includes('grade')) {
    return [`No grade: Nakashima's thresholds were not made for ${label}`];
  }
  return EARS.flatMap((ear) => {
    const vestibule = ears[ear]?.vestibule;
    if (!vestibule) return [];
    const name = `${capital(ear)} vestibule, Nakashima, from the area ratio`;
    const { grade, voided, area } = vestibule;
    if (!grade) return [`${name}: no grade (${area ? reasons(voided.grade) : 'no area ratio'})`];
    const doubts = grade.doubts.map(({ message }) => ` ${message}`).join('');
    return [`${name}: ${grade.suggested}${grade.borderline ? `, borderline.${doubts}` : ''}`];
  });
}

function changes({ outOfDate, measurement }: ReportInput): string[] {
  if (outOfDate.length === 0) return [];
  const { label } = METHODS[measurement.method];
  return [
    `Out of date when the report was made: ${outOfDate.join(', ')}. The numbers are those before the change (${label}).`,
  ];
}

function warnings(measurement: Measurement): string[] {
  return measurement.warnings.map(
    ({ ear, message }) => `${ear ? `${capital(ear)} ear: ` : ''}${message}`
  );
}

/** Whose every choice is; for a slice that was moved also where it was. */
function choices({ measurement, automaticImages }: ReportInput): string[] {
  const made = readerChoices(measurement);
  if (made.length === 0) {
    return ['All automatic: method, series, ear positions, slices and regions'];
  }
  const whose = measurement.model ? 'by the reader' : 'by the reader or other software';
  const lines = made.map(({ kind, ear, organ, text }) => {
    const before = kind === 'slice' && ear && organ ? automaticImages[ear]?.[organ] : undefined;
    const instead = before ? ` (automatic: ${imageName(before)})` : '';
    return `${capital(text)}, ${whose}${instead}`;
  });
  return [...lines, 'All else is automatic'];
}

function method(input: ReportInput): string[] {
  const { measurement, created, backend, series } = input;
  const { model, alignment } = measurement;
  const { label, formula } = METHODS[measurement.method];
  const reader = input.reading.reader.trim().replace(/\^+/g, ' ');
  const moved = alignment && [
    motion(alignment.ppi, 'PPI'),
    ...(alignment.pei ? [motion(alignment.pei, 'PEI')] : []),
  ];
  return [
    `Endolymph: ${label}, ${formula}. Area on the representative slice; volume over the whole stack. The two are not interchangeable.`,
    ...series.map(named),
    ...(moved ? [`Motion: ${moved.join('; ')}`] : []),
    model
      ? `Model: ${model.name} ${model.version}, SHA-256 ${model.sha256}`
      : 'Region: drawn by hand or by other software, not by the model',
    `Software: ${SOFTWARE_NAME} ${SOFTWARE_VERSION}${backend ? `, ${backend}` : ''}`,
    `Result of ${dateTime(created)}${reader ? `, read by ${reader}` : ''}`,
  ];
}

function motion(report: NonNullable<Measurement['alignment']>['ppi'], name: string): string {
  if (report.treatment === 'corrected') {
    return `${name} moved by ${report.displacement.toFixed(1)} mm against MRC, corrected`;
  }
  return report.treatment === 'resampled' ? `${name} resampled to MRC` : `${name} as acquired`;
}

const reasons = (codes: readonly WarningCode[] = []): string => codes.map(warningWords).join(', ');
const percent = (ratio: number): string =>
  Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : '–';
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Local time, "2026-11-24 04:36". */
function dateTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
