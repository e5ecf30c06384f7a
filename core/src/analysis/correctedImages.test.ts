import { images, prepared } from '../../test/testEars';
import type { AlignmentReport } from '../types';
import { correctedImages } from './correctedImages';

test('are the series that were moved back, not those that lay right or were only resampled', () => {
  const study = prepared(images);
  expect(correctedImages(study)).toEqual({});
  const report = (treatment: AlignmentReport['treatment']): AlignmentReport => ({
    ...study.alignment.ppi,
    treatment,
    displacement: 2.2,
  });
  const alignment = { ppi: report('resampled'), pei: report('corrected') };
  expect(correctedImages({ ...study, alignment })).toEqual({
    pei: { volume: study.pei, displacement: 2.2 },
  });
  expect(correctedImages({ ...study, pei: null, alignment: { ...alignment, pei: null } })).toEqual(
    {}
  );
});
