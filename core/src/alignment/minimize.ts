/**
 * Minimum of a smooth function of few variables: BFGS with central differences and a step-halving
 * line search. `scale` is the difference step, the same in all variables: give them the same unit.
 */
export function minimize(
  cost: (x: readonly number[]) => number,
  start: readonly number[],
  options: { step: number; tolerance: number; iterations: number; longest: number }
): { x: number[]; value: number } {
  const size = start.length;
  let x = [...start];
  let value = cost(x);
  let gradient = differences(cost, x, options.step);
  let inverse = identity(size);
  let first = true;
  for (let round = 0; round < options.iterations; round++) {
    let direction = inverse.map((row) => -dot(row, gradient));
    if (dot(direction, gradient) >= 0) {
      inverse = identity(size);
      direction = gradient.map((g) => -g);
    }
    const length = Math.hypot(...direction);
    if (!(length > 0)) break;
    // The first direction has no meaningful length yet.
    const limit = first ? 2 * options.step : options.longest;
    if (first || length > limit) direction = direction.map((d) => (d * limit) / length);
    first = false;

    let factor = 1;
    let next = x;
    let nextValue = value;
    for (; factor > 1 / 64; factor /= 2) {
      const trial = x.map((a, n) => a + factor * direction[n]!);
      const trialValue = cost(trial);
      if (trialValue < value) {
        next = trial;
        nextValue = trialValue;
        break;
      }
    }
    if (next === x) break;
    const moved = next.map((a, n) => a - x[n]!);
    const nextGradient = differences(cost, next, options.step);
    const bend = nextGradient.map((g, n) => g - gradient[n]!);
    inverse = updated(inverse, moved, bend);
    x = next;
    value = nextValue;
    gradient = nextGradient;
    if (Math.hypot(...moved) < options.tolerance) break;
  }
  return { x, value };
}

/** Second derivatives by central differences, row by row. */
export function hessian(
  cost: (x: readonly number[]) => number,
  x: readonly number[],
  step: number
): number[][] {
  const at = (changes: [number, number][]): number => {
    const moved = [...x];
    for (const [n, by] of changes) moved[n]! += by;
    return cost(moved);
  };
  const middle = cost(x);
  const result = x.map(() => x.map(() => 0));
  for (const [a, row] of result.entries()) {
    row[a] = (at([[a, step]]) + at([[a, -step]]) - 2 * middle) / (step * step);
    for (let b = 0; b < a; b++) {
      const mixed =
        at([
          [a, step],
          [b, step],
        ]) +
        at([
          [a, -step],
          [b, -step],
        ]) -
        at([
          [a, step],
          [b, -step],
        ]) -
        at([
          [a, -step],
          [b, step],
        ]);
      row[b] = result[b]![a] = mixed / (4 * step * step);
    }
  }
  return result;
}

/** Inverse of a symmetric positive definite matrix (Cholesky); null when it is not. */
export function invertPositive(matrix: number[][]): number[][] | null {
  const size = matrix.length;
  const lower = matrix.map((row) => row.map(() => 0));
  for (const [a, row] of lower.entries()) {
    for (let b = 0; b <= a; b++) {
      const other = lower[b]!;
      let sum = matrix[a]![b]!;
      for (let n = 0; n < b; n++) sum -= row[n]! * other[n]!;
      if (a !== b) row[b] = sum / other[b]!;
      else if (sum > 0) row[a] = Math.sqrt(sum);
      else return null;
    }
  }
  const columns = matrix.map((_, column) => {
    const y = new Array<number>(size).fill(0);
    for (const [a, row] of lower.entries()) {
      let sum = a === column ? 1 : 0;
      for (let n = 0; n < a; n++) sum -= row[n]! * y[n]!;
      y[a] = sum / row[a]!;
    }
    for (let a = size - 1; a >= 0; a--) {
      let sum = y[a]!;
      for (let n = a + 1; n < size; n++) sum -= lower[n]![a]! * y[n]!;
      y[a] = sum / lower[a]![a]!;
    }
    return y;
  });
  return columns;
}

function differences(
  cost: (x: readonly number[]) => number,
  x: readonly number[],
  step: number
): number[] {
  return x.map((_, n) => {
    const up = [...x];
    const down = [...x];
    up[n]! += step;
    down[n]! -= step;
    return (cost(up) - cost(down)) / (2 * step);
  });
}

function updated(inverse: number[][], moved: number[], bend: number[]): number[][] {
  const curvature = dot(moved, bend);
  if (!(curvature > 1e-12)) return inverse;
  const turned = inverse.map((row) => dot(row, bend));
  const factor = (1 + dot(bend, turned) / curvature) / curvature;
  return inverse.map((row, a) =>
    row.map(
      (entry, b) =>
        entry +
        factor * moved[a]! * moved[b]! -
        (turned[a]! * moved[b]! + moved[a]! * turned[b]!) / curvature
    )
  );
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, a) =>
    Array.from({ length: size }, (_, b) => (a === b ? 1 : 0))
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
}
