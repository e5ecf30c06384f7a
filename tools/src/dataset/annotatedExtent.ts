import { type Geometry, itemAt, perAxis, type PerAxis } from '@inner-ear-hydrops/core';

/** Where a label shows along one axis of its grid. */
export interface Span {
  first: number;
  last: number;
  /** Samples in the longest row without a gap. */
  longest: number;
}

/** How far a label reaches. */
export interface AnnotatedExtent {
  /** Slices k that show it, ascending, and its area on each, mm². */
  slices: number[];
  areas: number[];
  /** mm³ */
  volume: number;
  spans: PerAxis<Span>;
}

/** The extents of several labels, by their codes; a label that shows nowhere is left out. */
export function annotatedExtents(
  labels: Uint8Array,
  { size, spacing }: Geometry,
  codes: readonly number[]
): Map<number, AnnotatedExtent> {
  const counts = new Map(
    codes.map((code) => [code, perAxis((axis) => new Uint32Array(size[axis]))])
  );
  const [columns, rows] = size;
  labels.forEach((code, n) => {
    const along = counts.get(code);
    if (!along) return;
    along[0][n % columns]!++;
    along[1][Math.floor(n / columns) % rows]!++;
    along[2][Math.floor(n / (columns * rows))]!++;
  });
  const pixel = spacing[0] * spacing[1];
  const found = new Map<number, AnnotatedExtent>();
  for (const [code, along] of counts) {
    const slices = shownIn(along[2]);
    if (slices.length === 0) continue;
    const areas = slices.map((k) => along[2][k]! * pixel);
    const volume = areas.reduce((sum, area) => sum + area, 0) * spacing[2];
    found.set(code, { slices, areas, volume, spans: perAxis((axis) => spanOf(along[axis])) });
  }
  return found;
}

function shownIn(counts: Uint32Array): number[] {
  return Array.from(counts.keys()).filter((n) => counts[n]! > 0);
}

function spanOf(counts: Uint32Array): Span {
  const runs = runsOf(shownIn(counts));
  return {
    first: itemAt(itemAt(runs, 0), 0),
    last: itemAt(itemAt(runs, -1), -1),
    longest: Math.max(...runs.map((run) => run.length)),
  };
}

/** Ascending numbers, parted where one is missing. */
export function runsOf(numbers: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs;
}
