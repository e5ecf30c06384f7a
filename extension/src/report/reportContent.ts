import { RESEARCH_NOTICE, type EarSide, type Measurement } from '@inner-ear-hydrops/core';
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '@inner-ear-hydrops/core/dicom';
import { readingTexts, type Reading } from '../readingFields';

export interface ReportInput {
  measurement: Measurement;
  reading: Reading;
  edited: boolean;
  created: Date;
  /** Number of slice k as the viewports show it. */
  sliceNumber(k: number): number;
  /** Role and what is known of its series. */
  series: [name: string, description: string][];
  backend: string | null;
}

/** A report without the patient: what is pasted into a RIS, which knows the patient already. */
export interface ReportContent {
  title: string;
  notice: string;
  /** Head row, then one row an organ. */
  table: string[][];
  sections: [heading: string, lines: string[]][];
}

const ORGANS = [
  ['left', 'cochlea'],
  ['left', 'vestibule'],
  ['right', 'cochlea'],
  ['right', 'vestibule'],
] as const;

const FORMULA: Record<Measurement['method'], string> = {
  'hydrops-mi2': 'HYDROPS-Mi2, (PPI − PEI) × MRC below zero',
  'hydrops2-mi2': 'HYDROPS2-Mi2, (PPI − MRC) × MRC below zero',
  'real-ir': '3D-real inversion recovery below zero',
};

/** The same content for paper, PDF and clipboard. */
export function reportContent(input: ReportInput): ReportContent {
  const { measurement } = input;
  const sections: ReportContent['sections'] = [
    ["Reader's findings", Object.entries(readingTexts(input.reading)).map(named)],
    ['Asymmetry', asymmetry(measurement)],
    ['Suggested by the software, to be confirmed', suggestions(measurement)],
    ['Warnings of the software', warnings(measurement)],
    ['Method', method(input)],
  ];
  return {
    title: 'Endolymphatic hydrops on MRI',
    notice: RESEARCH_NOTICE,
    table: [
      ['', 'EH ratio by area', 'EH ratio by volume', 'Endolymph', 'Total'],
      ...ORGANS.map(([ear, organ]) => row(input, ear, organ)),
    ],
    sections: sections.filter(([, lines]) => lines.length > 0),
  };
}

const named = ([name, value]: [string, string]): string => `${name}: ${value}`;

function row(input: ReportInput, ear: EarSide, organ: 'cochlea' | 'vestibule'): string[] {
  const name = `${capital(ear)} ${organ}`;
  const measured = input.measurement.ears[ear]?.[organ];
  if (!measured) return [name, 'not measured', '', '', ''];
  const { area, volume } = measured;
  return [
    name,
    area ? `${percent(area.ratio)} (slice ${input.sliceNumber(area.slice)})` : '–',
    percent(volume.ratio),
    `${volume.endolymphMm3.toFixed(1)} mm³`,
    `${volume.totalMm3.toFixed(1)} mm³`,
  ];
}

function asymmetry({ ears }: Measurement): string[] {
  return (['cochlea', 'vestibule'] as const).flatMap((organ) => {
    const left = ears.left?.[organ]?.area?.ratio;
    const right = ears.right?.[organ]?.area?.ratio;
    if (left === undefined || right === undefined) return [];
    const points = (100 * Math.abs(left - right)).toFixed(1);
    const side = left === right ? '' : `, ${left > right ? 'left' : 'right'} higher`;
    return [`${capital(organ)}, by area: ${points} percentage points${side}`];
  });
}

function suggestions({ ears }: Measurement): string[] {
  return (['left', 'right'] as const).flatMap((ear) => {
    const grade = ears[ear]?.vestibule?.grade?.suggested;
    return grade ? [`${capital(ear)} vestibule, Nakashima, from the area ratio: ${grade}`] : [];
  });
}

function warnings(measurement: Measurement): string[] {
  return measurement.warnings.map(
    ({ ear, message }) => `${ear ? `${capital(ear)} ear: ` : ''}${message}`
  );
}

function method(input: ReportInput): string[] {
  const { measurement, edited, created, backend, series } = input;
  const { model, alignment } = measurement;
  const reader = input.reading.reader.trim().replace(/\^+/g, ' ');
  const moved = alignment && [
    motion(alignment.ppi, 'PPI'),
    ...(alignment.pei ? [motion(alignment.pei, 'PEI')] : []),
  ];
  return [
    `Endolymph: ${FORMULA[measurement.method]}. Area on the representative slice; volume over the whole stack. The two are not interchangeable.`,
    ...series.map(named),
    ...(moved ? [`Motion: ${moved.join('; ')}`] : []),
    ...(model
      ? [
          `Region: ${edited ? 'corrected by the reader' : 'automatic, not corrected'}`,
          `Model: ${model.name} ${model.version}, SHA-256 ${model.sha256}`,
        ]
      : ['Region: drawn by hand or by other software, not by the model']),
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

const percent = (ratio: number): string =>
  Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : '–';
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Local time, "2026-11-24 04:36". */
function dateTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
