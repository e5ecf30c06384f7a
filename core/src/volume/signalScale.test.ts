import { axialGrid, headerOf, seriesOf, slicesOf, volumeOf } from '../../test/testGrids';
import { assembleSeries } from './assembleSeries';
import { onScaleOf } from './signalScale';

const volume = volumeOf(axialGrid([4, 3, 5], [1, 1, 1]), ([x, y, z]) => 1 + x + y + z);
const stretched = { ...volume, data: volume.data.map((value) => 1.5 * value) };

test('PEI that is scaled otherwise for display is measured on the scale of PPI, and it is said', () => {
  const ppi = { ...seriesOf(volume), valuePerSignal: 0.01 };
  const stored = { ...seriesOf(stretched, { seriesDescription: 'PEI' }), valuePerSignal: 0.015 };
  const { pei, warnings } = onScaleOf(ppi, stored);
  pei.volume.data.forEach((value, n) => expect(value).toBeCloseTo(volume.data[n]!, 4));
  expect(stored.volume.data).toEqual(stretched.data);
  expect(warnings).toMatchObject([{ code: 'scale-slope-used', values: { factor: 0.6667 } }]);
  expect(warnings[0]!.message).toContain('"PEI"');
});

test.each([
  ['one scale, to rounding', 0.01, Math.fround(0.01)],
  ['PPI states none', undefined, 0.015],
  ['PEI states none', 0.01, undefined],
])('%s: the values stay as they are, bit by bit', (_, of, other) => {
  const series = { ...seriesOf(stretched), valuePerSignal: other };
  expect(onScaleOf({ ...seriesOf(volume), valuePerSignal: of }, series)).toEqual({
    pei: series,
    warnings: [],
  });
});

test('slices of one series that are scaled each for itself are brought onto one scale', () => {
  const slices = slicesOf(volume).map((slice, k) => ({
    ...slice,
    pixels: Float32Array.from(slice.pixels, (value) => value * (k + 1)),
    valuePerSignal: 0.01 * (k + 1),
  }));
  const { series, warnings } = assembleSeries(headerOf(), slices);
  series.volume.data.forEach((value, n) => expect(value).toBeCloseTo(volume.data[n]!, 4));
  expect(series.valuePerSignal).toBe(0.01);
  expect(warnings.map(({ code, values }) => [code, values?.slices])).toEqual([
    ['scale-slope-used', 4],
  ]);
});

const scaled = (source: 'rescale' | 'real-world' | 'stored', units = '') => ({
  ...seriesOf(volume),
  scale: { source, slope: 'absent', intercept: 'absent', units },
});

test.each([
  ['one unit and another', scaled('real-world', '1 (UCUM)'), scaled('real-world', 'ms (UCUM)')],
  [
    'Real World Value Mapping and Rescale Slope',
    scaled('real-world', '1 (UCUM)'),
    scaled('rescale'),
  ],
  ['stored values and Real World Value Mapping', scaled('stored'), scaled('real-world')],
])('PPI and PEI by %s are on scales of their own: the ratio is void', (_, ppi, pei) => {
  const { warnings } = onScaleOf(ppi, pei);
  expect(warnings.map(({ code }) => code)).toEqual(['scaling-unusual']);
  expect(warnings[0]?.message).toContain('Real World Value Mapping (0040,9096)');
});

test('PPI and PEI of one unit are measured, and each says how it was scaled', () => {
  const series = scaled('real-world', '1 (UCUM)');
  expect(onScaleOf(series, series).warnings).toEqual([]);
  const slices = slicesOf(volume).map((slice) => ({ ...slice, scale: series.scale }));
  expect(assembleSeries(headerOf(), slices).warnings.map(({ code }) => code)).toEqual([
    'real-world-values-used',
  ]);
});
