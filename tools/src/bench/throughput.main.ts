import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Measurement, Volume } from '@inner-ear-hydrops/core';
import { createCase, paperGrid, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../phantom/phantomDicom';

/**
 * `node throughput.main.mjs OUT [SLICES,…]`: `hydrops compute` on DICOM files of 324 × 384 matrices with
 * 40, 104 and 208 slices, each in a process of its own. Writes OUT/throughput.json and prints a table:
 * milliseconds by stage as the measurement states them, the process from start to end, and its largest
 * resident memory. To be started in the repository; run it on a machine that does nothing else.
 */
const [out = 'out', counts = '40,104,208'] = process.argv.slice(2);
const FIRST = 40;

interface Row {
  slices: number;
  files: number;
  timings: Record<string, number>;
  process: number;
  peakMiB: number;
}

const folder = mkdtempSync(join(tmpdir(), 'hydrops-throughput-'));
const hook = join(folder, 'memory.cjs');
const memory = join(folder, 'memory');
writeFileSync(
  hook,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(memory)}, String(process.resourceUsage().maxRSS)));`
);
const study = simulateStudy(
  createCase(8001, {
    grid: paperGrid(FIRST),
    tilt: [4, 2, -3],
    position: [0, 0, 0],
    noise: 0.015,
    gadolinium: 0.08,
    hydrops: { left: 0.6, right: 0.1 },
  })
);
const rows: Row[] = [];
try {
  for (const slices of counts.split(',').map(Number)) rows.push(measureOne(slices));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
mkdirSync(out, { recursive: true });
const machine = { processor: cpus()[0]?.model, cores: cpus().length, node: process.version };
writeFileSync(join(out, 'throughput.json'), `${JSON.stringify({ machine, rows }, null, 1)}\n`);
const stages = ['read', 'segment', 'align', 'measure', 'total'];
process.stdout.write(`${machine.cores} × ${machine.processor}, Node ${machine.node}\n\n`);
process.stdout.write(`| slices | files | ${stages.join(' s | ')} s | process s | peak MiB |\n`);
process.stdout.write(`|${'-|'.repeat(stages.length + 4)}\n`);
for (const row of rows) {
  const seconds = stages.map((stage) => ((row.timings[stage] ?? 0) / 1000).toFixed(1));
  process.stdout.write(
    `| ${row.slices} | ${row.files} | ${seconds.join(' | ')} | ${(row.process / 1000).toFixed(1)} | ${row.peakMiB.toFixed(0)} |\n`
  );
}

function measureOne(slices: number): Row {
  const input = join(folder, String(slices));
  mkdirSync(input);
  const { mrc, ppi, pei, truth } = study;
  const objects = encodePhantomStudy(
    { mrc: thicker(mrc, slices), ppi: thicker(ppi, slices), pei: thicker(pei, slices), truth },
    { key: `t-${slices}`, givenName: 'Time', patientId: 'TIME', studyDescription: 'phantom' }
  );
  objects.forEach((object, n) =>
    writeFileSync(join(input, String(n)), new Uint8Array(object.file))
  );
  const files = objects.length;
  const begun = performance.now();
  const command = [resolve('tools/bin/hydrops.mjs'), 'compute', input, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', hook, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const elapsed = performance.now() - begun;
  if (status !== 0) throw new Error(`hydrops compute ended with ${status}: ${stderr}`);
  const { timings } = JSON.parse(stdout) as Measurement;
  rmSync(input, { recursive: true, force: true });
  return {
    slices,
    files,
    timings,
    process: elapsed,
    peakMiB: Number(readFileSync(memory, 'utf8')) / 1024,
  };
}

/** More slices on both sides, copies of the outermost ones: the same ears in a taller stack. */
function thicker(volume: Volume, slices: number): Volume {
  const plane = volume.size[0] * volume.size[1];
  const own = volume.size[2];
  const below = Math.max(0, Math.floor((slices - own) / 2));
  const data = new Float32Array(plane * slices);
  for (let k = 0; k < slices; k++) {
    const from = Math.min(own - 1, Math.max(0, k - below));
    data.set(volume.data.subarray(plane * from, plane * (from + 1)), plane * k);
  }
  const origin = volume.origin.map(
    (x, axis) => x - below * volume.spacing[2] * volume.direction[6 + axis]
  ) as Volume['origin'];
  return { ...volume, size: [volume.size[0], volume.size[1], slices], origin, data };
}
