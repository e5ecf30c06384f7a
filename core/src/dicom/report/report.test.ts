import { encodeSegmentation } from '../segmentation/encodeSegmentation';
import { testLabels, testMeasurement, testSeries, testVolume } from '../testSeries';
import { decodeMeasurementReport } from './decodeMeasurementReport';
import { encodeMeasurementReport } from './encodeMeasurementReport';

const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(
    name,
    testVolume((i, j) => i - j)
  )
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const measurement = testMeasurement(mrc);
const created = new Date(2026, 2, 4, 5, 6, 7);
const segmentation = encodeSegmentation({
  mrc,
  labels: testLabels(),
  model: measurement.model,
  edited: false,
  created,
});
const input = { mrc, ppi, pei, measurement, segmentation, edited: false, created };

describe('measurement report', () => {
  test('gives back each number exactly, and the texts', () => {
    const { file } = encodeMeasurementReport({
      ...input,
      reader: 'Reader^Test',
      readerFields: { Impression: 'one: two \\ three', Empty: ' ' },
    });
    const decoded = decodeMeasurementReport(file);
    const expected = (['left', 'right'] as const).flatMap((ear) =>
      (['cochlea', 'vestibule'] as const).flatMap((organ) => {
        const measured = measurement.ears[ear]?.[organ];
        if (!measured) return [];
        const { totalMm3, endolymphMm3, ratio } = measured.volume;
        const { area } = measured;
        return [
          {
            ear,
            organ,
            volume: { totalMm3, endolymphMm3, ratio },
            area: area && {
              totalMm2: area.totalMm2,
              endolymphMm2: area.endolymphMm2,
              ratio: area.ratio,
              slice: area.slice,
              sopInstanceUid: area.sopInstanceUid,
            },
            suggestedGrade: measured.grade?.suggested ?? null,
          },
        ];
      })
    );
    expect(expected).toHaveLength(3);
    expect(decoded.organs).toEqual(expected);
    expect(decoded.segmentationUid).toBe(segmentation.sopInstanceUid);
    expect(decoded.algorithm?.name).toBe('Test network');
    expect(decoded.algorithm?.parameters.join()).toContain(measurement.model!.sha256);
    expect(decoded.reader).toBe('Reader^Test');
    expect(decoded.warnings).toEqual([
      'right ear: Perilymph is dark \\ look again. [no-enhancement]',
    ]);
    expect(decoded.readerFields).toEqual({ Impression: 'one: two \\ three' });
    expect(decoded.created).toEqual(created);
  });

  test('is unverified until a named reader stands for it, and then another object', () => {
    const unverified = encodeMeasurementReport({ ...input, reader: 'Reader^Test' });
    const verified = encodeMeasurementReport({
      ...input,
      reader: 'Reader^Test',
      verified: { name: 'Reader^Test', organization: 'Clinic', date: created },
    });
    expect(decodeMeasurementReport(unverified.file).verified).toBe(false);
    expect(decodeMeasurementReport(verified.file).verified).toBe(true);
    expect(verified.sopInstanceUid).not.toBe(unverified.sopInstanceUid);
    expect(encodeMeasurementReport(input).sopInstanceUid).toBe(
      encodeMeasurementReport({ ...input, created: new Date() }).sopInstanceUid
    );
  });

  test('refuses an area that the segmentation does not show', () => {
    const wrong = testMeasurement(mrc);
    wrong.ears.left!.cochlea!.area!.sopInstanceUid = mrc.sources[0]!.sopInstanceUid;
    expect(() => encodeMeasurementReport({ ...input, measurement: wrong })).toThrow(/Left cochlea/);
  });

  test('another object is refused as a report', () => {
    expect(() => decodeMeasurementReport(segmentation.file)).toThrow(
      expect.objectContaining({ code: 'not-a-measurement-report' })
    );
  });
});
