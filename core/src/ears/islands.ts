import type { Vector3 } from '../types';

/**
 * Clears connected parts (26 neighbours) of a label that are smaller than a share of the label's
 * largest part. In place; removed voxels become 0.
 */
export function removeIslands(
  labels: Uint8Array,
  size: Vector3,
  label: number,
  leastShare: number
): void {
  const parts = connectedParts(labels, size, label);
  const largest = Math.max(0, ...parts.map((part) => part.length));
  for (const part of parts) {
    if (part.length < leastShare * largest) for (const index of part) labels[index] = 0;
  }
}

export function connectedParts(labels: Uint8Array, size: Vector3, label: number): number[][] {
  const [columns, rows, slices] = size;
  const seen = new Uint8Array(labels.length);
  const parts: number[][] = [];
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== label || seen[start]) continue;
    const part = [start];
    seen[start] = 1;
    for (let head = 0; head < part.length; head++) {
      const index = part[head];
      const i = index % columns;
      const j = Math.floor(index / columns) % rows;
      const k = Math.floor(index / (columns * rows));
      for (let dk = -1; dk <= 1; dk++) {
        for (let dj = -1; dj <= 1; dj++) {
          for (let di = -1; di <= 1; di++) {
            const [a, b, c] = [i + di, j + dj, k + dk];
            if (a < 0 || b < 0 || c < 0 || a >= columns || b >= rows || c >= slices) continue;
            const next = a + columns * (b + rows * c);
            if (labels[next] === label && !seen[next]) {
              seen[next] = 1;
              part.push(next);
            }
          }
        }
      }
    }
    parts.push(part);
  }
  return parts;
}
