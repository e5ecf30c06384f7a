import { firstItems } from '@inner-ear-hydrops/core';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import { encodeMeasurementReport, encodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import { testLabels, testMeasurement, testSeries, testVolume } from '../../core/test/testSeries';
import { compressed, enlarged } from '../support/compressedSeries';
import { fuzz, randomOf, type Finding, type Seed } from '../support/fuzzReading';
import { describeWithTools, PYTHON, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/** `npm run fuzz` sets both: another seed, and seconds instead of a fixed number of damaged files. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20260101);
const EACH = 60;
const KEPT = path.join(__dirname, '../../.cache/fuzz');

jest.setTimeout(120_000 + 2000 * SECONDS);

describeWithTools('damaged files', ['pydicom'], () => {
  const folder = temporaryFolder();
  const seeds: Seed[] = [];

  beforeAll(async () => {
    const { status, output } = runTool(PYTHON, [
      path.join(__dirname, 'makeReadFixtures.py'),
      folder,
    ]);
    if (status !== 0) throw new Error(output);
    for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory()
    )) {
      const [file] = firstItems(readdirSync(path.join(folder, name)).sort(), 1);
      seeds.push({ name, file: Uint8Array.from(readFileSync(path.join(folder, name, file))) });
    }
    const plain = seeds.find(({ name }) => name === 'unsigned16')!.file;
    for (const kind of ['jpeg-2000', 'ht-jpeg-2000'] as const) {
      const file = await compressed(enlarged(plain.slice().buffer), kind);
      seeds.push({ name: kind, file: new Uint8Array(file) });
    }
    const mrc = testSeries(
      'MRC',
      testVolume((i, j, k) => i + j + k)
    );
    const created = new Date('2026-03-04T05:06:07Z');
    const model = { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) };
    const segmentation = encodeSegmentation({
      mrc,
      labels: testLabels(),
      model,
      created,
    });
    const report = encodeMeasurementReport({
      mrc,
      ppi: testSeries('PPI', mrc.volume),
      pei: testSeries('PEI', mrc.volume),
      measurement: testMeasurement(mrc),
      segmentation,
      created,
    });
    seeds.push({ name: 'SEG', file: new Uint8Array(segmentation.file) });
    seeds.push({ name: 'SR', file: new Uint8Array(report.file) });
  });

  test('never hang, never crash, never change geometry or pixels without a word', async () => {
    const random = randomOf(SEED);
    const findings: Finding[] = [];
    for (const seed of seeds) {
      const share = (1000 * SECONDS) / seeds.length;
      const limits = SECONDS ? { count: Infinity, until: Date.now() + share } : { count: EACH };
      findings.push(...(await fuzz(seed, { codecs: PIXEL_CODECS, random, ...limits })));
    }
    findings.forEach(keep);
    expect(findings.map(({ seed, what, problem }) => `${seed}, ${what}: ${problem}`)).toEqual([]);
  });
});

/** A file that broke a rule stays, to be looked at. */
function keep({ seed, bytes }: Finding, n: number): void {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(path.join(KEPT, `${SEED}-${n}-${seed}.dcm`), bytes);
}
