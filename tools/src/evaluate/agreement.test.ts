import { agreementOf } from './agreement';

describe('agreement of two raters', () => {
  it('gives ICC(2,1) as worked by hand from the mean squares', () => {
    // Targets' mean square 8.75, raters' 1.125·…: 4 targets, rater 2 reads one unit more but for the last.
    const { icc, bias } = agreementOf([
      [1, 2],
      [2, 3],
      [4, 5],
      [6, 6],
    ]);
    // Rows 1.5, 2.5, 4.5, 6 about 3.625; columns 3.25 and 4: MSR = 2·12.1875/3, MSC = 4·2·0.375²,
    // total 24.875+..., by hand: MSE = 0.125.
    const targets = (2 * 12.1875) / 3;
    const raters = 4 * 2 * 0.375 ** 2;
    const error = 0.125;
    expect(icc).toBeCloseTo((targets - error) / (targets + error + (raters - error) / 2), 6);
    expect(bias).toBeCloseTo(0.75, 9);
  });

  it('is 1 for identical readings and falls with a constant offset', () => {
    const same = [0.1, 0.4, 0.9].map((value) => [value, value] as const);
    const offset = [0.1, 0.4, 0.9].map((value) => [value, value + 0.3] as const);
    expect(agreementOf(same).icc).toBeCloseTo(1, 9);
    expect(agreementOf(offset).icc).toBeLessThan(0.9);
    expect(agreementOf(offset).limits[0]).toBeCloseTo(0.3, 9);
  });
});
