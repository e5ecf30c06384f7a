import type { Vector3, Volume } from '../types';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';
import { absentEars } from './absentEars';

/** Fluid in a few spots of a head of 110 × 70 × 40 mm about the origin, with Rayleigh noise. */
function head(
  noise: number,
  size: Vector3 = [110, 70, 40],
  origin: Vector3 = [-54.5, -34.5, -19.5]
): Volume {
  const random = randomNumbers(7);
  const gaussian = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return volumeOf(axialGrid(size, [1, 1, 1], origin), ([x, y, z]) => {
    const fluid = Math.hypot(x, y - 15, z) < 12 ? 1000 : 0;
    return Math.hypot(fluid + noise * gaussian(), noise * gaussian());
  });
}
const right: Vector3 = [-36, 0, 0];

test('no ear is missing: nothing is said', () => {
  expect(absentEars(head(20), { left: [36, 0, 0], right }, {})).toEqual([]);
});

test('the left ear lies where the stack ends, at larger x: field of view', () => {
  // Cut 4 mm beyond the place where it must lie; the ear itself reaches further.
  const cut = head(20, [95, 70, 40]);
  expect(absentEars(cut, { right }, {})).toEqual([{ side: 'left', reason: 'field-of-view' }]);
  expect(absentEars(head(20), { right }, {})).toEqual([{ side: 'left', reason: 'not-recognised' }]);
});

test('the stack ends just above the ears: field of view', () => {
  const low: Vector3 = [-36, 0, 13];
  expect(absentEars(head(20), { right: low }, {})).toEqual([
    { side: 'left', reason: 'field-of-view' },
  ]);
});

test('fluid that hardly stands out of the noise: noise', () => {
  expect(absentEars(head(330), { right }, {})).toEqual([{ side: 'left', reason: 'noise' }]);
});

test('the place that the reader named counts, not the usual place', () => {
  const named = { left: [52, 0, 0] as Vector3 };
  expect(absentEars(head(20), { right }, named)).toEqual([
    { side: 'left', reason: 'field-of-view' },
  ]);
});
