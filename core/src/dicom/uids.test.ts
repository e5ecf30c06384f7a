import type { EncodedObject } from './encode/part10';
import { encodeDerivedSeries } from './mr/encodeDerivedSeries';
import { encodeParametricMap } from './parametricMap/encodeParametricMap';
import { encodeMeasurementReport } from './report/encodeMeasurementReport';
import { encodeSegmentation } from './segmentation/encodeSegmentation';
import { encodeSummaryImage } from './summary/encodeSummaryImage';
import {
  testAnatomy,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../test/testSeries';

/**
 * An object's UID covers everything that the object holds: whichever single value of an encoder's input is
 * changed, the object gets another UID, or its bytes are the same. An archive keeps the first of two objects with
 * one UID, so that otherwise the second would be lost without a word.
 */
const created = new Date('2026-03-04T05:06:07Z');
const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(
    name,
    testVolume((i, j, k) => (i - j) * (k + 1))
  )
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const measurement = testMeasurement(mrc);
measurement.ears.left!.cochlea!.area!.chosenBy = 'reader';
const common = { mrc, labels: testLabels(), endolymph: testEndolymph(), measurement, created };
const segmentationInput = {
  ...common,
  model: measurement.model,
  backend: 'wasm',
  mask: 'automatic' as const,
  anatomy: testAnatomy(),
  ears: [
    {
      side: 'left' as const,
      center: [1, 2, 3] as [number, number, number],
      confidence: { cochlea: 0.9, vestibule: 0.8 },
    },
  ],
  absent: [{ side: 'right' as const, reason: 'noise' as const }],
  reader: 'Reader^Test',
  representativeSlices: { left: { cochlea: 1 } },
  state: { method: 'hydrops-mi2', fields: { impression: 'none' } },
};
const segmentation = encodeSegmentation(segmentationInput);
const derivedInput = {
  ...{
    kind: 'hydrops-mi2' as const,
    method: 'hydrops-mi2' as const,
    mrc,
    ppi,
    pei,
    model: measurement.model,
    created,
  },
  volume: testVolume((i, j) => i - j),
  seriesNumber: 9102,
};

const { kind: _kind, seriesNumber: _number, ...mapInput } = derivedInput;

/** Each encoder with an input that leaves nothing out. */
const ENCODERS: Record<string, { input: object; encode: (input: never) => EncodedObject[] }> = {
  segmentation: {
    input: segmentationInput,
    encode: (input) => [encodeSegmentation(input)],
  },
  'labelmap segmentation': {
    input: { ...segmentationInput, type: 'labelmap' },
    encode: (input) => [encodeSegmentation(input)],
  },
  report: {
    input: {
      ...{ mrc, ppi, pei, measurement, segmentation, created, backend: 'wasm' },
      reader: 'Reader^Test',
      readerFields: { Impression: 'none' },
      readerFindings: [{ ear: 'left', field: 'suri', value: 'yes' }],
      verified: { name: 'Reader^Test', organization: 'Nowhere', date: created },
      automaticSlices: {
        left: { cochlea: { ...measurement.ears.left!.cochlea!.area!.image, instanceNumber: 7 } },
      },
    },
    encode: (input) => [encodeMeasurementReport(input)],
  },
  summary: {
    input: common,
    encode: (input) => [encodeSummaryImage(input)],
  },
  'derived series': {
    input: derivedInput,
    encode: (input) => encodeDerivedSeries(input),
  },
  'parametric map': {
    input: mapInput,
    encode: (input) => [encodeParametricMap(input)],
  },
};

/** Every input that differs from the given input in a single value, with the path of that value. */
function* variants(value: unknown, path = ''): Generator<[string, unknown]> {
  if (typeof value === 'number') yield [path, value + 1];
  else if (typeof value === 'string')
    yield* [
      [path, `${value}7`],
      [path, other(value)],
    ] as const;
  else if (typeof value === 'boolean') yield [path, !value];
  else if (value instanceof Date) yield [path, new Date(value.getTime() + 86_400_000)];
  else if (ArrayBuffer.isView(value)) yield* voxels(value as Uint8Array | Float32Array, path);
  else if (Array.isArray(value))
    for (const index of value.keys())
      for (const [at, changed] of variants(value[index], `${path}[${index}]`))
        yield [at, value.map((entry, i) => (i === index ? changed : (entry as unknown)))];
  else if (value !== null && typeof value === 'object' && !isBuffer(value))
    for (const [key, item] of Object.entries(value))
      for (const [at, changed] of variants(item, `${path}.${key}`))
        yield [at, { ...value, [key]: changed }];
}

/** One ear, organ, series and list item stands for its like. */
const kindOf = (path: string): string =>
  path
    .replace(/\b(left|right)\b/, 'ear')
    .replace(/\b(cochlea|vestibule)\b/, 'organ')
    .replace(/\b(ppi|pei)\b/, 'series')
    .replace(/\[\d+\]/g, '[]');

const isBuffer = (value: object): boolean => value instanceof ArrayBuffer;

/** Another value of the same enumeration, if it is an enumeration. */
function other(value: string): string {
  const pairs = ['automatic', 'reader', 'edited', 'mild', 'significant', 'binary', 'labelmap'];
  const index = pairs.indexOf(value);
  return index < 0 ? `${value}7` : pairs[(index + 1) % pairs.length]!;
}

function* voxels<T extends Uint8Array | Float32Array>(
  data: T,
  path: string
): Generator<[string, T]> {
  for (const index of [0, data.length >> 1, data.findIndex((value) => value > 0)]) {
    if (index < 0) continue;
    const changed = data.slice() as T;
    changed[index] = data[index] === 0 ? 1 : 0;
    yield [`${path}(${index})`, changed];
  }
}

const outcome = (encode: () => EncodedObject[]): { uids: string[]; bytes: Buffer } | null => {
  try {
    const objects = encode();
    return {
      uids: objects.flatMap(({ sopInstanceUid, seriesInstanceUid }) => [
        sopInstanceUid,
        seriesInstanceUid,
      ]),
      bytes: Buffer.concat(objects.map(({ file }) => Buffer.from(file))),
    };
  } catch {
    // Refused: nothing is stored under any UID.
    return null;
  }
};

describe.each(Object.entries(ENCODERS))('the UID of a %s', (_, { input, encode }) => {
  const first = outcome(() => encode(input as never))!;

  test('is another UID whenever anything that is stored differs', () => {
    const shared: string[] = [];
    let different = 0;
    const seen = new Set<string>();
    for (const [path, changed] of variants(input)) {
      // What the report takes from the segmentation's data set are numbers that it writes itself.
      if (path.startsWith('.segmentation.dataset')) continue;
      if (seen.has(kindOf(path))) continue;
      seen.add(kindOf(path));
      const second = outcome(() => encode(changed as never));
      if (!second) continue;
      if (second.uids.every((uid) => !first.uids.includes(uid))) different++;
      else if (!second.bytes.equals(first.bytes)) shared.push(path);
    }
    expect(shared).toEqual([]);
    expect(different).toBeGreaterThan(20);
  });

  test('and its bytes are the same for the same result, made again', () => {
    const again = outcome(() => encode(structuredClone(input) as never))!;
    expect(again.uids).toEqual(first.uids);
    expect(again.bytes.equals(first.bytes)).toBe(true);
    // Of what nobody edited, at any time.
    const [a, b] = [1, 2].map(() => outcome(() => encode({ ...input, created: null } as never))!);
    expect(a!.bytes.equals(b!.bytes)).toBe(true);
  });
});
