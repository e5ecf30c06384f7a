import { mapAxes, perAxis } from './axes';

test('axes are visited in the order columns, rows, slices', () => {
  expect(perAxis((axis) => 2 * axis)).toEqual([0, 2, 4]);
  expect(mapAxes(['a', 'b', 'c'], (value, axis) => value + axis)).toEqual(['a0', 'b1', 'c2']);
});
