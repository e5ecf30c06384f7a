import { randomNumbers } from '../../../test/testGrids';
import { scaledBessel0 } from '../noise';
import { lineLikelihood, rician, type MixingLine } from './mixingLine';

/** I₀ by its integral, (1/π) ∫ exp(x·cos θ) dθ, scaled. */
function bessel0(x: number): number {
  const steps = 4000;
  let sum = 0;
  for (let n = 0; n < steps; n++) {
    const theta = (Math.PI * (n + 0.5)) / steps;
    sum += Math.exp(x * Math.cos(theta) - Math.abs(x));
  }
  return sum / steps;
}

test('the Bessel function is even, and right for arguments of either sign', () => {
  for (const x of [0, 0.3, 3.7, 3.8, 12, 400]) {
    expect(scaledBessel0(x)).toBeCloseTo(bessel0(x), 5);
    expect(scaledBessel0(-x)).toBe(scaledBessel0(x));
  }
});

test('a magnitude below zero counts as zero, however far below', () => {
  for (const signal of [0, 2, -5, 40]) {
    const atZero = rician(0, signal, 3.3);
    for (const magnitude of [-0.1, -16.4, -900])
      expect(rician(magnitude, signal, 3.3)).toBe(atZero);
  }
  // Next to no signal: the more signal, the less likely.
  expect(rician(-16.4, 0, 3.3)).toBeGreaterThan(rician(-16.4, 4, 3.3));
});

test('no voxel has a likelihood that is not a number, whatever it holds', () => {
  const random = randomNumbers(8);
  const line: MixingLine = { start: [-0.6, -0.7], slope: 1.03 };
  const positions = Float64Array.from({ length: 36 }, (_, n) => -0.1 + 0.05 * n);
  const row = new Float64Array(positions.length);
  const value = () => (random() - 0.5) * 10 ** (4 * random());
  for (let n = 0; n < 3000; n++) {
    const voxel = { mrc: value(), ppi: value(), pei: value() };
    lineLikelihood(line, positions, voxel, { magnitude: 3.3, mrc: 5 }, row);
    // Never zero either: the likelihoods are divided by their sum.
    expect(row.every((likelihood) => likelihood > 0 && Number.isFinite(likelihood))).toBe(true);
  }
});
