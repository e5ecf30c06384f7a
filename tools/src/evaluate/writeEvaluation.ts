import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RESEARCH_NOTICE, SOFTWARE_VERSION } from '@inner-ear-hydrops/core';
import { evaluationCsv } from './evaluationCsv';
import { evaluationHtml, type EvaluationReport } from './report';

/** Writes evaluation.json, evaluation.csv and evaluation.html into a folder. */
export async function writeEvaluation(
  out: string,
  evaluation: EvaluationReport,
  description: string
): Promise<void> {
  const { models, problems, accounting, notes } = evaluation;
  const json = {
    schema: 'inner-ear-hydrops/evaluation@1',
    notice: RESEARCH_NOTICE,
    software: { name: 'inner-ear-hydrops', version: SOFTWARE_VERSION },
    description,
    problems,
    accounting,
    notes,
    models: models.map(({ summary, studies: results }) => ({ ...summary, results })),
  };
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'evaluation.json'), `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(path.join(out, 'evaluation.csv'), evaluationCsv(models));
  await writeFile(path.join(out, 'evaluation.html'), evaluationHtml(evaluation, description));
}
