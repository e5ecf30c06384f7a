import { dealFolds } from './folds';

const patients = Array.from({ length: 23 }, (_, n) => `patient ${n}`);

describe('folds', () => {
  it('validate on every patient once, in folds of nearly the same size', () => {
    const folds = dealFolds(patients, 5, 1);
    expect(folds.flat().sort()).toEqual([...patients].sort());
    const sizes = folds.map((fold) => fold.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('do not depend on the order in which files were found, only on the seed', () => {
    expect(dealFolds([...patients].reverse(), 5, 1)).toEqual(dealFolds(patients, 5, 1));
    expect(dealFolds(patients, 5, 2)).not.toEqual(dealFolds(patients, 5, 1));
  });
});
