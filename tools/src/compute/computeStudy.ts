import {
  analyzeStudy,
  isDerivedPart,
  logged,
  loggedStages,
  measurementJson,
  PARTS,
  summaryCsv,
  type Method,
  type Role,
  type Series,
  type ProgressListener,
} from '@inner-ear-hydrops/core';
import {
  encodeResult,
  requireFrameOfReference,
  RESULT_PARTS,
  type ResultPart,
} from '@inner-ear-hydrops/core/dicom';
import { choicesOf, measureRegions, type ComputedResult } from './measureRegions';
import { loadStudy, type LoadedSeries } from './loadStudy';
import { openModelAt } from '../model/modelFiles';
import { createProgressBar } from './progressBar';
import { reportHtml } from './report';
import { startSegmenter } from '../model/startSegmenter';
import { textTable } from './textTable';
import { writeResults, type OutputFiles } from './writeResults';

export interface ComputeRequest {
  out?: string;
  json?: boolean;
  /** Writes the summary image too. */
  summary?: boolean;
  /** Writes HYDROPS-Mi2 as a Parametric Map too. */
  parametricMap?: boolean;
  roles: Partial<Record<Role, string>>;
  /** Milliseconds, of roles whose images are some of their series. */
  inversionTimes?: Partial<Record<Role, number>>;
  study?: string;
  model: string;
  method: Method;
  /** The method was named, not left to the default. */
  methodChosen: boolean;
  /** A file of regions to measure in, instead of those that a model finds. */
  labels?: string;
  labelNames?: string;
  names?: string[];
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
    const study = await logged('read', () =>
      loadStudy(inputs, {
        roles: request.roles,
        inversionTimes: request.inversionTimes,
        studyInstanceUid: request.study,
        method: request.method,
      })
    );
    // What could not be written at the end is refused before the long part.
    if (request.out && study.series.mrc) requireFrameOfReference(study.series.mrc);
    const readTime = performance.now() - begun;
    const result =
      request.labels === undefined
        ? await segmentAndMeasure(study, request, bar.update)
        : await logged('measure', () => measureRegions(request.labels ?? '', study, request));
    result.measurement.timings.read = readTime;
    result.measurement.timings.total = performance.now() - begun;
    const { out } = request;
    if (out) {
      const mrc = study.series.mrc as Series;
      const files = logged('encode', () => outputFiles(result, study, mrc, request));
      await logged('write', () => writeResults(out, files));
    }
    bar.stop();
    if (request.json) process.stdout.write(`${measurementJson(result.measurement)}\n`);
    else if (!request.quiet) process.stdout.write(textTable(result.measurement));
  } finally {
    bar.stop();
  }
}

/** The whole computation, with the regions that a model finds. */
async function segmentAndMeasure(
  study: LoadedSeries,
  request: ComputeRequest,
  onProgress: ProgressListener
): Promise<ComputedResult> {
  onProgress({ stage: 'model', fraction: 0.1 });
  const model = await logged('open model', () => openModelAt(request.model));
  const segmenter = await logged('start network', () => startSegmenter(model));
  const { prepared, segmentation, measurement, backend } = await analyzeStudy(
    study.series,
    segmenter,
    {
      method: request.method,
      choices: choicesOf(request),
      warnings: study.warnings,
      onProgress: loggedStages(onProgress),
    }
  ).finally(() => segmenter.dispose());
  return { prepared, measurement, backend, ...segmentation, created: new Date() };
}

function outputFiles(
  result: ComputedResult,
  { series, names }: LoadedSeries,
  mrc: Series,
  request: Pick<ComputeRequest, 'summary' | 'parametricMap'>
): OutputFiles {
  const isAskedFor: Partial<Record<ResultPart, boolean>> = {
    summary: request.summary,
    'parametric-map': request.parametricMap,
  };
  const { measurement, prepared } = result;
  const files: OutputFiles = new Map();
  files.set('measurement.json', `${measurementJson(measurement)}\n`);
  files.set('summary.csv', summaryCsv(measurement));
  files.set('report.html', reportHtml(result, names, mrc.header.attributes));
  const encoded = encodeResult(
    {
      series: { mrc, ppi: series.ppi as Series, pei: prepared.pei ? (series.pei ?? null) : null },
      prepared,
      labels: result.labels,
      anatomy: result.anatomy,
      ears: result.ears,
      absent: result.absent,
      centers: result.centers,
      reader: result.reader,
      measurement,
      model: measurement.model,
      backend: result.backend,
      created: result.created,
    },
    RESULT_PARTS.filter((part) => PARTS[part].byDefault || isAskedFor[part])
  );
  for (const { part, objects } of encoded) {
    objects.forEach(({ file }, index) => {
      const number = String(index + 1).padStart(4, '0');
      const name = isDerivedPart(part) ? `${part}/${number}.dcm` : `${part}.dcm`;
      files.set(name, new Uint8Array(file));
    });
  }
  return files;
}
