import { provenPixels, type HostPixels } from './provenPixels';

const image = (values: ArrayLike<number>, scaled: boolean): HostPixels => ({
  slope: 1,
  intercept: 0,
  preScale: { scaled },
  getPixelData: () => values,
});
const dataset = (attributes: Record<string, unknown> = {}) => ({
  BitsStored: 12,
  PixelRepresentation: 0,
  RescaleSlope: 1,
  RescaleIntercept: 0,
  ...attributes,
});
const read = (values: ArrayLike<number>, attributes = {}, scaled = true) => [
  ...provenPixels(image(values, scaled), dataset(attributes), 0, 'series 4 "PPI"'),
];

it('takes values that the host has scaled exactly', () => {
  const attributes = { RescaleSlope: 2, RescaleIntercept: -1024 };
  expect(read(Int16Array.of(-1024, 5, 7166), attributes)).toEqual([-1024, 5, 7166]);
});

it('applies the rescale where the host has not', () => {
  const attributes = { RescaleSlope: 2, RescaleIntercept: -1024 };
  expect(read(Uint16Array.of(0, 4095), attributes, false)).toEqual([-1024, 7166]);
});

it.each([
  ['a fractional slope', { RescaleSlope: 0.1 }, Float32Array.of(1), /\(0028,1053\) is 0.1/],
  ['a fractional intercept', { RescaleIntercept: 0.5 }, Float32Array.of(1), /\(0028,1052\) 0.5/],
  ['values that wrap in the host’s array', { RescaleSlope: 16 }, Int16Array.of(1), /65520/],
  ['values too large for exact floats', { BitsStored: 32 }, Float32Array.of(1), /Bits Stored/],
  ['lossy compression', { LossyImageCompression: '01' }, Uint16Array.of(1), /\(0028,2110\)/],
  ['no Bits Stored', { BitsStored: undefined }, Uint16Array.of(1), /\(0028,0101\)/],
])('refuses %s, naming series, tag and value', (_name, attributes, values, words) => {
  const refused = () => read(values, attributes);
  expect(refused).toThrow(words);
  expect(refused).toThrow(/Series 4 "PPI"/);
  try {
    refused();
  } catch (error) {
    expect(error).toMatchObject({
      code: 'stored-values-unavailable',
      remedy: expect.stringContaining('hydrops compute'),
    });
  }
});

it('takes the slope of the frame, not of the image', () => {
  const frames = {
    NumberOfFrames: 2,
    PerFrameFunctionalGroupsSequence: [1, 0.25].map((RescaleSlope) => ({
      PixelValueTransformationSequence: [{ RescaleSlope, RescaleIntercept: 0 }],
    })),
  };
  const pixels = image(Uint16Array.of(7), true);
  expect([...provenPixels(pixels, dataset(frames), 0, 'x')]).toEqual([7]);
  expect(() => provenPixels(pixels, dataset(frames), 1, 'x')).toThrow(/0.25/);
});
