import {
  BUILD_ID,
  EAR_SIDES,
  type EarSide,
  imageName,
  type Measurement,
  METHODS,
  type Organ,
  RESEARCH_NOTICE,
  ROLE_KEYS,
  ROLES,
  segmentOf,
  SEGMENTS,
  SOFTWARE_NAME,
  SOFTWARE_VERSION,
  sliceOfImage,
  type LabelVolume,
  type PreparedStudy,
  warningSentence,
} from '@inner-ear-hydrops/core';
import { personName } from '@inner-ear-hydrops/core/dicom';
import { escapeHtml } from '../html';
import { drawHistogram } from './histogram';
import { drawOverlay } from './overlay';
import { reportTable } from './reportTable';

/** What the page shows of a result. */
export interface ReportedResult {
  prepared: PreparedStudy;
  labels: LabelVolume;
  measurement: Measurement;
}

/**
 * A self-contained HTML page: whose images, table, warnings, overlays and histograms. No script, no network.
 * @param attributes of an image of MRC, by name
 */
export function reportHtml(
  result: ReportedResult,
  seriesNames: Record<string, string>,
  attributes: Record<string, unknown>
): string {
  const { measurement } = result;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Endolymphatic hydrops measurement</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2230}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;border-bottom:1px solid #ccd3dd;text-align:right}
th:first-child,td:first-child{text-align:left}.notice{background:#fff4d6;border:1px solid #e0b84a;padding:.5rem .8rem;font-weight:600}
.organs{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:1.2rem}
figure{margin:0;break-inside:avoid}img{width:100%;max-width:22rem;background:#000}dt{font-weight:600}dd{margin:0 0 .3rem;overflow-wrap:anywhere}
@media print{.organs{grid-template-columns:1fr 1fr}}
</style></head><body>
<h1>Endolymphatic hydrops measurement</h1>
<p class="notice">${RESEARCH_NOTICE}</p>
${patient(attributes)}
${reportTable(measurement)}
${warnings(measurement)}
<h2>Representative slices and histograms</h2>
<p>Outline: region of interest on MRC. Tint: endolymph, ${METHODS[measurement.method].formula}.</p>
<div class="organs">${figures(result)}</div>
<h2>Method</h2>
<dl>
<dt>Method</dt><dd>${escapeHtml(METHODS[measurement.method].label)}: endolymph is ${escapeHtml(METHODS[measurement.method].formula)}</dd>
<dt>Chosen by the reader</dt><dd>${chosenByReader(measurement)}</dd>
<dt>Study</dt><dd>${escapeHtml(measurement.study.studyInstanceUid)}</dd>
${Object.entries(seriesNames)
  .map(([role, name]) => `<dt>${escapeHtml(role)}</dt><dd>${escapeHtml(name)}</dd>`)
  .join('\n')}
<dt>Software</dt><dd>${escapeHtml(`${SOFTWARE_NAME} ${SOFTWARE_VERSION}, build ${BUILD_ID}`)}</dd>
<dt>Model</dt><dd>${
    measurement.model
      ? `${escapeHtml(measurement.model.name)} ${escapeHtml(measurement.model.version)}, SHA-256 ${escapeHtml(measurement.model.sha256)}`
      : 'none'
  }</dd>
<dt>Alignment</dt><dd>${escapeHtml(alignment(measurement))}</dd>
</dl>
<p class="notice">${RESEARCH_NOTICE}</p>
</body></html>
`;
}

/** As the images name patient and study; a line without a value says so. */
function patient(attributes: Record<string, unknown>): string {
  const shown = (value: unknown): string => {
    const text = (Array.isArray(value) ? value.map(String).join(', ') : String(value ?? '')).trim();
    return text === '' ? '<i>not stated</i>' : escapeHtml(text);
  };
  const lines: [string, unknown][] = [
    ['Patient', personName(attributes.PatientName).replaceAll('^', ' ').replaceAll('=', ' / ')],
    ['Patient ID', attributes.PatientID],
    ['Date of birth', dateWords(attributes.PatientBirthDate)],
    ['Study', attributes.StudyDescription],
    ['Date of study', dateWords(attributes.StudyDate)],
    ['Accession Number', attributes.AccessionNumber],
  ];
  return `<dl>${lines.map(([name, value]) => `<dt>${name}</dt><dd>${shown(value)}</dd>`).join('\n')}</dl>`;
}

/** 2026-01-31 of a DICOM date; anything else as it stands. */
function dateWords(value: unknown): unknown {
  return String(value ?? '').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}

function warnings(measurement: Measurement): string {
  if (measurement.warnings.length === 0) return '<p>No quality warnings.</p>';
  const items = measurement.warnings.map(
    (warning) =>
      `<li><code>${escapeHtml(warning.code)}</code>: ${escapeHtml(warningSentence(warning))}</li>`
  );
  return `<h2>Warnings</h2><ul>${items.join('\n')}</ul>`;
}

function figures(result: ReportedResult): string {
  const { measurement, prepared, labels } = result;
  return SEGMENTS.map((segment) => {
    const values = measurement.ears[segment.ear]?.[segment.organ];
    if (!values) return '';
    const image = values.area?.image;
    const picture = image
      ? drawOverlay(
          prepared,
          labels,
          segment.ear,
          segment.organ,
          sliceOfImage(prepared.images, image)
        )
      : null;
    const caption = image ? `${segment.label}, ${escapeHtml(imageName(image))}` : segment.label;
    const shown = picture
      ? `<img alt="${caption}" src="data:image/png;base64,${picture.toString('base64')}">`
      : '<p>No representative slice.</p>';
    return `<figure><figcaption>${caption}</figcaption>${shown}${drawHistogram(
      segment.label,
      roiValues(result, segment.ear, segment.organ)
    )}</figure>`;
  }).join('\n');
}

function roiValues(result: ReportedResult, ear: EarSide, organ: Organ): number[] {
  const { number } = segmentOf(ear, organ);
  const values: number[] = [];
  result.labels.data.forEach((label, index) => {
    if (label === number) values.push(result.prepared.hydropsMi2.data[index]!);
  });
  return values;
}

function chosenByReader({ choices }: Measurement): string {
  const words = [
    ...(choices.method === 'reader' ? ['method'] : []),
    ...ROLE_KEYS.filter((role) => choices.roles[role] === 'reader').map(
      (role) => `${ROLES[role].label} series`
    ),
    ...EAR_SIDES.filter((ear) => choices.ears[ear] === 'reader').map(
      (ear) => `position of the ${ear} ear`
    ),
  ];
  return words.length > 0 ? words.join(', ') : 'none of method, series and ear positions';
}

function alignment(measurement: Measurement): string {
  const report = measurement.alignment;
  if (!report) return 'not stated';
  const words = (['ppi', 'pei'] as const).flatMap((role) => {
    const entry = report[role];
    return entry
      ? [
          `${ROLES[role].label}: ${entry.treatment}, displacement ${entry.displacement.toFixed(2)} mm, interpolation ${entry.interpolation}`,
        ]
      : [];
  });
  return words.join('; ');
}
