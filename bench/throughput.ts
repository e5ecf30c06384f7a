/** Benchmark: hydrops compute on DICOM files of 40, 104 and 208 slices: time by stage and peak memory */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement, Volume } from '@inner-ear-hydrops/core';
import { createCase, paperGrid, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../tools/src/phantom/phantomDicom';
import { projectRoot } from '../tools/src/projectRoot';
import { reportTable } from './table';

const SLICES = [40, 104, 208];
const FIRST = 40;
const STAGES = ['read', 'segment', 'align', 'measure', 'total'];

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
  for (const slices of SLICES) rows.push(measureOne(slices));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = (milliseconds = 0) => (milliseconds / 1000).toFixed(1);
reportTable(
  'throughput',
  {
    columns: ['slices', 'files', ...STAGES.map((stage) => `${stage} s`), 'process s', 'peak MiB'],
    rows: rows.map((row) => [
      row.slices,
      row.files,
      ...STAGES.map((stage) => seconds(row.timings[stage])),
      seconds(row.process),
      row.peakMiB.toFixed(0),
    ]),
  },
  [
    '324 × 384 pixels per slice; each study in its own process, WASM on as many threads as there are processors, at most four.',
  ]
);

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
  const command = [join(projectRoot(), 'tools/bin/hydrops.mjs'), 'compute', input, '--json'];
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

/** More slices on both sides, copies of the outermost slices: the same ears in a taller stack. */
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
    (x, axis) => x - below * volume.spacing[2] * volume.direction[6 + axis]!
  ) as Volume['origin'];
  return { ...volume, size: [volume.size[0], volume.size[1], slices], origin, data };
}
