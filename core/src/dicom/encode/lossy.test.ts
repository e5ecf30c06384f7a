import { encodeResult, RESULT_PARTS } from '../encodeResult';
import { lossyOf } from '../read/lossyCompression';
import type { LossyCompression } from '../../types';
import { lossyWarnings } from '../../volume/lossyImages';
import { headerOf } from '../../../test/testGrids';
import { resultInput } from '../../../test/testResult';

const LOSSY: LossyCompression = { ratios: [8.5], methods: ['ISO_10918_1'], isStated: false };

/** 0028,2110, 2112 and 2114 of every image of a result. */
function marksOf(lossy: Partial<Record<'mrc' | 'ppi' | 'pei', LossyCompression>>) {
  const input = resultInput();
  const { mrc, ppi, pei } = input.series;
  const series = {
    mrc: { ...mrc, ...(lossy.mrc ? { lossy: lossy.mrc } : {}) },
    ppi: { ...ppi, ...(lossy.ppi ? { lossy: lossy.ppi } : {}) },
    pei: pei && { ...pei, ...(lossy.pei ? { lossy: lossy.pei } : {}) },
  };
  return encodeResult({ ...input, series }, RESULT_PARTS)
    .filter(({ part }) => part !== 'report')
    .flatMap(({ part, objects }) => objects.map(({ dataset }) => ({ part, dataset })));
}

test('what is made of lossy images is marked so, whichever series was compressed', () => {
  for (const role of ['ppi', 'pei'] as const) {
    for (const { dataset } of marksOf({ [role]: LOSSY })) {
      expect(dataset).toMatchObject({
        LossyImageCompression: '01',
        LossyImageCompressionRatio: [8.5],
        LossyImageCompressionMethod: ['ISO_10918_1'],
      });
    }
  }
  // HYDROPS is made of PPI and PEI alone.
  const ofMrc = marksOf({ mrc: LOSSY });
  for (const { part, dataset } of ofMrc)
    expect([part, dataset.LossyImageCompression]).toEqual([part, part === 'hydrops' ? '00' : '01']);
});

test('the greatest loss counts; what is not known is not stated; lossless images are not marked', () => {
  const more = { ratios: [20], methods: ['ISO_15444_1'], isStated: true };
  for (const { part, dataset } of marksOf({ mrc: more, ppi: LOSSY }))
    if (part !== 'hydrops') expect(dataset.LossyImageCompressionRatio).toEqual([20]);
  for (const { dataset } of marksOf({ ppi: { ratios: [], methods: [], isStated: true } })) {
    expect(dataset.LossyImageCompression).toBe('01');
    expect(dataset).not.toHaveProperty('LossyImageCompressionRatio');
  }
  for (const { dataset } of marksOf({})) expect(dataset.LossyImageCompression).toBe('00');
});

test('the stream decides where the header says nothing, and the warning says so', () => {
  const stream = { lossy: true, method: 'ISO_14495_1' };
  const found = lossyOf(null, stream, 1000, 250);
  expect(found).toEqual({ ratios: [4], methods: ['ISO_14495_1'], isStated: false });
  expect(lossyOf(null, { ...stream, lossy: false }, 1000, 250)).toBeNull();
  const stated = { ratios: [3, 7], methods: ['ISO_10918_1', 'ISO_15444_1'], isStated: true };
  expect(lossyOf(stated, null, 1000, 1000)).toEqual(stated);
  const [warning] = lossyWarnings(headerOf(), [
    {},
    { lossy: found ?? undefined },
    { lossy: stated },
  ]);
  expect(warning).toMatchObject({ code: 'lossy-compression', values: { images: 2, ratio: 21 } });
  expect(warning?.message).toMatch(/^2 of the 3 images of series 5 "T2 SPACE" .*ratio up to 21/);
  expect(warning?.message).toContain('(0028,2110) of 1 of them does not say so');
  expect(lossyWarnings(headerOf(), [{}])).toEqual([]);
});
