import { outOfDate } from './outOfDate';
import { DONE, RECOGNISED } from '../../test/testState';

it('names what has changed since the measurement was made', () => {
  expect(outOfDate(DONE)).toEqual([]);
  expect(outOfDate({ ...DONE, method: 'real-ir' })).toEqual(['method changed to 3D-real IR']);
  expect(outOfDate({ ...DONE, roles: { ...DONE.roles, pei: null } })).toEqual([
    'PEI changed to no series',
  ]);
  expect(outOfDate({ ...DONE, inversionTimes: { pei: 1500 } })).toEqual([
    'PEI changed to series 4, TI 1500 ms',
  ]);
  expect(outOfDate({ ...DONE, earCenters: { left: [1, 2, 3] } })).toEqual([
    'position of the left ear changed',
  ]);
});

it('nothing is out of date where nothing was measured, or by a role that was not used', () => {
  expect(outOfDate({ ...RECOGNISED, method: 'real-ir' })).toEqual([]);
  const measuredWith = {
    ...{ roles: DONE.roles, inversionTimes: {}, earCenters: {} },
    method: 'hydrops2-mi2',
  } as const;
  const roles = { ...DONE.roles, pei: 'ds-1' };
  expect(outOfDate({ ...DONE, method: 'hydrops2-mi2', measuredWith, roles })).toEqual([]);
});
