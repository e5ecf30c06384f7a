import { itemAt } from '@inner-ear-hydrops/core';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_MODEL, wasmFolder } from '../../tools/src/model/modelFiles';
import { withWasmThreads } from '../../tools/src/model/wasmThreads';
import type { OnnxRuntime, ReadFile } from './engines';
import { runJob, type Job, type JobResult } from './job';
import { onnxFolder } from './onnxRuntime';

export type Measured = JobResult & { peakMiB: number };

/** Runs a job in a Node process of its own, whose memory nothing else has used. */
export function runInNode(job: Job, folder: string): Measured {
  const temporary = mkdtempSync(join(tmpdir(), 'bench-job-'));
  const resultFile = join(temporary, 'result.json');
  try {
    const argument = JSON.stringify({ job, folder, resultFile });
    const { status } = spawnSync(process.execPath, [itemAt(process.argv, 1), 'job', argument], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`The measurement ended with ${status}.`);
    return JSON.parse(readFileSync(resultFile, 'utf8')) as Measured;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The other side of `runInNode`. */
export async function answerJob(argument: string): Promise<void> {
  const { job, folder, resultFile } = JSON.parse(argument) as {
    job: Job;
    folder: string;
    resultFile: string;
  };
  const result = await runJob(job, {
    read: reader(folder),
    readModel: reader(DEFAULT_MODEL),
    withThreads: (threads, start) => withWasmThreads(threads, start),
    wasmPath: wasmFolder(),
    processorTime() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    async onnxRuntime(threads) {
      const file = join(onnxFolder(), 'ort.node.min.mjs');
      const runtime = (await import(pathToFileURL(file).href)) as OnnxRuntime;
      runtime.env.wasm.numThreads = threads;
      runtime.env.logLevel = 'error';
      return runtime;
    },
  });
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  writeFileSync(resultFile, JSON.stringify({ ...result, peakMiB }));
  // ONNX Runtime's threads would keep the process.
  process.exit(0);
}

function reader(folder: string): ReadFile {
  return async (name) => Uint8Array.from(readFileSync(join(folder, name))).buffer;
}
