import type { EarAbsence } from '../study';
import type { Measurement } from '../types';
import { encodeResult, RESULT_PARTS, type ResultInput, type ResultPart } from './encodeResult';
import { resultInput } from '../../test/testResult';
import { testEndolymph, testLabels, testVolume } from '../../test/testSeries';

const input = resultInput();
const { measurement } = input;

function uidsOf(changed: Partial<ResultInput>): Record<ResultPart, string> {
  const encoded = encodeResult({ ...input, ...changed }, RESULT_PARTS);
  return Object.fromEntries(
    encoded.map(({ part, objects }) => [part, objects[0]!.sopInstanceUid])
  ) as Record<ResultPart, string>;
}

it('gives the chosen parts in the order of storing', () => {
  const parts = encodeResult(input, ['report', 'hydrops-mi2', 'segmentation']);
  expect(parts.map(({ part }) => part)).toEqual(['segmentation', 'report', 'hydrops-mi2']);
  expect(parts.map(({ objects }) => objects.length)).toEqual([1, 1, 6]);
});

it('a report alone refers to the segmentation that a save with it would store', () => {
  const together = encodeResult(input, ['segmentation', 'report']);
  const alone = encodeResult(input, ['report']);
  expect(alone[0]!.objects[0]!.sopInstanceUid).toBe(together[1]!.objects[0]!.sopInstanceUid);
});

it('refuses a part that it does not know, rather than storing another or nothing', () => {
  expect(() => encodeResult(input, ['segmentation', 'letter' as ResultPart])).toThrow(
    'There is no part "letter" to store.'
  );
});

it('the same result is the same objects, whenever and however fast it was made', () => {
  const later = {
    created: new Date(2027, 1, 1),
    measurement: { ...measurement, timings: { total: 5 } },
  };
  expect(uidsOf(later)).toEqual(uidsOf({}));
  const bytes = (changed: Partial<ResultInput>): Buffer =>
    Buffer.concat(
      encodeResult({ ...input, ...changed }, RESULT_PARTS).flatMap(({ objects }) =>
        objects.map(({ file }) => Buffer.from(file))
      )
    );
  // An archive keeps the first of two objects of one UID: they must not differ in a byte.
  expect(bytes({ ...later, backend: 'wasm (8 threads)' }).equals(bytes({}))).toBe(true);
});

it('what the reader did at another moment is another object; derived images are the same', () => {
  const [before, after] = [new Date(2026, 1, 1), new Date(2026, 1, 2)].map((created) =>
    uidsOf({ measurement: edited(), created })
  );
  for (const part of ['segmentation', 'report', 'summary'] as const)
    expect(after![part]).not.toBe(before![part]);
  for (const part of ['hydrops', 'hydrops-mi2'] as const) expect(after![part]).toBe(before![part]);
});

it('a segmentation with findings has the moment of the findings, so that it is listed as the newer one', () => {
  const dateOf = (changed: Partial<ResultInput>): unknown =>
    encodeResult({ ...input, ...changed }, ['segmentation'])[0]!.objects[0]!.dataset.ContentDate;
  const readerFields = { Impression: 'none' };
  expect(dateOf({})).toBe('20260101');
  expect(dateOf({ findings: { impression: 'none' }, readerFields })).toBe('20260115');
});

it.each([
  ['reader-name-unsuitable', { reader: 'N'.repeat(70) }, '70 characters where 64'],
  ['reader-name-unsuitable', { reader: 'Reader\\Test' }, 'backslash'],
  ['reader-text-unsuitable', { readerFields: { Impression: 'a\u0007' } }, '"Impression"'],
])('%s: nothing is encoded, not even what comes before', (code, changed, words) => {
  const refused = () =>
    encodeResult({ ...input, ...changed }, ['hydrops', 'segmentation', 'report']);
  expect(refused).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(words) })
  );
});

/** One region edited by the reader. */
function edited(): Measurement {
  const { left } = measurement.ears;
  const cochlea = left?.cochlea ? { ...left.cochlea, mask: 'edited' as const } : null;
  return {
    ...measurement,
    ears: { ...measurement.ears, left: { cochlea, vestibule: left?.vestibule ?? null } },
  };
}
const ABSENT: EarAbsence[] = [{ side: 'right', reason: 'noise' }];

const OTHER_MODEL = { name: 'Test network', version: '1.2.3', sha256: 'cd'.repeat(32) };

describe('another result is another object: its UID covers', () => {
  let unchanged: Record<ResultPart, string> | undefined;
  const other = testLabels();
  other.data = other.data.map((value) => (value === 4 ? 3 : value));
  const cases: [string, Partial<ResultInput>, ResultPart[]][] = [
    ['the labels', { labels: other }, ['segmentation', 'report', 'summary']],
    [
      'the numbers',
      {
        measurement: {
          ...measurement,
          ears: { ...measurement.ears, right: null },
        },
      },
      ['segmentation', 'report', 'summary'],
    ],
    [
      'warnings',
      { measurement: { ...measurement, warnings: [] } },
      ['segmentation', 'report', 'summary'],
    ],
    ['the backend', { backend: 'webgl' }, ['segmentation', 'report']],
    ['what is the reader’s', { measurement: edited() }, ['segmentation', 'report', 'summary']],
    ['the ears that were not found', { absent: ABSENT }, ['segmentation', 'report']],
    ['the reader', { reader: 'Reader^Test' }, ['segmentation', 'report']],
    ["the reader's fields in the report", { readerFields: { Impression: 'none' } }, ['report']],
    ["the reader's form", { findings: { impression: 'none' } }, ['segmentation', 'report']],
    ['the kind of segmentation', { segmentationType: 'labelmap' }, ['segmentation', 'report']],
    ['the ears', { ears: [] }, ['segmentation', 'report']],
    [
      'the endolymph',
      { prepared: { ...input.prepared, endolymph: testEndolymph().map((value) => 1 - value) } },
      ['segmentation', 'report', 'summary'],
    ],
    [
      'the derived values',
      {
        prepared: {
          ...input.prepared,
          hydrops: testVolume((i, j) => i - j + 0.25),
          hydropsMi2: testVolume((i, j, k) => (i - j + 0.25) * (10 + i + j + k)),
        },
      },
      ['hydrops', 'hydrops-mi2', 'parametric-map'],
    ],
    [
      'the model',
      {
        model: OTHER_MODEL,
        measurement: { ...measurement, model: OTHER_MODEL },
      },
      ['hydrops', 'hydrops-mi2', 'parametric-map', 'segmentation', 'report', 'summary'],
    ],
  ];
  it.each(cases)('%s', (_name, changed, parts) => {
    const [before, after] = [(unchanged ??= uidsOf({})), uidsOf(changed)];
    for (const part of parts) expect([part, after[part]]).not.toEqual([part, before[part]]);
    for (const part of RESULT_PARTS.filter((name) => !parts.includes(name))) {
      expect([part, after[part]]).toEqual([part, before[part]]);
    }
  });
});
