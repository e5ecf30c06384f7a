import type { NaturalizedDataset } from 'dcmjs';
import type { EarSide, Measurement, Organ } from '../../types';
import { imagesOf } from '../../volume';
import { encodeSegmentation } from '../segmentation/encodeSegmentation';
import {
  TEST_CASES,
  asMultiFrame,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../../test/testSeries';
import {
  decodeMeasurementReport,
  type DecodedMeasurementReport,
  type ReportedOrgan,
} from './decodeMeasurementReport';
import { encodeMeasurementReport } from './encodeMeasurementReport';
import type { MeasurementReportInput } from './reportInput';

const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(
    name,
    testVolume((i, j) => i - j)
  )
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const measurement = testMeasurement(mrc);
const created = new Date(2026, 2, 4, 5, 6, 7);
const segmentationInput = {
  mrc,
  labels: testLabels(),
  model: measurement.model,
  created,
};
const segmentation = encodeSegmentation(segmentationInput);
const input = { mrc, ppi, pei, measurement, segmentation, created };

/** The report of a changed result, as another workstation reads it. */
function reported(
  change: (measurement: Measurement) => void,
  more: Partial<MeasurementReportInput> = {}
): DecodedMeasurementReport & { dataset: NaturalizedDataset } {
  const changed = testMeasurement(more.mrc ?? mrc);
  change(changed);
  const { file, dataset } = encodeMeasurementReport({ ...input, measurement: changed, ...more });
  return { ...decodeMeasurementReport(file), dataset };
}

const organOf = ({ organs }: DecodedMeasurementReport, ear: EarSide, organ: Organ): ReportedOrgan =>
  organs.find((entry) => entry.ear === ear && entry.organ === organ)!;

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
        const { seriesNumber: _, ...image } = area!.image;
        return [
          {
            ear,
            organ,
            measurable: true,
            voidedBy: [],
            notMeasured: null,
            volume: { totalMm3, endolymphMm3, ratio, automaticRatio: null },
            area: {
              totalMm2: area!.totalMm2,
              endolymphMm2: area!.endolymphMm2,
              ratio: area!.ratio,
              automaticRatio: null,
              image,
              imageName: `series 1, image ${image.instanceNumber}`,
              chosenBy: 'automatic',
              automaticImageName: null,
            },
            mask: 'automatic',
            suggestedGrade: measured.grade?.suggested ?? null,
            gradeDoubts: [],
          },
        ];
      })
    );
    expect(expected).toHaveLength(3);
    expect(decoded.organs.slice(0, 3)).toEqual(expected);
    expect(decoded.organs[3]).toMatchObject({
      notMeasured: 'The region holds no voxel of this organ.',
      measurable: false,
    });
    expect(decoded.choices).toEqual(measurement.choices);
    expect(decoded.segmentationUid).toBe(segmentation.sopInstanceUid);
    expect(decoded.algorithm?.name).toBe('Test network');
    expect(decoded.algorithm?.parameters.join()).toContain(measurement.model!.sha256);
    expect(decoded.reader).toBe('Reader^Test');
    expect(decoded.warnings).toEqual([
      'Right ear: Perilymph is dark \\ look again. [perilymph-weakly-enhanced]',
    ]);
    expect(decoded.readerFields).toEqual({ Impression: 'one: two \\ three' });
    expect(decoded.created).toEqual(created);
  });

  test('an edited region stands beside what it gave before; a voided ratio has no such companion', () => {
    const edit = (measured: Measurement): void => {
      const cochlea = measured.ears.left!.cochlea!;
      cochlea.mask = 'edited';
      cochlea.automatic = { areaRatio: 0.364, volumeRatio: 0.314 };
    };
    const edited = organOf(reported(edit), 'left', 'cochlea');
    expect([edited.area?.automaticRatio, edited.volume?.automaticRatio]).toEqual([0.364, 0.314]);
    const voided = reported((measured) => {
      edit(measured);
      TEST_CASES['a voided ear'](measured);
    });
    const { area, volume } = organOf(voided, 'left', 'cochlea');
    expect([area?.automaticRatio, volume?.automaticRatio]).toEqual([null, null]);
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
    // Another moment is another object: an archive would keep the first of two under one UID.
    expect(encodeMeasurementReport({ ...input, created: new Date() }).sopInstanceUid).not.toBe(
      unverified.sopInstanceUid
    );
  });

  test('refuses an area that the segmentation does not show', () => {
    const wrong = testMeasurement(mrc);
    wrong.ears.left!.cochlea!.area!.image = imagesOf(mrc)[0]!;
    expect(() => encodeMeasurementReport({ ...input, measurement: wrong })).toThrow(/Left cochlea/);
  });

  test('names a slice as every archive shows it, and never by its place in the stack', () => {
    const { area } = organOf(
      reported(() => undefined),
      'left',
      'cochlea'
    );
    // Slice 1 of the stack, second from its start.
    expect(area?.imageName).toBe('series 1, image 27');
    expect(area?.image.instanceNumber).toBe(27);
    const nameless = { ...mrc, header: { ...mrc.header, seriesNumber: null } };
    const without = organOf(
      reported(() => undefined, { mrc: nameless }),
      'left',
      'cochlea'
    );
    expect(without.area?.imageName).toBe('image 27');
  });

  test('refers to the frame of a multi-frame MRC, in image and segmentation', () => {
    const multiFrame = asMultiFrame(mrc);
    const frames = encodeSegmentation({ ...segmentationInput, mrc: multiFrame });
    const report = reported(() => undefined, { mrc: multiFrame, segmentation: frames });
    const found = (['cochlea', 'vestibule'] as const).map((organ) =>
      organOf(report, 'left', organ)
    );
    expect(found.map(({ area }) => area?.imageName)).toEqual([
      'series 1, image 1, frame 5',
      'series 1, image 1, frame 4',
    ]);
    expect(found.map(({ area }) => area?.image.frameNumber)).toEqual([5, 4]);
  });

  test('holds no ratio, endolymph, grade or mixture of a voided ear, but what was counted and why', () => {
    const report = reported(TEST_CASES['a voided ear']);
    const cochlea = organOf(report, 'left', 'cochlea');
    expect(cochlea).toMatchObject({
      measurable: false,
      voidedBy: ['perilymph-not-enhanced'],
      volume: { totalMm3: 11.25, endolymphMm3: null, ratio: null },
      area: { endolymphMm2: null, ratio: null },
    });
    expect(organOf(report, 'left', 'vestibule').suggestedGrade).toBeNull();
    const all = JSON.stringify(report.dataset);
    expect(all).toContain('counted 100.0 %, not measurable: perilymph-not-enhanced');
    expect(all).toContain('suggested grade: not given [perilymph-not-enhanced]');
    expect(all).toContain('"114006"');
    expect(organOf(report, 'right', 'cochlea').measurable).toBe(true);
  });

  test('says of an ear that was not found that it was not measured, and why', () => {
    const report = reported(TEST_CASES['an ear that was not found']);
    for (const organ of ['cochlea', 'vestibule'] as const)
      expect(organOf(report, 'right', organ)).toMatchObject({
        measurable: false,
        volume: null,
        area: null,
        notMeasured: expect.stringMatching(
          /^The right ear was not found and is not measured: .* is outside MRC .*\[ear-not-found\]$/
        ) as string,
      });
    expect(JSON.stringify(report.dataset)).toContain('"114007"');
  });

  test('a borderline grade says what would change it', () => {
    const vestibule = organOf(reported(TEST_CASES['a borderline grade']), 'left', 'vestibule');
    expect(vestibule.suggestedGrade).toBe('mild');
    expect(vestibule.gradeDoubts).toEqual([
      'borderline: the interval 25–50 % reaches none [interval]',
      'borderline: image 23 reads 62.0 %: significant [neighbouring-slice]',
    ]);
  });

  test('says of slice, region, method, roles and ear positions whose choice they are', () => {
    const automatic = imagesOf(mrc)[2]!;
    const report = reported(
      (changed) => {
        TEST_CASES['a moved slice'](changed);
        TEST_CASES['a region that was edited and one that was drawn'](changed);
        changed.choices = {
          method: 'reader',
          roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
          ears: { left: 'automatic', right: 'reader' },
          automatic: { series: { ppi: '2.25.9', pei: null }, ears: { right: [-31.25, 2, 1e-7] } },
        };
        changed.earPositions = { right: [-30, 2, 4.5] };
      },
      { automaticSlices: { left: { cochlea: automatic } } }
    );
    expect(organOf(report, 'left', 'cochlea').area).toMatchObject({
      chosenBy: 'reader',
      automaticImageName: 'series 1, image 25',
    });
    expect(organOf(report, 'left', 'vestibule').area?.automaticImageName).toBeNull();
    expect(organOf(report, 'left', 'cochlea').mask).toBe('edited');
    expect(organOf(report, 'right', 'cochlea').mask).toBe('drawn');
    expect(report.choices).toEqual({
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
      ears: { left: 'automatic', right: 'reader' },
      automatic: { series: { ppi: '2.25.9', pei: null }, ears: { right: [-31.25, 2, 1e-7] } },
    });
    // Readable where no software knows the codes.
    const words = JSON.stringify(report.dataset);
    expect(words).toContain('-30, 2, 4.5 mm (LPS)');
    expect(words).toContain('Series Instance UID 2.25.9');
    expect(report.dataset.SeriesDescription).toBe('EH measurement, edited (research use)');
    expect(reported(TEST_CASES['a moved slice']).dataset.SeriesDescription).toBe(
      'EH measurement, choices edited (research use)'
    );
  });

  test('another object is refused as a report', () => {
    expect(() => decodeMeasurementReport(segmentation.file)).toThrow(
      expect.objectContaining({ code: 'not-a-measurement-report' })
    );
  });
});
