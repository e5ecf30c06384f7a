import { csvField } from '@inner-ear-hydrops/core';
import type { ModelEvaluation } from './evaluateModels';
import type { OrganResult } from './evaluateStudy';

/** Columns that stand for an organ, in the order of the table on the page. */
const COLUMNS: readonly (readonly [string, (organ: OrganResult) => string | number | null])[] = [
  ['ear', ({ ear }) => ear],
  ['organ', ({ organ }) => organ],
  ['annotated', ({ annotatedSlices }) => (annotatedSlices === null ? 'whole' : 'slices')],
  ['annotated slices', ({ annotatedSlices }) => annotatedSlices],
  ['IoU', ({ iou }) => iou],
  ['Dice', ({ dice }) => dice],
  ['surface Dice', ({ surfaceDice }) => surfaceDice],
  ['95 % Hausdorff mm', ({ hausdorff95 }) => hausdorff95],
  ['annotated mm3', ({ annotatedVolume }) => annotatedVolume],
  ['found mm3', ({ foundVolume }) => foundVolume],
  ['confidence', ({ confidence }) => confidence],
  ['EH ratio annotated', ({ volumeRatio }) => volumeRatio?.reference ?? null],
  ['EH ratio found', ({ volumeRatio }) => volumeRatio?.measured ?? null],
  ['by area annotated', ({ areaRatio }) => areaRatio?.reference ?? null],
  ['by area found', ({ areaRatio }) => areaRatio?.measured ?? null],
  ['IoU on annotated slice', ({ commonSlice }) => commonSlice?.iou ?? null],
  ['by area there annotated', ({ commonSlice }) => commonSlice?.ratio?.reference ?? null],
  ['by area there found', ({ commonSlice }) => commonSlice?.ratio?.measured ?? null],
  ['slices apart', ({ sliceDistance }) => sliceDistance?.slices ?? null],
];

/** Every organ of every model, one line each (RFC 4180); what an organ lacks is empty. */
export function evaluationCsv(models: readonly ModelEvaluation[]): string {
  const lines = models.flatMap(({ summary: { model }, studies }) =>
    studies.flatMap(({ study, organs }) =>
      organs.map((organ) => [
        model.name,
        model.version,
        study,
        ...COLUMNS.map(([, of]) => of(organ)),
      ])
    )
  );
  const header = ['model', 'version', 'study', ...COLUMNS.map(([name]) => name)];
  return [header, ...lines].map((cells) => `${cells.map(csvField).join(',')}\r\n`).join('');
}
