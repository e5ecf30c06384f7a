import type { ResultInput } from '../src/dicom/encodeResult';
import type { PreparedStudy } from '../src/study';
import { imagesOf } from '../src/volume';
import { testEndolymph, testLabels, testMeasurement, testSeries, testVolume } from './testSeries';

/** A made-up result, whole enough to be encoded. */
export function resultInput(): ResultInput {
  const mrcVolume = testVolume((i, j, k) => 10 + i + j + k);
  const hydrops = testVolume((i, j) => i - j);
  const hydropsMi2 = testVolume((i, j, k) => (i - j) * (10 + i + j + k));
  const mrc = testSeries('MRC', mrcVolume);
  const measurement = testMeasurement(mrc);
  return {
    series: { mrc, ppi: testSeries('PPI', mrcVolume), pei: testSeries('PEI', mrcVolume) },
    prepared: {
      header: measurement.study,
      mrc: mrcVolume,
      ppi: mrcVolume,
      pei: mrcVolume,
      hydrops,
      hydropsMi2,
      method: 'hydrops-mi2',
      warnings: [],
      images: imagesOf(mrc),
      endolymph: testEndolymph(),
    } as unknown as PreparedStudy,
    labels: testLabels(),
    ears: [{ side: 'left', center: [1, 2, 3], confidence: { cochlea: 0.9, vestibule: 0.8 } }],
    absent: [],
    measurement,
    model: measurement.model,
    backend: 'wasm (2 threads)',
    created: new Date(2026, 0, 15, 9, 30),
  };
}
