import {
  imageName,
  type Organ,
  ORGAN_KEYS,
  perOrgan,
  RESEARCH_NOTICE,
} from '@inner-ear-hydrops/core';
import type { DataProblem } from '../dataset/labelledStudy';
import { escapeHtml } from '../html';
import { partOf, type Accounting, type Counts } from './accounting';
import type { Estimate, Pair } from './agreement';
import { blandAltmanPlot, confidencePlot, iccPlot, scatterPlot, type PairsByOrgan } from './charts';
import type { Evaluation, ModelEvaluation } from './evaluateModels';
import { SURFACE_TOLERANCE, type OrganResult } from './evaluateStudy';
import { FIGURES, figureCountWords, type Figure } from './figureCounts';
import type { Picture } from './pictures';
import {
  pairsOf,
  type ModelSummary,
  type OrganSummary,
  type RatioKind,
  type Spread,
} from './summarise';

/** What the page is made of. */
export interface EvaluationReport extends Pick<Evaluation, 'models' | 'notes'> {
  accounting: Accounting;
  /** What is wrong with the data beside what is left out. */
  problems: readonly DataProblem[];
}

/** A self-contained page: table of all models, figures, worst cases and every study. No script, no network. */
export function evaluationHtml(evaluation: EvaluationReport, description: string): string {
  const { models, problems, notes, accounting } = evaluation;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Evaluation of segmentation models</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a2230}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid #ccd3dd;text-align:right}th:first-child,td:first-child{text-align:left}
.notice{background:#fff4d6;border:1px solid #e0b84a;padding:.5rem .8rem;font-weight:600}
.wide{overflow-x:auto}.wide table{font-size:.8rem}.wide th,.wide td{padding:.25rem .35rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0;break-inside:avoid}figure img{width:15rem;background:#000}
figcaption{font-size:.85rem;max-width:15rem}
</style></head><body>
<h1>Evaluation of segmentation models</h1>
<p class="notice">${RESEARCH_NOTICE}</p>
<p>${escapeHtml(description)}</p>
${accountingSection(accounting)}
${problems.length > 0 ? `<h2>Wrong with the data</h2><ul>${problems.map(({ where, message, code }) => `<li>${escapeHtml(where)}: ${escapeHtml(message)} <code>${escapeHtml(code)}</code></li>`).join('')}</ul>` : ''}
${notes.length > 0 ? `<details><summary>Notes on the studies (${notes.length})</summary><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></details>` : ''}
${comparisonTable(models.map((model) => model.summary))}
<p>Mean ± standard deviation over organs; an organ that was not found counts as IoU, Dice and surface Dice 0.
Surface Dice at ${SURFACE_TOLERANCE} mm; 95 % Hausdorff distance in mm over the organs that were found. EH ratio by volume,
in the found against the annotated region of the same images. The annotated slice is the one on which the area of the
annotation is measured; the slices agree where the rules choose the same for the found region. Organs that were annotated on
chosen slices are compared on these alone. What was not annotated is not judged. In brackets 95 % confidence intervals.</p>
${models.map(modelSection).join('\n')}
<p class="notice">${RESEARCH_NOTICE}</p>
</body></html>
`;
}

/** Given, in the figures, left out by reason; then each entry that is left out. */
function accountingSection({ given, used, leftOut, byReason, items }: Accounting): string {
  const row = (name: string, counts: Counts) =>
    `<tr><td>${name}</td><td>${counts.studies}</td><td>${counts.ears}</td><td>${counts.organs}</td></tr>`;
  const reasons = Object.entries(byReason).map(([code, counts]) =>
    row(`– <code>${escapeHtml(code)}</code>`, counts)
  );
  const entries = items.map((item) => {
    const part = partOf(item);
    return `<li>${escapeHtml(item.where)}${part && `, ${part}`}: ${escapeHtml(item.message)} <code>${escapeHtml(item.code)}</code></li>`;
  });
  return `<h2>What is in the figures</h2><table aria-label="What is in the figures"><thead><tr><th></th><th>studies</th><th>ears</th><th>organs</th></tr></thead><tbody>
${[row('given', given), row('in the figures', used), row('left out', leftOut), ...reasons].join('\n')}</tbody></table>
${entries.length > 0 ? `<details open><summary>Left out (${entries.length})</summary><ul>${entries.join('')}</ul></details>` : ''}`;
}

function comparisonTable(summaries: ModelSummary[]): string {
  const row = (name: string, cell: (summary: ModelSummary) => string) =>
    `<tr><td>${name}</td>${summaries.map((summary) => `<td>${cell(summary)}</td>`).join('')}</tr>`;
  const organRows = (['all', ...ORGAN_KEYS] as const).flatMap((organ) => [
    row(`organs, ${organ}`, (s) => String(s[organ].organs)),
    row(`IoU, ${organ}`, (s) => spread(s[organ].iou)),
    row(`Dice, ${organ}`, (s) => spread(s[organ].dice)),
    row(`surface Dice, ${organ}`, (s) => spread(s[organ].surfaceDice)),
    row(`95 % Hausdorff, ${organ}`, (s) => spread(s[organ].hausdorff95, 2)),
    row(`ICC(2,1) of the EH ratio, ${organ}`, (s) => agreement(s[organ], 'icc21')),
    row(`ICC(3,1), ${organ}`, (s) => agreement(s[organ], 'icc31')),
    row(`Pearson’s r, ${organ}`, (s) => agreement(s[organ], 'pearson')),
    row(`bias, ${organ}`, (s) => estimate(s[organ].volumeRatio?.blandAltman.bias)),
    row(
      `limits of agreement, ${organ}`,
      (s) =>
        `${estimate(s[organ].volumeRatio?.blandAltman.lower)}<br>${estimate(s[organ].volumeRatio?.blandAltman.upper)}`
    ),
    row(`ICC(2,1) by area, each on its own slice, ${organ}`, (s) =>
      estimate(s[organ].areaRatio?.icc21)
    ),
    row(`ICC(2,1) by area, on the annotated slice, ${organ}`, (s) =>
      estimate(s[organ].commonSlice.ratio?.icc21)
    ),
    row(`IoU on the annotated slice, ${organ}`, (s) => spread(s[organ].commonSlice.iou)),
    row(`same slice; within one; mm apart, ${organ}`, (s) => slices(s[organ])),
    row(`organs in each of these figures, ${organ}`, (s) => figureCountsOf(s[organ]).join('<br>')),
  ]);
  return `<h2>Models</h2><table aria-label="Models"><thead><tr><th></th>${summaries
    .map(({ model }) => `<th>${escapeHtml(model.name)} ${escapeHtml(model.version)}</th>`)
    .join('')}</tr></thead><tbody>
${row('SHA-256', (s) => `<code>${s.model.sha256.slice(0, 16)}…</code>`)}
${row('parameters of the segmentation network', (s) => s.parameters.toLocaleString('en'))}
${row('download, MB', (s) => (s.bytes / 1e6).toFixed(2))}
${row('studies, refused', (s) => `${s.studies}, ${s.refused}`)}
${row('ears found of those annotated', (s) => `${s.earsFound} of ${s.earsAnnotated}`)}
${row('ears labelled where none is annotated', (s) => `${s.earsInvented}`)}
${row('segmentation of a study, median and longest', (s) => `${(s.milliseconds.median / 1000).toFixed(2)} s, ${(s.milliseconds.largest / 1000).toFixed(2)} s (${escapeHtml(s.backend)})`)}
${organRows.join('\n')}</tbody></table>`;
}

function figureCountsOf({ counts }: OrganSummary): string[] {
  return FIGURES.map((figure) => `${FIGURE_WORDS[figure]}: ${figureCountWords(counts[figure])}`);
}

const FIGURE_WORDS: Readonly<Record<Figure, string>> = {
  hausdorff95: '95 % Hausdorff',
  volumeRatio: 'EH ratio by volume',
  areaRatio: 'by area, own slices',
  commonSlice: 'IoU on the annotated slice',
  commonSliceRatio: 'by area, annotated slice',
  sliceDistance: 'slices apart',
};

function modelSection({ summary, studies, examples, worst }: ModelEvaluation): string {
  const organs = studies.flatMap((study) => study.organs);
  const name = `${summary.model.name} ${summary.model.version}`;
  const byOrgan = (which: RatioKind): PairsByOrgan =>
    perOrgan((organ) =>
      pairsOf(
        organs.filter((entry) => entry.organ === organ),
        which
      )
    );
  const limits = summary.all.volumeRatio?.blandAltman;
  const figures = limits
    ? [
        iccPlot('Intraclass correlation of the EH ratio', summary),
        scatterPlot('EH ratio by volume', byOrgan('volumeRatio')),
        blandAltmanPlot('EH ratio by volume', byOrgan('volumeRatio'), limits),
        ...(summary.all.areaRatio
          ? [
              blandAltmanPlot(
                'EH ratio by area, representative slice',
                byOrgan('areaRatio'),
                summary.all.areaRatio.blandAltman
              ),
            ]
          : []),
      ]
    : [];
  figures.push(confidencePlot('Confidence and overlap', confidencesOf(organs)));
  return `<h2>${escapeHtml(name)}</h2><div class="figures">${figures.join('\n')}</div>
<h3>Examples</h3><p>The best, the middle and the worst case of each organ by Dice. Green: annotated. Red: found.
The slice with the largest difference is shown, as stored.</p>${gallery(examples)}
<h3>Worst cases</h3>${gallery(worst)}
<h3>Studies</h3><div class="wide"><table aria-label="Studies"><thead><tr><th>study</th><th>ear</th><th>organ</th><th>annotated</th><th>IoU</th><th>Dice</th><th>surface Dice</th><th>95 % Hausdorff, mm</th><th>annotated mm³</th><th>found mm³</th><th>confidence</th><th>EH ratio, annotated</th><th>EH ratio, found</th><th>by area, annotated</th><th>by area, found</th><th>IoU on the annotated slice</th><th>by area there, annotated</th><th>by area there, found</th><th>slices apart</th></tr></thead><tbody>
${studies
  .flatMap((study) =>
    study.organs.map(
      (entry) =>
        `<tr><td>${escapeHtml(study.study)}</td><td>${entry.ear}</td><td>${entry.organ}</td>${[
          annotatedOn(entry),
          entry.iou.toFixed(3),
          entry.dice.toFixed(3),
          entry.surfaceDice.toFixed(3),
          entry.hausdorff95?.toFixed(2) ?? '–',
          entry.annotatedVolume.toFixed(1),
          entry.foundVolume.toFixed(1),
          entry.confidence?.toFixed(3) ?? '–',
          entry.volumeRatio?.reference.toFixed(3) ?? '–',
          entry.volumeRatio?.measured.toFixed(3) ?? '–',
          entry.areaRatio?.reference.toFixed(3) ?? '–',
          entry.areaRatio?.measured.toFixed(3) ?? '–',
          entry.commonSlice?.iou.toFixed(3) ?? '–',
          entry.commonSlice?.ratio?.reference.toFixed(3) ?? '–',
          entry.commonSlice?.ratio?.measured.toFixed(3) ?? '–',
          entry.sliceDistance?.slices ?? '–',
        ]
          .map((cell) => `<td>${cell}</td>`)
          .join('')}</tr>`
    )
  )
  .join('\n')}</tbody></table></div>`;
}

function annotatedOn({ annotatedSlices }: OrganResult): string {
  if (annotatedSlices === null) return 'whole';
  return `${annotatedSlices} ${annotatedSlices === 1 ? 'slice' : 'slices'}`;
}

function gallery(pictures: Picture[]): string {
  const figures = pictures.map(({ study, ear, organ, image, dice, png }) => {
    const name = `${escapeHtml(study)}, ${ear} ${organ}`;
    const source = `data:image/png;base64,${png.toString('base64')}`;
    return `<figure><img alt="${name}" src="${source}"><figcaption>${name}, ${escapeHtml(imageName(image))}, Dice ${dice.toFixed(3)}</figcaption></figure>`;
  });
  return `<div class="figures">${figures.join('\n')}</div>`;
}

/** Confidence and Dice of the organs that were found. */
function confidencesOf(organs: OrganResult[]): PairsByOrgan {
  const of = (organ: Organ): Pair[] =>
    organs.flatMap((entry): Pair[] =>
      entry.organ === organ && entry.confidence !== null ? [[entry.confidence, entry.dice]] : []
    );
  return perOrgan(of);
}

/** The comparison as plain text, for the terminal and for documents. */
export function summaryText(summaries: ModelSummary[]): string {
  const lines = summaries.flatMap((summary) => [
    `${summary.model.name} ${summary.model.version}: ${summary.studies} studies, ears found ${summary.earsFound} of ${summary.earsAnnotated}, ${summary.earsInvented} where none is`,
    ...(['all', ...ORGAN_KEYS] as const).map((organ) => {
      const values = summary[organ];
      const limits = values.volumeRatio?.blandAltman;
      const ratio = limits
        ? `, ICC(2,1) ${estimate(values.volumeRatio?.icc21)}, bias ${limits.bias.value.toFixed(4)}, limits ${limits.lower.value.toFixed(3)} to ${limits.upper.value.toFixed(3)}`
        : '';
      return (
        `  ${organ}, ${values.organs} organs: IoU ${spread(values.iou)}, Dice ${spread(values.dice)}, surface Dice ${spread(values.surfaceDice)}, 95 % Hausdorff ${spread(values.hausdorff95, 2)} mm${ratio}; ` +
        `on the annotated slice: IoU ${spread(values.commonSlice.iou)}, ICC(2,1) ${estimate(values.commonSlice.ratio?.icc21)}; same slice, within one, apart: ${slices(values)}`
      );
    }),
    `  organs in each figure: ${figureCountsOf(summary.all).join('; ')}`,
  ]);
  return `${lines.join('\n')}\n${RESEARCH_NOTICE}\n`;
}

function spread({ mean, standardDeviation }: Spread, digits = 3): string {
  if (!Number.isFinite(mean)) return '–';
  return Number.isFinite(standardDeviation)
    ? `${mean.toFixed(digits)} ± ${standardDeviation.toFixed(digits)}`
    : mean.toFixed(digits);
}

/** "62 %; 91 %; 0.45 ± 0.60 mm" */
function slices({ slices: found }: OrganSummary): string {
  if (!found) return '–';
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return `${percent(found.same)}; ${percent(found.withinOne)}; ${spread(found.distance, 2)} mm`;
}

function agreement(organ: OrganSummary, which: 'icc21' | 'icc31' | 'pearson'): string {
  return estimate(organ.volumeRatio?.[which]);
}

function estimate(value: Estimate | undefined): string {
  if (!value || !Number.isFinite(value.value)) return '–';
  return `${value.value.toFixed(3)} [${value.interval.map((end) => end.toFixed(3)).join(', ')}]`;
}
