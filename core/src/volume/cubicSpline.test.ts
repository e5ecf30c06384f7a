import { mirrored, sampleWeights, SPLINE_REACH } from './cubicSpline';
import { makeSampler } from './interpolation';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';

const random = randomNumbers(5);

/** The interpolating cubic spline by its definition: its coefficients from the equations, solved one by one. */
function splineThrough(samples: readonly number[]): (x: number) => number {
  // B-spline collocation, mirrored: c[n−1] + 4 c[n] + c[n+1] = 6 s[n], by Gauss-Seidel to full precision.
  const count = samples.length;
  const c = [...samples];
  const at = (n: number): number => c[mirrored(n, count)] ?? NaN;
  for (let pass = 0; pass < 200; pass++)
    for (let n = 0; n < count; n++) c[n] = (6 * (samples[n] ?? NaN) - at(n - 1) - at(n + 1)) / 4;
  const spline = (t: number): number => {
    const d = Math.abs(t);
    return d < 1 ? 2 / 3 - d * d + (d * d * d) / 2 : d < 2 ? (2 - d) ** 3 / 6 : 0;
  };
  return (x) => {
    let sum = 0;
    for (let n = Math.floor(x) - 2; n <= Math.floor(x) + 3; n++) sum += at(n) * spline(x - n);
    return sum;
  };
}

test('a line is the spline through its samples, up to its ends', () => {
  for (const count of [2, 3, 5, 24]) {
    const samples = Array.from({ length: count }, () => Math.round(400 * random()));
    const spline = splineThrough(samples);
    for (const axis of [0, 1, 2]) {
      const size = [1, 1, 1].map((one, n) => (n === axis ? count : one)) as [
        number,
        number,
        number,
      ];
      const grid = axialGrid(size, [1, 1, 1], [0, 0, 0]);
      const sample = makeSampler({ ...grid, data: Float32Array.from(samples) }, 'cubic');
      for (let x = -0.5; x <= count - 0.5; x += 0.13) {
        const place = [0, 0, 0].map((zero, n) => (n === axis ? x : zero));
        const value = sample(place[0] ?? 0, place[1] ?? 0, place[2] ?? 0);
        const within = Math.max(0, spline(x));
        expect(Math.abs(value - within)).toBeLessThan(1e-3);
      }
      samples.forEach((stored, n) => {
        const place = [0, 0, 0].map((zero, a) => (a === axis ? n : zero));
        expect(sample(place[0] ?? 0, place[1] ?? 0, place[2] ?? 0)).toBe(stored);
      });
    }
  }
});

test('fine structure keeps its contrast between the samples', () => {
  // Waves of 3.3 samples: a perilymphatic scala on 0.5 mm pixels. Keys' cubic kernel keeps 0.77 of them half-way.
  const wave = (x: number): number => 100 * Math.cos((2 * Math.PI * x) / 3.3);
  const grid = axialGrid([64, 1, 1], [1, 1, 1], [0, 0, 0]);
  const sample = makeSampler(
    volumeOf(grid, ([x]) => wave(x)),
    'cubic'
  );
  let [kept, all] = [0, 0];
  for (let n = 12; n < 52; n++) {
    kept += sample(n + 0.5, 0, 0) * wave(n + 0.5);
    all += wave(n + 0.5) ** 2;
  }
  expect(kept / all).toBeGreaterThan(0.85);
});

test('missing values stand for nothing: neighbours take their place before the filter', () => {
  const grid = axialGrid([12, 10, 8], [1, 1, 1], [0, 0, 0]);
  const sound = volumeOf(grid, () => 100 * random());
  const missing = Uint8Array.from(sound.data, () => (random() < 0.1 ? 1 : 0));
  const read = (rubbish: number): number[] => {
    const data = sound.data.map((value, n) => (missing[n] ? rubbish : value));
    const sample = makeSampler({ ...grid, data, missing }, 'cubic');
    return [sample(3.3, 4.2, 2.9), sample(0.2, 0.1, 0.4), sample(10.7, 8.5, 6.6)];
  };
  expect(read(-32768)).toEqual(read(0));
});

test('a series whose values are all missing gives what it holds', () => {
  const grid = axialGrid([4, 4, 4], [1, 1, 1], [0, 0, 0]);
  const volume = { ...volumeOf(grid, () => 7), missing: new Uint8Array(64).fill(1) };
  expect(makeSampler(volume, 'cubic')(1.5, 1.5, 1.5)).toBeCloseTo(7, 4);
});

test('the shares of the samples are what they do to a value', () => {
  const weights = new Float64Array(2 * SPLINE_REACH);
  const grid = axialGrid([41, 1, 1], [1, 1, 1], [0, 0, 0]);
  for (const f of [0, 0.1, 0.5, 0.93]) {
    sampleWeights(f, weights);
    weights.forEach((weight, n) => {
      const at = 20 + n + 1 - SPLINE_REACH;
      const data = new Float32Array(41);
      data[at] = 1;
      // Signed, so that what swings below zero beside the sample is seen.
      data[0] = -1;
      expect(makeSampler({ ...grid, data }, 'cubic')(20 + f, 0, 0)).toBeCloseTo(weight, 5);
    });
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
  }
});
