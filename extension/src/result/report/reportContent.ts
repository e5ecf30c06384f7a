import {
  EAR_SIDES,
  imageName,
  isGraded,
  METHODS,
  ORGANS,
  ORGAN_KEYS,
  percent,
  readerChoices,
  RESEARCH_NOTICE,
  resultRows,
  SOFTWARE,
  warningSentence,
  warningWords,
  type Measurement,
  type OrganMeasurement,
  type ResultRow,
  type Vector3,
  type WarningCode,
} from '@inner-ear-hydrops/core';
import { findingTexts, type Findings } from '../../state/findingFields';
import type { OrganImages } from '../../state/HydropsState';

export interface ReportInput {
  measurement: Measurement;
  findings: Findings;
  created: Date;
  /** Representative images without the reader's choice. */
  automaticImages: OrganImages;
  /** What has changed since the measurement was made. */
  outOfDate: string[];
  /** Role and what is known of its series. */
  series: [name: string, description: string][];
  /** Of the study's series, by Series Instance UID. */
  seriesNames: Readonly<Record<string, string>>;
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

/** A report without the patient, whom paper and clipboard name above it. */
export interface ReportContent {
  title: string;
  notice: string;
  head: string[];
  /** One row an organ: its name, then a cell for each other column, or one that says why there are none. */
  rows: [name: string, ...cells: ReportCell[]][];
  sections: [heading: string, lines: string[]][];
}

/** The same content for paper, PDF and clipboard. */
export function reportContent(input: ReportInput): ReportContent {
  const { measurement } = input;
  const sections: ReportContent['sections'] = [
    ["Reader's findings", Object.entries(findingTexts(input.findings)).map(named)],
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
    rows: resultRows(measurement).map(row),
    sections: sections.filter(([, lines]) => lines.length > 0),
  };
}

const named = ([name, value]: [string, string]): string => `${name}: ${value}`;

function row({
  label,
  measured,
  isEarLost,
  status,
}: ResultRow): [name: string, ...cells: ReportCell[]] {
  if (!measured) {
    return [label, isEarLost ? 'not measured, the ear was not found' : 'not measured'];
  }
  const { area, volume } = measured;
  const cell = (value: string, notes: string[] = []): ReportCell => {
    const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
    if (status === 'measured') return value + note;
    return { counted: value, reason: reasons(measured.voided.ratio), note };
  };
  const image = area && imageName(area.image);
  return [
    label,
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
  return [`95 % interval (noise, alignment) ${(100 * range[0]).toFixed(1)}–${percent(range[1])}`];
}

function asymmetry({ ears }: Measurement): string[] {
  return ORGAN_KEYS.flatMap((organ) => {
    const left = ears.left?.[organ];
    const right = ears.right?.[organ];
    if (!left?.area || !right?.area) return [];
    const voided = EAR_SIDES.filter((ear) => !ears[ear]?.[organ]?.measurable);
    if (voided.length > 0) {
      const which =
        voided.length === EAR_SIDES.length ? 'neither ear is' : `the ${voided[0]} ear is not`;
      return [`${capital(ORGANS[organ].label)}: none stated, since ${which} measurable`];
    }
    const points = (100 * Math.abs(left.area.ratio - right.area.ratio)).toFixed(1);
    const higher = left.area.ratio > right.area.ratio ? 'left' : 'right';
    const side = left.area.ratio === right.area.ratio ? '' : `, ${higher} higher`;
    return [`${capital(ORGANS[organ].label)}, by area: ${points} percentage points${side}`];
  });
}

function suggestions(measurement: Measurement): string[] {
  const { allows, label } = METHODS[measurement.method];
  if (!allows.includes('grade')) {
    return [`No grade: Nakashima's thresholds were not made for ${label}`];
  }
  return resultRows(measurement).flatMap(({ organ, label: name, measured }) => {
    if (!measured || !isGraded(organ)) return [];
    const about = `${name}, Nakashima, from the area ratio`;
    const { grade, voided, area } = measured;
    if (!grade) return [`${about}: no grade (${area ? reasons(voided.grade) : 'no area ratio'})`];
    const doubts = grade.doubts.map(({ message }) => ` ${message}`).join('');
    return [`${about}: ${grade.suggested}${grade.borderline ? `, borderline.${doubts}` : ''}`];
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
  return measurement.warnings.map(warningSentence);
}

/** Whose every choice is, and what the software had instead; for an edited region what it gave. */
function choices({ measurement, automaticImages, seriesNames }: ReportInput): string[] {
  const made = readerChoices(measurement);
  if (made.length === 0) {
    return ['All automatic: method, series, ear positions, slices and regions'];
  }
  const whose = measurement.model ? 'by the reader' : 'by the reader or other software';
  const { choices: chosen, earPositions } = measurement;
  const lines = made.map(({ kind, role, ear, organ, text }) => {
    if (kind === 'role' && role) {
      return `${capital(text)}, ${whose}${seriesBefore(chosen.automatic?.series[role], seriesNames)}`;
    }
    if (kind === 'ear-position' && ear) {
      const [at, found] = [earPositions?.[ear], chosen.automatic?.ears[ear]];
      const where = at ? `: ${millimetres(at)}` : '';
      return `${capital(text)}${where}, ${whose}${found ? ` (automatic: ${millimetres(found)})` : ''}`;
    }
    const before = kind === 'slice' && ear && organ ? automaticImages[ear]?.[organ] : undefined;
    const instead =
      (before && ` (automatic: ${imageName(before)})`) ||
      (kind === 'region' && ear && organ && ratiosBefore(measurement.ears[ear]?.[organ])) ||
      '';
    return `${capital(text)}, ${whose}${instead}`;
  });
  return [...lines, 'All else is automatic'];
}

/** @param uid Series Instance UID; null: no series had been recognised; undefined: not known */
function seriesBefore(
  uid: string | null | undefined,
  names: Readonly<Record<string, string>>
): string {
  return uid === undefined ? '' : ` (automatic: ${uid === null ? 'none' : (names[uid] ?? uid)})`;
}

/** LPS. */
const millimetres = (place: Vector3): string =>
  `${place.map((value) => value.toFixed(1)).join(', ')} mm (LPS)`;

/** What an edited region gave before; nothing of one that was drawn. */
function ratiosBefore(measured: OrganMeasurement | null | undefined): string {
  if (measured?.mask !== 'edited') return '';
  const { automatic, measurable } = measured;
  if (!automatic) return ' (automatic ratios: no longer known)';
  if (!measurable) return ' (automatic ratios: not measurable either)';
  const { areaRatio, volumeRatio } = automatic;
  const area = areaRatio === null ? '' : `${percent(areaRatio)} by area, `;
  return ` (automatic: ${area}${percent(volumeRatio)} by volume)`;
}

function method(input: ReportInput): string[] {
  const { measurement, created, backend, series } = input;
  const { model, alignment } = measurement;
  const { label, formula } = METHODS[measurement.method];
  const reader = input.findings.reader.trim().replace(/\^+/g, ' ');
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
    `Software: ${SOFTWARE}${backend ? `, ${backend}` : ''}`,
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
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Local time, "2026-11-24 04:36". */
function dateTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
