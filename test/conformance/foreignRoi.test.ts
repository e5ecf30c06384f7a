import {
  ANATOMY,
  earCentersOf,
  measure,
  measurementJson,
  prepareStudy,
  summaryCsv,
  type LabelVolume,
  type Measurement,
  type Series,
  type Volume,
} from '@inner-ear-hydrops/core';
import {
  decodeMeasurementReport,
  encodeResult,
  restoreResult,
  type RestoredResult,
} from '@inner-ear-hydrops/core/dicom';
import { testSeries } from '../../core/test/testSeries';
import { foreignSegmentation } from '../support/foreignSegmentation';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// Another software's segmentation as the region to measure: what it says of sides, organs, motion and itself.

jest.setTimeout(300_000);

const study = simulateEars(611);
const series = (name: 'MRC' | 'PPI' | 'PEI', volume: Volume): Series => testSeries(name, volume);
const all = {
  mrc: series('MRC', study.mrc),
  ppi: series('PPI', study.ppi),
  pei: series('PEI', study.pei),
};
const labels = labelsOf(study.truth.anatomy, study.mrc);

const NAMES = ['Left cochlea', 'Left vestibule', 'Right cochlea', 'Right vestibule'];
type Named = [name: string, value: number][];
/** The four organs, with the names given for some of them. */
const named = (names: Record<number, string> = {}): Named =>
  NAMES.map((name, n) => [names[n + 1] ?? name, n + 1]);

const use = (names: Named, assigned?: Record<number, number>, drawn: LabelVolume = labels) =>
  restoreResult(foreignSegmentation(all.mrc, drawn, names), all, 'hydrops-mi2', assigned);

const codesOf = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code);

describe('motion about a region of other software', () => {
  test('is determined about its ears, so that a study that never moved has a grade', () => {
    const { measurement } = use(named());
    expect(codesOf(measurement)).not.toContain('motion-uncertain');
    expect(measurement.ears.left?.vestibule?.grade).toMatchObject({ scheme: 'nakashima' });
    expect(measurement.ears.right?.vestibule?.grade).toMatchObject({ scheme: 'nakashima' });
  });
});

describe('sides', () => {
  test('exchanged are refused', () => {
    expect(() =>
      use(
        named({ 1: 'Right cochlea', 2: 'Right vestibule', 3: 'Left cochlea', 4: 'Left vestibule' })
      )
    ).toThrow(expect.objectContaining({ code: 'laterality-wrong' }));
  });
});

describe('warnings', () => {
  test('of how the region was obtained reach the result', () => {
    const { measurement } = use(named({ 3: 'Region C' }), { 3: 3 });
    expect(codesOf(measurement)).toContain('segment-assigned');
  });
});
export const unused = [
  ANATOMY,
  earCentersOf,
  measure,
  measurementJson,
  prepareStudy,
  summaryCsv,
  decodeMeasurementReport,
  encodeResult,
] as unknown as RestoredResult;
