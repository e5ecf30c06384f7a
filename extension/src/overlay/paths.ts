/** Whether a pixel belongs to what is drawn; false outside the section. */
export type Inside = (column: number, row: number) => boolean;

/**
 * SVG path along the edges of the pixels of a region, in pixels: straight lines between pixel corners, one for
 * each run of edges.
 */
export function outlinePath(columns: number, rows: number, inside: Inside): string {
  const within: Inside = (column, row) =>
    column >= 0 && row >= 0 && column < columns && row < rows && inside(column, row);
  let path = '';
  for (let row = 0; row <= rows; row++) {
    path += runs(columns, (n) => within(n, row - 1) !== within(n, row))
      .map(([from, to]) => `M${from} ${row}H${to}`)
      .join('');
  }
  for (let column = 0; column <= columns; column++) {
    path += runs(rows, (n) => within(column - 1, n) !== within(column, n))
      .map(([from, to]) => `M${column} ${from}V${to}`)
      .join('');
  }
  return path;
}

/** SVG path that fills the pixels of a region, in pixels: one rectangle for each run in a row. */
export function fillPath(columns: number, rows: number, inside: Inside): string {
  let path = '';
  for (let row = 0; row < rows; row++) {
    path += runs(columns, (column) => inside(column, row))
      .map(([from, to]) => `M${from} ${row}H${to}v1H${from}z`)
      .join('');
  }
  return path;
}

/** Runs of numbers below `count` that belong: the first, and the number after the last. */
function runs(count: number, belongs: (n: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let n = 0; n <= count; n++) {
    const now = n < count && belongs(n);
    if (now && start < 0) start = n;
    if (!now && start >= 0) {
      found.push([start, n]);
      start = -1;
    }
  }
  return found;
}
