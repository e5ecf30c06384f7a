import { ANATOMY, type Vector3 } from '../types';
import { keepOneLabyrinth, labelParts } from './islands';

const size: Vector3 = [40, 40, 20];
const spacing: Vector3 = [0.5, 0.5, 1];

function box(labels: Uint8Array, code: number, from: Vector3, to: Vector3): void {
  for (let k = from[2]; k < to[2]; k++)
    for (let j = from[1]; j < to[1]; j++)
      for (let i = from[0]; i < to[0]; i++) labels[i + size[0] * (j + size[1] * k)] = code;
}

function count(labels: Uint8Array, code: number): number {
  return labels.reduce((sum, value) => sum + (value === code ? 1 : 0), 0);
}

describe('keepOneLabyrinth', () => {
  it('drops mastoid fluid taken for an organ, even where it is larger than the organ', () => {
    const labels = new Uint8Array(40 * 40 * 20);
    box(labels, ANATOMY.cochlea, [16, 14, 8], [22, 20, 11]);
    box(labels, ANATOMY.vestibule, [22, 26, 9], [26, 32, 12]);
    box(labels, ANATOMY.cochlea, [0, 0, 0], [10, 10, 5]);
    box(labels, ANATOMY.vestibule, [34, 34, 15], [40, 40, 20]);
    keepOneLabyrinth(labels, size, spacing, [20, 22, 10]);
    expect(count(labels, ANATOMY.cochlea)).toBe(6 * 6 * 3);
    expect(count(labels, ANATOMY.vestibule)).toBe(4 * 6 * 3);
  });

  it('keeps a cochlea that septa cut into turns', () => {
    const labels = new Uint8Array(40 * 40 * 20);
    box(labels, ANATOMY.cochlea, [16, 14, 8], [19, 20, 11]);
    box(labels, ANATOMY.cochlea, [20, 14, 8], [23, 20, 11]);
    box(labels, ANATOMY.vestibule, [22, 26, 9], [26, 32, 12]);
    keepOneLabyrinth(labels, size, spacing, [20, 22, 10]);
    expect(count(labels, ANATOMY.cochlea)).toBe(2 * 3 * 6 * 3);
  });

  it('counts parts that touch by a corner as one part', () => {
    const labels = new Uint8Array(40 * 40 * 20);
    box(labels, 7, [1, 1, 1], [3, 3, 3]);
    box(labels, 7, [3, 3, 3], [5, 5, 5]);
    expect(labelParts(labels, size, 7)).toHaveLength(1);
  });
});
