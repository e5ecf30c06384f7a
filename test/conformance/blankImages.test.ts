import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measurementSchema, type Measurement, type Volume } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { buildTools, hydrops, type Outcome } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops compute` on files of which some images hold no signal, or are scaled otherwise than the rest. */
const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

let sound: PhantomStudy;
beforeAll(() => {
  buildTools();
  sound = simulateStudy(
    createCase(301, {
      grid: { size: [200, 120, 26] },
      tilt: [0, 0, 0],
      position: [0, 0, 0],
      noise: 0.01,
      gadolinium: 0.08,
    })
  );
}, 300_000);

/** Slices k times a factor; on one side of the head only where the patient's x is given to be so. */
function changed(
  volume: Volume,
  slices: number[],
  factor: number,
  where: (x: number) => boolean = () => true
): Volume {
  const [columns, rows] = volume.size;
  const data = volume.data.map((value, n) =>
    slices.includes(Math.floor(n / (columns * rows))) &&
    where(volume.origin[0] + (n % columns) * volume.spacing[0])
      ? factor * value
      : value
  );
  return { ...volume, data };
}

function computed(name: string, study: PhantomStudy): { outcome: Outcome; result: Measurement } {
  mkdirSync(at(name));
  encodePhantomStudy(study, {
    key: name,
    givenName: 'Blank',
    patientId: 'BLANK',
    studyDescription: 'phantom',
  }).forEach((object, n) => writeFileSync(at(name, `${n}`), new Uint8Array(object.file)));
  const outcome = hydrops('compute', at(name), '--out', at(`${name}-result`));
  expect(outcome.stderr).toBe('');
  const text = readFileSync(at(`${name}-result`, 'measurement.json'), 'utf8');
  return { outcome, result: measurementSchema.parse(JSON.parse(text)) as Measurement };
}

const vestibuleSlice = (side: 'left' | 'right'): number =>
  sound.truth.representativeSlices[side].vestibule ?? NaN;

test('an image that repeats another one voids what lies on it, and is named', () => {
  const [k, top] = [vestibuleSlice('left'), 24];
  const copied = (volume: Volume, pairs: [from: number, to: number][]): Volume => {
    const plane = volume.size[0] * volume.size[1];
    const data = volume.data.slice();
    for (const [from, to] of pairs) data.copyWithin(to * plane, from * plane, (from + 1) * plane);
    return { ...volume, data };
  };
  const { result } = computed('repeated', {
    ...sound,
    ppi: copied(sound.ppi, [[k, k + 1]]),
    // Above the ears it is only said.
    pei: copied(sound.pei, [[top - 1, top]]),
  });
  const told = result.warnings.filter(({ message }) => message.includes('pixels of another image'));
  expect(result.ears.left?.vestibule).toMatchObject({ measurable: false, grade: null });
  expect(result.ears.left?.vestibule?.voided.ratio).toEqual(['signal-missing']);
  expect([...new Set(told.map(({ code }) => code))].sort()).toEqual([
    'images-repeated',
    'signal-missing',
  ]);
  const of = (code: string): string => told.find((warning) => warning.code === code)?.message ?? '';
  expect(of('signal-missing')).toMatch(
    new RegExp(`^PPI \\(series \\d+, images ${k + 1} and ${k + 2}\\) hold`)
  );
  expect(of('images-repeated')).toMatch(/^PEI \(series \d+, images 24/);
});

test('PEI padded on one side and a halved PPI image: no ratio, no grade, series and images named', () => {
  const k = vestibuleSlice('left');
  const { outcome, result } = computed('padded', {
    ...sound,
    ppi: changed(sound.ppi, [k], 0.5),
    pei: changed(sound.pei, [k, k + 1], 0, (x) => x > 20),
  });
  const { left, right } = result.ears;
  expect(left?.vestibule).toMatchObject({ measurable: false, grade: null, mixture: null });
  expect(left?.vestibule?.voided.ratio).toEqual(['brightness-out-of-line', 'signal-missing']);
  expect(right?.vestibule?.voided.ratio).toEqual(['brightness-out-of-line']);
  const of = (code: string): string =>
    result.warnings.find((warning) => warning.code === code)?.message ?? '';
  expect(of('brightness-out-of-line')).toMatch(
    new RegExp(`^PPI \\(series \\d+, image ${k + 1}\\) is 0\\.\\d\\d times as bright`)
  );
  expect(of('signal-missing')).toMatch(/^PEI \(series \d+, images \d+/);
  expect(outcome.stdout).toMatch(/left vestibule +not measurable/);
  const csv = readFileSync(at('padded-result', 'summary.csv'), 'utf8');
  expect(csv.match(/not-measurable/g)?.length).toBeGreaterThanOrEqual(2);
  expect(readFileSync(at('padded-result', 'report.html'), 'utf8')).not.toContain('(suggested');
});

test('blank images of PEI in the ears void, those far from them are only said', () => {
  const k = vestibuleSlice('left');
  const { result } = computed('blank', {
    ...sound,
    mrc: changed(sound.mrc, [0], 0),
    pei: changed(sound.pei, [k, k + 1], 0),
  });
  expect(result.ears.left?.vestibule?.voided.ratio).toContain('signal-missing');
  expect(result.ears.left?.vestibule?.grade).toBeNull();
  const far = result.warnings.filter(({ code }) => code === 'images-blank');
  expect(far).toHaveLength(1);
  expect(far[0]!.message).toMatch(/^MRC \(series \d+, image 1\) holds one single value/);
  const missing = result.warnings.filter(({ code }) => code === 'signal-missing');
  expect(missing.every(({ message }) => message.startsWith('PEI (series'))).toBe(true);
});
