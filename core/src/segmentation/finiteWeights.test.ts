import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RefusedInputError } from '../types';
import { requireFiniteWeights } from './finiteWeights';

type Specs = Parameters<typeof requireFiniteWeights>[0];

/** One weight of each way of storing, two numbers each: 16 bytes in all. */
const SPECS: Specs = [
  { name: 'plain', shape: [2], dtype: 'float32' },
  { name: 'half', shape: [1, 2], dtype: 'float32', quantization: { dtype: 'float16' } },
  {
    name: 'byte',
    shape: [2],
    dtype: 'float32',
    quantization: { dtype: 'uint8', scale: 0.1, min: -1 },
  },
  { name: 'flag', shape: [2], dtype: 'bool' },
];
const data = (change: (view: DataView) => void = () => undefined): ArrayBuffer => {
  const view = new DataView(new ArrayBuffer(16));
  change(view);
  return view.buffer;
};
const refusal = (specs: Specs, contents: ArrayBuffer): RefusedInputError | null => {
  try {
    requireFiniteWeights(specs, contents, 'site-net');
    return null;
  } catch (error) {
    if (error instanceof RefusedInputError) return error;
    throw error;
  }
};

test.each<[string, (view: DataView) => void, string]>([
  ['NaN', (view) => view.setFloat32(4, NaN, true), 'value 2 of 2 in "plain" is NaN or infinite'],
  ['−Infinity', (view) => view.setFloat32(0, -Infinity, true), 'value 1 of 2 in "plain"'],
  ['NaN in half precision', (view) => view.setUint16(10, 0x7e00, true), 'value 2 of 2 in "half"'],
  ['Infinity in half precision', (view) => view.setUint16(8, 0xfc00, true), '1 of 2 in "half"'],
])('a weight that is %s is a damaged model, named', (_, change, words) => {
  const error = refusal(SPECS, data(change));
  expect(error).toMatchObject({ code: 'model-damaged' });
  expect(error?.message).toContain(`The model "site-net" is damaged`);
  expect(error?.message).toContain(words);
});

test('the largest numbers of either precision, and bytes of any value, are none', () => {
  const largest = data((view) => {
    view.setFloat32(0, 3.4e38, true);
    view.setFloat32(4, -3.4e38, true);
    view.setUint16(8, 0x7bff, true);
    for (let at = 12; at < 16; at++) view.setUint8(at, 255);
  });
  expect(refusal(SPECS, largest)).toBeNull();
});

test('weights that end too early, and a scale that is no number, are damaged too', () => {
  expect(refusal(SPECS, data().slice(0, 13))?.message).toContain('"byte" is cut off');
  const specs: Specs = [
    {
      name: 'a',
      shape: [],
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: NaN, min: 0 },
    },
  ];
  expect(refusal(specs, data())?.message).toContain('the scale of "a" is no number');
});

test.each(['inner-ear-unet', 'inner-ear-3into3vgg'])('the weights of %s are finite', (model) => {
  const folder = path.join(__dirname, '../../../models', model);
  for (const network of ['segmentation', 'locator']) {
    const topology = JSON.parse(readFileSync(path.join(folder, `${network}.json`), 'utf8')) as {
      weightsManifest: { weights: Specs }[];
    };
    const specs = topology.weightsManifest.flatMap(({ weights }) => weights);
    const bytes = new Uint8Array(readFileSync(path.join(folder, `${network}.bin`)));
    expect(specs.length).toBeGreaterThan(10);
    expect(refusal(specs, bytes.buffer)).toBeNull();
    // The last two bytes are looked at.
    new DataView(bytes.buffer).setUint16(bytes.length - 2, 0x7c00, true);
    expect(refusal(specs, bytes.buffer)).toMatchObject({ code: 'model-damaged' });
  }
});
