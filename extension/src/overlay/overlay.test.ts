/** @jest-environment jsdom */
import { SEGMENTS, type Geometry, type LabelVolume, type Vector3 } from '@inner-ear-hydrops/core';
import { watchHeldKey } from './holdKey';
import { fillPath, outlinePath } from './paths';
import { boundsOf, pathsOf } from './roi';
import { sectionOf, type Section } from './section';

const GRID: Geometry = {
  size: [10, 8, 6],
  spacing: [0.5, 0.5, 1],
  origin: [-2, -1, 3],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const at = (i: number, j: number, k: number) => i + 10 * (j + 8 * k);
const world = (i: number, j: number, k: number): Vector3 => [-2 + i / 2, -1 + j / 2, 3 + k];

/** A box of 3 × 2 × 2 voxels. */
function box(): LabelVolume {
  const data = new Uint8Array(480);
  for (const k of [2, 3]) {
    for (const j of [3, 4]) for (const i of [4, 5, 6]) data[at(i, j, k)] = 4;
  }
  return { ...GRID, data, segments: [...SEGMENTS] };
}

const labelled = ({ voxels }: Section, labels: LabelVolume) =>
  [...voxels].filter((n) => n >= 0 && labels.data[n] !== 0);

describe('the cut of a plane through the labels', () => {
  const labels = box();
  const bounds = boundsOf(labels)!;

  it('is the faces of the voxels on a slice, whichever way the plane looks', () => {
    for (const normal of [
      [0, 0, 1],
      [0, 0, -1],
    ] as Vector3[]) {
      const section = sectionOf(labels, bounds, { point: [9, 9, 5.4], normal })!;
      expect([section.columns, section.rows]).toEqual([3, 2]);
      expect(labelled(section, labels)).toHaveLength(6);
      // The outer corner of voxel (4, 3), half a voxel from its centre.
      const [x, y] = world(4, 3, 2);
      expect(section.corner).toEqual([x - 0.25, y - 0.25, 5]);
    }
  });

  it('is empty on a slice without labels', () => {
    expect(sectionOf(labels, bounds, { point: [0, 0, 8], normal: [0, 0, 1] })).toBeNull();
  });

  it('shows slices as rows in a sagittal plane', () => {
    const section = sectionOf(labels, bounds, { point: world(5, 0, 0), normal: [1, 0, 0] })!;
    expect([section.columns, section.rows]).toEqual([2, 2]);
    expect(section.alongRows).toEqual([0, 0, 1]);
    expect(labelled(section, labels)).toHaveLength(4);
  });

  it('covers at a slant what the plane cuts', () => {
    const normal: Vector3 = [Math.SQRT1_2, 0, Math.SQRT1_2];
    const section = sectionOf(labels, bounds, { point: world(5, 3.5, 2.5), normal })!;
    const pixel = Math.hypot(...section.alongColumns) * Math.hypot(...section.alongRows);
    // 1 mm of rows, and the diagonal through a box of 1.5 × 2 mm.
    expect(labelled(section, labels).length * pixel).toBeCloseTo(1.5 * Math.SQRT2, 0);
  });
});

it('what is coloured as endolymph is what counts as such, no more', () => {
  const labels = box();
  const section = sectionOf(labels, boundsOf(labels)!, {
    point: world(0, 0, 2),
    normal: [0, 0, 1],
  })!;
  const endolymph = new Set([at(4, 3, 2), at(5, 3, 2), at(0, 0, 2)]);
  const paths = pathsOf({ labels, isEndolymph: (n) => endolymph.has(n) }, section);
  expect(paths.endolymph).toBe('M0 0H2v1H0z');
  expect(paths.perilymph).toBe('M2 0H3v1H2zM0 1H3v1H0z');
  expect([...paths.outlines.keys()]).toEqual([4]);
});

it('outlines run along the edges of pixels, holes included', () => {
  const ring = (x: number, y: number) => x < 3 && y < 3 && !(x === 1 && y === 1);
  const length = [...outlinePath(3, 3, ring).matchAll(/M(\d+) (\d+)([HV])(\d+)/g)].reduce(
    (sum, [, x, y, way, to]) => sum + Number(to) - Number(way === 'H' ? x : y),
    0
  );
  expect(length).toBe(12 + 4);
  expect(fillPath(2, 1, () => true)).toBe('M0 0H2v1H0z');
});

describe('the key that hides the region', () => {
  const told: boolean[] = [];
  const press = (type: string, target: EventTarget = document.body, init = {}) =>
    target.dispatchEvent(
      new KeyboardEvent(type, { key: 'o', bubbles: true, composed: true, ...init })
    );
  let end: () => void;
  beforeEach(() => {
    told.length = 0;
    end = watchHeldKey('o', (held) => told.push(held));
  });
  afterEach(() => end());

  it('is told once while it repeats, and when it is let go', () => {
    press('keydown');
    press('keydown');
    press('keyup');
    expect(told).toEqual([true, false]);
  });

  it('counts as let go when the window loses the keyboard, or the watch ends', () => {
    press('keydown');
    window.dispatchEvent(new Event('blur'));
    press('keydown');
    end();
    expect(told).toEqual([true, false, true, false]);
  });

  it('is a letter in a field, also inside a custom element, and a command with a modifier', () => {
    const host = document.createElement('div');
    const field = document.createElement('textarea');
    host.attachShadow({ mode: 'open' }).append(field);
    document.body.append(host);
    press('keydown', field);
    press('keydown', document.body, { ctrlKey: true });
    expect(told).toEqual([]);
    const slider = document.createElement('input');
    slider.type = 'range';
    document.body.append(slider);
    press('keydown', slider);
    expect(told).toEqual([true]);
  });
});
