import type { Geometry } from '@inner-ear-hydrops/core';
import { EditGuard, refusalNotice, type Refusal } from './editGuard';

// 80 × 4 × 2 voxels of 1 mm; patient's right first, as a radiologist sees an axial image.
const GRID: Geometry = {
  size: [80, 4, 2],
  spacing: [1, 1, 1],
  origin: [-40, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const CENTERS = {
  left: [30, 1, 0] as [number, number, number],
  right: [-30, 1, 0] as [number, number, number],
};
const COCHLEA = { left: 1, right: 3 };
const FREE = { isOn: () => false, onPutBack: () => undefined };
/** Index in a slice of the voxel at x mm, y 1 mm. */
const at = (x: number) => 80 + x + 40;

class Labelmap {
  readonly data = [new Uint8Array(320), new Uint8Array(320)];
  redrawn = 0;
  voxels = () => this.data.map((data, slice) => ({ slice, data }));
  redraw = () => void this.redrawn++;
  layers: number[] = [];
  strokeOver = true;
  moved = () => this.layers;
  moveBack = () => {
    if (this.strokeOver) this.layers = [];
    return this.strokeOver;
  };
}

function setUp(centers: ConstructorParameters<typeof EditGuard>[2] = CENTERS) {
  const labelmap = new Labelmap();
  labelmap.data[0]![at(30)] = COCHLEA.left;
  labelmap.data[0]![at(-30)] = COCHLEA.right;
  const told: Refusal[][] = [];
  const hold = { on: false, isOn: () => hold.on, onPutBack: jest.fn() };
  const guard = new EditGuard(labelmap, GRID, centers, hold, (refusals) => told.push(refusals));
  return { labelmap, guard, told, hold };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('EditGuard', () => {
  it('keeps what is painted in its own ear, and says nothing', () => {
    const { labelmap, guard, told } = setUp();
    labelmap.data[1]![at(33)] = COCHLEA.left;
    expect(guard.check()).toBe(true);
    expect(labelmap.data[1]![at(33)]).toBe(COCHLEA.left);
    expect(labelmap.redrawn).toBe(0);
    jest.runAllTimers();
    expect(told).toEqual([]);
    expect(guard.check()).toBe(false);
  });

  it('puts back what is painted in the other ear, over whatever lay there, and tells once', () => {
    const { labelmap, guard, told } = setUp();
    labelmap.data[0]![at(-30)] = COCHLEA.left;
    labelmap.data[0]![at(-29)] = COCHLEA.left;
    expect(guard.check()).toBe(false);
    expect(labelmap.data[0]![at(-30)]).toBe(COCHLEA.right);
    expect(labelmap.data[0]![at(-29)]).toBe(0);
    // The same stroke goes on, over a voxel that was refused and a new voxel.
    labelmap.data[0]![at(-29)] = COCHLEA.left;
    labelmap.data[0]![at(-28)] = COCHLEA.left;
    expect(guard.check()).toBe(false);
    expect(labelmap.redrawn).toBe(2);
    jest.runAllTimers();
    expect(told).toEqual([
      [{ reason: 'beyond-ear', label: 'Left cochlea', ear: 'left', voxels: 3 }],
    ]);
  });

  it('keeps the part of a stroke that lies in the ear', () => {
    const { labelmap, guard, told } = setUp();
    for (let x = 0; x < 12; x++) labelmap.data[0]![at(x)] = COCHLEA.left;
    expect(guard.check()).toBe(true);
    // The ear ends 25 mm from its middle at x = 30.
    expect(labelmap.data[0]![at(4)]).toBe(0);
    expect(labelmap.data[0]![at(5)]).toBe(COCHLEA.left);
    jest.runAllTimers();
    expect(told[0]).toEqual([
      { reason: 'beyond-ear', label: 'Left cochlea', ear: 'left', voxels: 5 },
    ]);
  });

  it('allows erasing everywhere, and segments that the reader has added', () => {
    const { labelmap, guard, told } = setUp();
    labelmap.data[0]![at(-30)] = 0;
    labelmap.data[0]![at(30)] = 7;
    expect(guard.check()).toBe(true);
    expect([labelmap.data[0]![at(-30)], labelmap.data[0]![at(30)]]).toEqual([0, 7]);
    // A stroke over the reader's own segment in the wrong ear gives that segment back.
    labelmap.data[0]![at(30)] = COCHLEA.right;
    guard.check();
    expect(labelmap.data[0]![at(30)]).toBe(7);
    jest.runAllTimers();
    expect(told).toHaveLength(1);
  });

  it('lets an undo bring back what was given, wherever it lies', () => {
    const labelmap = new Labelmap();
    labelmap.data[0]![at(-38)] = COCHLEA.left;
    const told: Refusal[][] = [];
    const guard = new EditGuard(labelmap, GRID, CENTERS, FREE, (notice) => told.push(notice));
    labelmap.data[0]![at(-38)] = 0;
    guard.check();
    labelmap.data[0]![at(-38)] = COCHLEA.left;
    expect(guard.check()).toBe(true);
    expect(labelmap.data[0]![at(-38)]).toBe(COCHLEA.left);
    jest.runAllTimers();
    expect(told).toEqual([]);
  });

  it('while the labels are held puts every change back at once, erasing too, and says so once a stroke', () => {
    const { labelmap, guard, told, hold } = setUp();
    labelmap.data[1]![at(33)] = COCHLEA.left;
    guard.check();
    hold.on = true;
    labelmap.data[0]![at(30)] = 0;
    expect(guard.check()).toBe(false);
    labelmap.data[1]![at(34)] = COCHLEA.left;
    expect(guard.check()).toBe(false);
    expect(labelmap.data[0]![at(30)]).toBe(COCHLEA.left);
    expect(labelmap.data[1]![at(34)]).toBe(0);
    // What was painted before it was held stays.
    expect(labelmap.data[1]![at(33)]).toBe(COCHLEA.left);
    expect(labelmap.redrawn).toBe(2);
    expect(hold.onPutBack).toHaveBeenCalledTimes(1);
    jest.runAllTimers();
    labelmap.data[0]![at(30)] = 0;
    guard.check();
    expect(hold.onPutBack).toHaveBeenCalledTimes(2);
    hold.on = false;
    labelmap.data[0]![at(30)] = 0;
    expect(guard.check()).toBe(true);
    jest.runAllTimers();
    expect(told).toEqual([]);
  });

  it('takes what we have written ourselves', () => {
    const { labelmap, guard, told } = setUp();
    labelmap.data[0]!.fill(COCHLEA.left);
    guard.accept();
    expect(guard.check()).toBe(false);
    expect(labelmap.data[0]!.every((value) => value === COCHLEA.left)).toBe(true);
    jest.runAllTimers();
    expect(told).toEqual([]);
  });

  it('with one ear known, lets the other be painted on its own side', () => {
    const { labelmap, guard } = setUp({ left: CENTERS.left });
    labelmap.data[0]![at(-30)] = COCHLEA.right;
    labelmap.data[0]![at(20)] = COCHLEA.right;
    guard.check();
    expect(labelmap.data[0]![at(-30)]).toBe(COCHLEA.right);
    expect(labelmap.data[0]![at(20)]).toBe(0);
  });

  it('undoes a stroke with which the host has moved a segment away, once it is over', () => {
    const { labelmap, guard, told } = setUp();
    labelmap.layers = [COCHLEA.left];
    labelmap.strokeOver = false;
    labelmap.data[0]![at(30)] = 0;
    expect(guard.check()).toBe(false);
    jest.advanceTimersByTime(2000);
    expect(told).toEqual([]);
    labelmap.strokeOver = true;
    jest.advanceTimersByTime(300);
    expect(labelmap.layers).toEqual([]);
    expect(told).toHaveLength(1);
    expect(refusalNotice(told[0]!).code).toBe('painted-over-locked');
    expect(refusalNotice(told[0]!).message).toContain('The stroke of Left cochlea was undone.');
  });

  it('finds a single changed voxel in slices that do not lie on whole words', () => {
    const grid: Geometry = { ...GRID, size: [79, 1, 1] };
    const data = new Uint8Array(new ArrayBuffer(82), 3, 79);
    const labelmap = Object.assign(new Labelmap(), { voxels: () => [{ slice: 0, data }] });
    const guard = new EditGuard(labelmap, grid, CENTERS, FREE, () => undefined);
    for (const last of [0, 41, 78]) {
      data[last] = 9;
      expect(guard.check()).toBe(true);
    }
    expect(guard.check()).toBe(false);
  });
});

describe('refusalNotice', () => {
  it('names ear, segment and number of voxels', () => {
    const { code, title, message } = refusalNotice([
      { reason: 'beyond-ear', label: 'Left cochlea', ear: 'left', voxels: 12 },
    ]);
    expect(code).toBe('painted-beyond-ear');
    expect(title).toBe('Painted beyond the left ear');
    expect(message).toContain(
      '12 voxels of Left cochlea would lie beyond the left ear and were not kept.'
    );
  });

  it('has one voxel in the singular', () => {
    expect(
      refusalNotice([{ reason: 'beyond-ear', label: 'Right vestibule', ear: 'right', voxels: 1 }])
        .message
    ).toMatch(/^1 voxel of Right vestibule would lie beyond the right ear and was not kept\./);
  });
});
