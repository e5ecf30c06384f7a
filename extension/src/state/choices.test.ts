import { choicesOf } from './choices';
import type { HydropsState } from './HydropsState';
import { MEASUREMENT, RECOGNISED } from '../../test/testState';

describe('who chose what a computation rests on', () => {
  it('is nobody before the reader has done anything', () => {
    expect(choicesOf(RECOGNISED)).toEqual(MEASUREMENT.choices);
  });

  it('comes with what the software had, where that is known', () => {
    const mrc = RECOGNISED.series.find(({ role }) => role === 'mrc');
    const roles = { ...RECOGNISED.roles, mrc: null, pei: null };
    const automaticRoles = { ...RECOGNISED.automaticRoles, pei: null };
    const state = {
      ...{ ...RECOGNISED, roles, automaticRoles },
      earCenters: { left: [30, 0, 4], right: [-36, 0, 4] } as HydropsState['earCenters'],
      foundEars: { left: [31, 1, 5] } as HydropsState['foundEars'],
    };
    expect(choicesOf(state).automatic).toEqual({
      series: { mrc: mrc?.seriesInstanceUid },
      // Of the right ear it is not known: the reader set it before the network had looked.
      ears: { left: [31, 1, 5] },
    });
    // The reader's choice where the software had found no series.
    const own = { ...state, roles: { ...RECOGNISED.roles, mrc: 'ds-2', pei: 'ds-1' } };
    expect(choicesOf(own).automatic?.series).toEqual({ pei: null });
  });

  it('is the reader for a method, a role and an ear that differ from the automatic choices', () => {
    const roles = { ...RECOGNISED.roles, pei: null };
    const earCenters = { right: [-36, 0, 4] as [number, number, number] };
    expect(choicesOf({ ...RECOGNISED, method: 'hydrops2-mi2', roles, earCenters })).toEqual({
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'automatic', pei: 'reader' },
      ears: { left: 'automatic', right: 'reader' },
      automatic: { series: { pei: '1.2.4' }, ears: {} },
    });
  });
});
