import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { buildTools, hydrops, ROOT, type Outcome } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

beforeAll(() => {
  buildTools();
  const study = simulateStudy(
    createCase(301, {
      grid: { size: [220, 150, 26] },
      tilt: [3, 0, 0],
      position: [0, 0, 0],
      noise: 0.01,
    })
  );
  const patient = { key: 'model', givenName: 'Model', patientId: 'MODEL' };
  mkdirSync(at('study'));
  encodePhantomStudy(study, { ...patient, studyDescription: 'phantom' }).forEach((object, n) =>
    writeFileSync(at('study', String(n)), new Uint8Array(object.file))
  );
});

describe("a site's own model", () => {
  /** The shipped network under other thresholds, or none. */
  function computeWith(name: string, confidence_thresholds?: Record<string, number>): Outcome {
    cpSync(join(ROOT, 'models/inner-ear-unet'), at(name), { recursive: true });
    const path = at(name, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...manifest, confidence_thresholds }));
    return hydrops('compute', at('study'), '--json', '--model', at(name));
  }
  const confidenceWarnings = ({ stdout }: Outcome): unknown[] =>
    (JSON.parse(stdout) as Measurement).warnings
      .filter(({ code }) => code.includes('confidence'))
      .map(({ code, ear, organ, values }) => [code, ear, organ, values?.threshold]);

  test('warns of an unsure network by the thresholds in its manifest', () => {
    expect(confidenceWarnings(computeWith('strict', { cochlea: 1, vestibule: 0 }))).toEqual([
      ['low-confidence', 'left', 'cochlea', 1],
      ['low-confidence', 'right', 'cochlea', 1],
    ]);
  });

  test('without thresholds is not judged, and the result says so', () => {
    expect(confidenceWarnings(computeWith('silent'))).toEqual([
      ['confidence-not-judged', null, undefined, undefined],
    ]);
  });

  test('with a threshold that is no probability is refused by the name of the field', () => {
    const refused = computeWith('wrong', { cochlea: 1.5, vestibule: 0.9 });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('confidence_thresholds.cochlea');
  });
});
