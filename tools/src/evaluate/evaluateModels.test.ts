import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { LabelledStudy } from '../dataset/labelledStudies';
import path from 'node:path';
import { projectRoot } from '../projectRoot';
import { evaluateModels } from './evaluateModels';

it('says on the terminal which study is left out and why, while the others go on', async () => {
  const refused: LabelledStudy = {
    name: 'studies/a',
    patient: 'P1',
    studyInstanceUid: '1.2.3',
    kind: 'segmentation',
    load: () =>
      Promise.reject(
        new RefusedInputError('annotation-series-differs', 'It was drawn on PPI.', '')
      ),
  };
  const lines: string[] = [];
  const { problems, models } = await evaluateModels(
    [path.join(projectRoot(), 'models/inner-ear-unet')],
    [refused, { ...refused, name: 'studies/b' }],
    {
      annotations: 'auto',
      signal: new AbortController().signal,
      say: (line) => lines.push(line),
    }
  );
  expect(problems.map(({ where }) => where)).toEqual(['studies/a', 'studies/b']);
  expect(models[0]!.studies).toEqual([]);
  expect(lines).toEqual([
    'left out: studies/a: It was drawn on PPI. [annotation-series-differs]',
    'left out: studies/b: It was drawn on PPI. [annotation-series-differs]',
  ]);
});
