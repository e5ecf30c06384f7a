/** Columns, rows, slices of a grid; x, y, z of a vector. */
export type Axis = 0 | 1 | 2;

/** One value for each axis. */
export type PerAxis<T> = [T, T, T];

export const AXES = [0, 1, 2] as const;

export function perAxis<T>(valueOf: (axis: Axis) => T): PerAxis<T> {
  return [valueOf(0), valueOf(1), valueOf(2)];
}

/** As `map`, but what comes out is known to be three values. */
export function mapAxes<A, B>(
  values: Readonly<PerAxis<A>>,
  change: (value: A, axis: Axis) => B
): PerAxis<B> {
  return [change(values[0], 0), change(values[1], 1), change(values[2], 2)];
}
