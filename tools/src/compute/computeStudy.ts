import {
  analyzeStudy,
  type Measurement,
  type Method,
  type Role,
  type Series,
  type StudyResult,
} from '@inner-ear-hydrops/core';
import { encodeResult, requireFrameOfReference } from '@inner-ear-hydrops/core/dicom';
import { loadStudy } from './loadStudy';
import { openModelAt } from './modelFiles';
import { createProgressBar } from './progressBar';
import { reportHtml } from './report';
import { startSegmenter } from './startSegmenter';
import { summaryCsv } from './summaryCsv';
import { writeResults, type OutputFiles } from './writeResults';

export interface ComputeRequest {
  out?: string;
  json?: boolean;
  roles: Partial<Record<Role, string>>;
  study?: string;
  model: string;
  method: Method;
  quiet?: boolean;
}

/**
 * Reads, measures and writes one study. Nothing is written unless everything succeeded.
 * @throws RefusedInputError when the input cannot be measured
 */
export async function computeStudy(inputs: string[], request: ComputeRequest): Promise<void> {
  const bar = createProgressBar(request.quiet === true);
  try {
    const begun = performance.now();
    bar.update({ stage: 'read', fraction: 0 });
    const study = await loadStudy(inputs, {
      roles: request.roles,
      studyInstanceUid: request.study,
      method: request.method,
    });
    // What could not be written at the end is refused before the long part.
    if (request.out && study.series.mrc) requireFrameOfReference(study.series.mrc);
    const readTime = performance.now() - begun;
    bar.update({ stage: 'model', fraction: 0.1 });
    const model = await openModelAt(request.model);
    const segmenter = await startSegmenter(model);
    const result = await analyzeStudy(study.series, segmenter, {
      method: request.method,
      onProgress: bar.update,
    }).finally(() => segmenter.dispose());
    result.measurement.warnings.unshift(...study.warnings);
    result.measurement.timings.read = readTime;
    result.measurement.timings.total = performance.now() - begun;
    if (request.out) {
      const mrc = study.series.mrc as Series;
      await writeResults(request.out, outputFiles(result, study.series, mrc, study.names));
    }
    bar.stop();
    if (request.json) process.stdout.write(`${JSON.stringify(result.measurement, null, 2)}\n`);
    else if (!request.quiet) process.stdout.write(textTable(result.measurement));
  } finally {
    bar.stop();
  }
}

function outputFiles(
  result: StudyResult,
  series: Partial<Record<Role, Series>>,
  mrc: Series,
  names: Record<string, string>
): OutputFiles {
  const created = new Date();
  const { measurement, prepared, segmentation } = result;
  const files: OutputFiles = new Map();
  files.set('measurement.json', `${JSON.stringify(measurement, null, 2)}\n`);
  files.set('summary.csv', summaryCsv(measurement));
  files.set('report.html', reportHtml(result, names));
  const encoded = encodeResult(
    {
      series: { mrc, ppi: series.ppi as Series, pei: prepared.pei ? (series.pei ?? null) : null },
      prepared,
      labels: segmentation.labels,
      ears: segmentation.ears,
      measurement,
      model: measurement.model,
      backend: result.backend,
      edited: false,
      created,
    },
    ['hydrops-mi2', 'segmentation']
  );
  for (const { part, objects } of encoded) {
    objects.forEach(({ file }, index) => {
      const number = String(index + 1).padStart(4, '0');
      files.set(
        part === 'segmentation' ? 'segmentation.dcm' : `${part}/${number}.dcm`,
        new Uint8Array(file)
      );
    });
  }
  return files;
}

function textTable(measurement: Measurement): string {
  const percent = (value: number | undefined) =>
    value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;
  const rows = [['', 'area ratio', 'volume ratio', 'endolymph mm³', 'total mm³']];
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const values = measurement.ears[ear]?.[organ];
      rows.push([
        `${ear} ${organ}`,
        percent(values?.area?.ratio),
        percent(values?.volume.ratio),
        values?.volume.endolymphMm3.toFixed(1) ?? '–',
        values?.volume.totalMm3.toFixed(1) ?? '–',
      ]);
    }
  }
  const lines = rows.map(
    (row) =>
      row[0].padEnd(18) +
      row
        .slice(1)
        .map((c) => c.padStart(15))
        .join('')
  );
  const warnings = measurement.warnings.map(
    (warning) => `warning ${warning.code}: ${warning.message}`
  );
  return [...lines, ...warnings, measurement.notice, ''].join('\n');
}
