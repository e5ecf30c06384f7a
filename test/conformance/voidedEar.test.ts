import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measurementSchema, type Measurement } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { buildTools, hydrops, type Outcome } from '../support/hydrops';
import { brokenMarkup } from '../support/markup';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops compute` where there is nothing to measure: every output says so. */
const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

const readMeasurement = (directory: string): Measurement =>
  measurementSchema.parse(
    JSON.parse(readFileSync(join(directory, 'measurement.json'), 'utf8'))
  ) as Measurement;

describe('an ear without gadolinium, the other outside the field of view', () => {
  const out = at('half-result');
  let outcome: Outcome;

  beforeAll(() => {
    buildTools();
    const half = simulateStudy(
      createCase(302, {
        grid: { size: [160, 150, 26], origin: [-20, -37.25, -12.5] },
        tilt: [0, 0, 0],
        position: [0, 0, 0],
        noise: 0.01,
        gadolinium: { left: 0, right: 0.08 },
      })
    );
    mkdirSync(at('half'));
    encodePhantomStudy(half, {
      key: 'half',
      givenName: 'Half',
      patientId: 'HALF',
      studyDescription: 'phantom',
    }).forEach((object, n) => writeFileSync(at('half', `${n}`), new Uint8Array(object.file)));
    outcome = hydrops('compute', at('half'), '--out', out);
  }, 300_000);

  test('measurement.json: counted, not measurable, and nothing is made of it; the other ear is said', () => {
    expect(outcome.stderr).toBe('');
    const { ears, warnings } = readMeasurement(out);
    for (const organ of [ears.left?.cochlea, ears.left?.vestibule]) {
      expect(organ).toMatchObject({ measurable: false, mixture: null });
      expect(organ?.voided.ratio).toContain('perilymph-not-enhanced');
      expect(organ?.volume.ratio).toBeGreaterThan(0.8);
    }
    expect(ears.left?.vestibule?.grade).toBeNull();
    expect(ears.right).toBeNull();
    expect(warnings.find(({ code }) => code === 'ear-not-found')).toMatchObject({
      ear: 'right',
      values: { reason: 'field-of-view' },
    });
  });

  test('table, summary.csv and report.html say so too', () => {
    expect(outcome.stdout).toMatch(/left vestibule +not measurable \([0-9.]+ % counted\)/);
    expect(outcome.stdout).toMatch(/right vestibule +not found/);
    const csv = readFileSync(join(out, 'summary.csv'), 'utf8').trim().split('\r\n');
    const [head = [], ...rows] = csv.map((line) => line.split(','));
    const cell = (row: number, column: string): string => rows[row]![head.indexOf(column)]!;
    expect([0, 1, 2, 3].map((row) => cell(row, 'status'))).toEqual([
      'not-measurable',
      'not-measurable',
      'not-found',
      'not-found',
    ]);
    for (const column of ['area_ratio', 'volume_ratio', 'mixture_fraction', 'suggested_grade'])
      expect(cell(1, column)).toBe('');
    expect(Number(cell(1, 'counted_volume_ratio'))).toBeGreaterThan(0.8);
    expect(cell(3, 'not_found_reason')).toBe('field-of-view');
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(brokenMarkup(page)).toEqual([]);
    expect(page.match(/<s>/g)?.length).toBeGreaterThanOrEqual(6);
    expect(page).toContain('not found: The right ear was not found');
    expect(page).not.toContain('(suggested');
  });
});
