import { choicesOf, isUnedited } from './choices';
import { DONE, MEASUREMENT, MOVED, RECOGNISED, withOrgans } from './panel/testState';

describe('who chose what a computation rests on', () => {
  it('is nobody before the reader has done anything', () => {
    expect(choicesOf(RECOGNISED)).toEqual(MEASUREMENT.choices);
  });

  it('is the reader for a method, a role and an ear that differ from the automatic ones', () => {
    const roles = { ...RECOGNISED.roles, pei: null };
    const earCenters = { right: [-36, 0, 4] as [number, number, number] };
    expect(choicesOf({ ...RECOGNISED, method: 'hydrops2-mi2', roles, earCenters })).toEqual({
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'automatic', pei: 'reader' },
      ears: { left: 'automatic', right: 'reader' },
    });
  });
});

it('a result is unedited only while no slice, region or other choice is the reader’s', () => {
  expect(isUnedited(MEASUREMENT)).toBe(true);
  expect(isUnedited(MOVED.measurement ?? DONE.measurement!)).toBe(false);
  const edited = withOrgans(MEASUREMENT, 'right', (organ) => ({ ...organ, mask: 'edited' }));
  expect(isUnedited(edited)).toBe(false);
  const choices = { ...MEASUREMENT.choices, method: 'reader' as const };
  expect(isUnedited({ ...MEASUREMENT, choices })).toBe(false);
});
