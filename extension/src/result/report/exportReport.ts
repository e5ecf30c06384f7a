import { ROLE_KEYS } from '@inner-ear-hydrops/core';
import type { SeriesHeader } from '@inner-ear-hydrops/core';
import { attributeText } from '../../host/attributeText';
import { outOfDate } from '../../state/outOfDate';
import type { HydropsState } from '../../state/HydropsState';
import type { OpenResult } from '../OpenResult';
import type { OpenResultInput } from '../resultParts';
import { reportContent, type ReportContent } from './reportContent';
import { reportPage, type PatientLines } from './reportPage';
import { reportText } from './reportText';

export const REPORT_FORMATS = ['text', 'print'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What is reported of a result. */
export type ReportedResult = Pick<OpenResult, 'measurement' | 'created'> & {
  input: Pick<OpenResultInput, 'read'>;
};

/**
 * Puts the report into the clipboard, or opens the browser's print dialogue (paper or PDF) with it.
 * @returns the report as text.
 * @throws Error when the browser does not let the text be copied.
 */
export async function exportReport(
  state: HydropsState,
  result: ReportedResult,
  format: ReportFormat
): Promise<string> {
  const content = contentOf(state, result);
  const patient = patientOf(result);
  const text = reportText(content, patient);
  if (format === 'print') printPage(reportPage(content, patient));
  else await copy(text);
  return text;
}

function contentOf(state: HydropsState, result: ReportedResult): ReportContent {
  return reportContent({
    measurement: result.measurement,
    findings: state.findings,
    created: result.created,
    automaticImages: state.representativeImages.automatic,
    outOfDate: outOfDate(state),
    series: ROLE_KEYS.flatMap((role): [string, string][] => {
      const header = result.input.read[role]?.series.header;
      return header ? [[role.toUpperCase(), sequenceWords(header)]] : [];
    }),
    seriesNames: Object.fromEntries(
      state.series.map(({ seriesInstanceUid, seriesNumber, description }) => [
        seriesInstanceUid,
        seriesNumber === null ? description : `series ${seriesNumber}, ${description}`,
      ])
    ),
    backend: state.backend,
  });
}

function sequenceWords(header: SeriesHeader): string {
  const times: [string, number | null][] = [
    ['TR', header.repetitionTime],
    ['TE', header.echoTime],
    ['TI', header.inversionTime],
  ];
  return [
    header.seriesDescription,
    ...times.flatMap(([name, time]) => (time === null ? [] : [`${name} ${time} ms`])),
  ].join(', ');
}

function patientOf(result: ReportedResult): PatientLines {
  const attributes = result.input.read.mrc?.series.header.attributes ?? {};
  const text = (keyword: string): string => attributeText(attributes, keyword);
  const date = (keyword: string) => text(keyword).replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  return [
    ['Patient', text('PatientName')],
    ['Patient ID', text('PatientID')],
    ['Born', date('PatientBirthDate')],
    ['Examination', [date('StudyDate'), text('StudyDescription')].filter(Boolean).join(', ')],
    ['Accession number', text('AccessionNumber')],
  ];
}

const PRINT_FRAME = 'inner-ear-hydrops-report';

/** A hidden frame prints without a window that a pop-up blocker would refuse. */
function printPage(page: string): void {
  document.getElementById(PRINT_FRAME)?.remove();
  const frame = document.createElement('iframe');
  frame.id = PRINT_FRAME;
  frame.title = 'Report for printing';
  frame.style.cssText = 'position:fixed;width:0;height:0;border:0;right:0;bottom:0;';
  frame.onload = () => frame.contentWindow?.print();
  frame.srcdoc = page;
  document.body.append(frame);
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission, or on a page without TLS, the old way still works after a click.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.cssText = 'position:fixed;opacity:0;';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) throw new Error('This browser did not let the report be copied.');
  }
}
