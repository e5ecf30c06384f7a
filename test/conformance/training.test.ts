import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTools, hydrops, HYDROPS, type Outcome } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops train` as a user starts it, on crops of small phantoms. */
const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

const recipe = ['--folds', '2', '--steps', '60', '--batch', '1', '--width', '2'];

function train(run: string, ...args: string[]): Outcome {
  return hydrops('train', '--data', at('crops'), '--out', at(run), ...recipe, ...args);
}

/** Starts training, and sends SIGTERM to the leading process alone once a fold reports a step. */
function trainUntilStopped(
  run: string,
  ...args: string[]
): Promise<{ status: number | null; stderr: string }> {
  const command = ['train', '--data', at('crops'), '--out', at(run), ...recipe, ...args];
  const child = spawn(process.execPath, [HYDROPS, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!/ step \d+ of/.test(stderr) && / step \d+ of/.test(stderr + text)) child.kill('SIGTERM');
    stderr += text;
  });
  return new Promise((done) => child.once('close', (status) => done({ status, stderr })));
}

const weightsOf = (run: string): string[] =>
  ['fold-1', 'fold-2'].map((fold) =>
    readFileSync(at(run, fold, 'model', 'segmentation.bin'), 'base64')
  );

beforeAll(() => {
  buildTools();
  const cases = ['--cases', '4', '--seed', '3001', '--out', at('crops')];
  expect(hydrops('phantom', '--training-crops', ...cases)).toMatchObject({ status: 0 });
});

it('gives folds trained side by side the weights of folds trained one after another', () => {
  const single = train('one', '--jobs', '1');
  expect(single).toMatchObject({ status: 0 });
  const two = train('two', '--jobs', '2');
  expect(two).toMatchObject({ status: 0 });
  expect(two.stderr).toMatch(/2 folds, 2 at a time/);
  expect(two.stderr.match(/patients; studies/g)).toHaveLength(1);
  const weights = weightsOf('two');
  expect(weights).toEqual(weightsOf('one'));
  expect(weights[0]).not.toBe(weights[1]);
  const summary = JSON.parse(readFileSync(at('two', 'summary.json'), 'utf8')) as {
    folds: { fold: number }[];
  };
  expect(summary.folds.map(({ fold }) => fold)).toEqual([1, 2]);
});

it('stops every fold with the leading process, and goes on to the same weights', async () => {
  const stopped = await trainUntilStopped('stopped', '--jobs', '2');
  expect(stopped.status).toBe(0);
  expect(stopped.stderr).toMatch(/--resume continues from there/);
  expect(train('stopped', '--jobs', '2', '--resume')).toMatchObject({ status: 0 });
  expect(weightsOf('stopped')).toEqual(weightsOf('one'));
});

it('says which fold failed, and keeps the others', () => {
  mkdirSync(at('broken'));
  writeFileSync(at('broken', 'fold-2'), 'where a folder should be');
  const broken = train('broken', '--jobs', '2');
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/failed in fold 2 \(exit status 1\)/);
  expect(readFileSync(at('broken', 'fold-1', 'model', 'segmentation.bin'), 'base64')).toBe(
    weightsOf('one')[0]
  );
});

it('refuses a model that is not there before training, not after it', () => {
  const refused = train('refused', '--other-network', at('nowhere'));
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain(at('nowhere'));
  expect(existsSync(at('refused', 'plan.json'))).toBe(false);
});
