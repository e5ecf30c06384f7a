import path from 'node:path';
import { setUpBackend } from '@inner-ear-hydrops/core/segmentation';
import { wasmFolder } from './nodeBackend';
import { LOCATOR_PLAN, SEGMENTATION_PLAN } from './plans';
import { trainingRun } from './trainingRun';
import { registerTrainingKernels } from './wasmKernels';

/** `node train.mjs segmentation|locator CASES[,CASES…] OUT [STEPS]` */
const [name, cases, out, steps] = process.argv.slice(2);
const plan = name === 'locator' ? LOCATOR_PLAN : SEGMENTATION_PLAN;
await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });
registerTrainingKernels();
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());
await trainingRun(plan, {
  cases: cases.split(',').map((folder) => path.resolve(folder)),
  out: path.resolve(out),
  steps: steps ? Number(steps) : plan.steps,
  signal: stop.signal,
  log: (line) => console.log(line),
});
