import { choicesOf } from './choices';
import { MEASUREMENT, RECOGNISED } from '../../test/testState';

describe('who chose what a computation rests on', () => {
  it('is nobody before the reader has done anything', () => {
    expect(choicesOf(RECOGNISED)).toEqual(MEASUREMENT.choices);
  });

  it('is the reader for a method, a role and an ear that differ from the automatic choices', () => {
    const roles = { ...RECOGNISED.roles, pei: null };
    const earCenters = { right: [-36, 0, 4] as [number, number, number] };
    expect(choicesOf({ ...RECOGNISED, method: 'hydrops2-mi2', roles, earCenters })).toEqual({
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'automatic', pei: 'reader' },
      ears: { left: 'automatic', right: 'reader' },
    });
  });
});
