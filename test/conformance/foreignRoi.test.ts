import {
  earCentersOf,
  measure,
  measurementJson,
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
  type RestoreOptions,
} from '@inner-ear-hydrops/core/dicom';
import type { PhantomStudy } from '@inner-ear-hydrops/phantom';
import { testSeries } from '../../core/test/testSeries';
import { reportContent } from '../../extension/src/result/report/reportContent';
import { INITIAL_STATE } from '../../extension/src/state/HydropsState';
import { foreignSegmentation } from '../support/foreignSegmentation';
import { labelsOf, simulateEars } from '../support/phantomStudy';

// Another software's segmentation as the region to measure: its sides and organs, motion, and what is said of it.

jest.setTimeout(300_000);

interface Study {
  series: Record<'mrc' | 'ppi' | 'pei', Series>;
  labels: LabelVolume;
}

function studyOf({ mrc, ppi, pei, truth }: PhantomStudy): Study {
  const series = (name: 'MRC' | 'PPI' | 'PEI', volume: Volume): Series => testSeries(name, volume);
  return {
    series: { mrc: series('MRC', mrc), ppi: series('PPI', ppi), pei: series('PEI', pei) },
    labels: labelsOf(truth.anatomy, mrc),
  };
}

const ears = studyOf(simulateEars(611));
const moved = studyOf(simulateEars(611, { motion: { pei: { translation: [1.6, -1.3, 0.8] } } }));

const NAMES = ['Left cochlea', 'Left vestibule', 'Right cochlea', 'Right vestibule'];
type Named = [name: string, value: number][];
const named = (names: readonly string[] = NAMES): Named => names.map((name, n) => [name, n + 1]);

const use = ({ series, labels }: Study, names = named(), options?: RestoreOptions) =>
  restoreResult(foreignSegmentation(series.mrc, labels, names), series, 'hydrops-mi2', options);

const codesOf = ({ warnings }: Measurement): string[] => warnings.map(({ code }) => code);

/** Saved, as the viewer saves it. */
function save({ series }: Study, result: RestoredResult, labels: LabelVolume, now: Measurement) {
  const { prepared, context, backend } = result;
  const [segmentation, report] = encodeResult(
    {
      ...{ series, prepared, labels, measurement: now, backend: backend ?? undefined },
      ears: context.ears ?? [],
      centers: context.centers,
      absent: context.absent ?? [],
      model: context.model,
      created: new Date(2026, 0, 15, 9, 30),
    },
    ['segmentation', 'report']
  ).map(({ objects }) => objects[0]!.file) as [ArrayBuffer, ArrayBuffer];
  return { segmentation, report };
}

/** The labels without the first voxels of a value. */
function withLess(labels: LabelVolume, number: number, voxels: number): LabelVolume {
  let left = voxels;
  const data = labels.data.map((value) => (value === number && left-- > 0 ? 0 : value));
  return { ...labels, data };
}

describe('sides and organs', () => {
  test('as they are pass', () => {
    expect(Object.keys(use(ears).measurement.ears.left ?? {})).toEqual(['cochlea', 'vestibule']);
  });

  test('exchanged sides are refused, by segment, side and position, with what to do', () => {
    const [a, b, c, d] = NAMES as [string, string, string, string];
    expect(() => use(ears, named([c, d, a, b]))).toThrow(
      expect.objectContaining({
        code: 'laterality-wrong',
        message: expect.stringMatching(
          /^The segmentation contradicts the patient's anatomy and is not measured\. The sides are exchanged: segment 3 "Left cochlea", taken as the left cochlea, at \(−\d+, −?\d+, −?\d+\) mm and .*patient's left has the larger x\.$/
        ) as string,
        remedy: expect.stringContaining(
          'open Segments below this segmentation and say which organ each segment is'
        ) as string,
      })
    );
  });

  test.each([
    [
      'sides',
      { 1: 3, 2: 4, 3: 1, 4: 2 },
      'laterality-wrong',
      /segment 1 "Region A", taken as the right cochlea, at \(\d/,
    ],
    [
      'one cochlea for a vestibule',
      { 1: 2, 2: 1, 3: 3, 4: 4 },
      'organs-exchanged',
      /In the left ear segment 2 "Region B", taken as the left cochlea,/,
    ],
    [
      'a side of one segment',
      { 1: 1, 2: 4, 3: 3 },
      'laterality-wrong',
      /"Region B", taken as the right vestibule, .* mm apart, they are not of one ear/,
    ],
  ] as const)('a slip in assigning %s is refused', (_, assigned, code, words) => {
    const names = named(['Region A', 'Region B', 'Region C', 'Region D']);
    expect(() => use(ears, names, { assigned })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words) as string })
    );
  });

  test('exchanged in a stored result are told, and nothing of it is a measurement', () => {
    const result = use(ears);
    const data = ears.labels.data.map((value) => [0, 3, 4, 1, 2][value]!);
    const exchanged = { ...ears.labels, data };
    const now = measure({ ...result.context, prepared: result.prepared, labels: exchanged });
    const { segmentation } = save(ears, result, exchanged, now);
    const { measurement } = restoreResult(segmentation, ears.series, 'hydrops-mi2');
    expect(measurement).toEqual(now);
    expect(measurement.warnings).toContainEqual(
      expect.objectContaining({
        code: 'laterality-wrong',
        message: expect.stringContaining('the left cochlea at (−') as string,
      })
    );
    for (const ear of Object.values(measurement.ears))
      expect(ear?.vestibule).toMatchObject({ measurable: false, grade: null });
  });
});

describe('motion', () => {
  test('is determined about the ears of the region, so that a whole head that never moved has its grade', () => {
    const head = studyOf(simulateEars(611, { grid: { size: [324, 384, 24] }, noise: 0.02 }));
    const { measurement } = use(head);
    expect(codesOf(measurement).filter((code) => code.startsWith('motion'))).toEqual([]);
    expect(measurement.ears.left?.vestibule?.grade).toMatchObject({ scheme: 'nakashima' });
    expect(measurement.ears.right?.vestibule?.grade).toMatchObject({ scheme: 'nakashima' });
    // Side of a lone ear by the middle of the wide image.
    expect(() => use(head, [['LC', 3]])).toThrow(
      expect.objectContaining({
        code: 'laterality-wrong',
        message: expect.stringMatching(
          /mm beyond the middle of the image \(x = −?\d+ mm\)/
        ) as string,
      })
    );
    expect(use(head, [['RC', 3]]).measurement.ears.left).toBeNull();
  });

  test('is undone by the same movement after an edit, saved and restored', () => {
    const result = use(moved);
    expect(result.measurement.alignment?.pei?.treatment).toBe('corrected');
    expect(result.context.centers).toEqual(Object.values(earCentersOf(moved.labels)));
    // The middle of what is left is another.
    const edited = withLess(withLess(moved.labels, 1, 250), 2, 150);
    expect(Object.values(earCentersOf(edited))).not.toEqual(result.context.centers);
    const now = measure({ ...result.context, prepared: result.prepared, labels: edited });
    const again = restoreResult(
      save(moved, result, edited, now).segmentation,
      moved.series,
      'hydrops-mi2'
    );
    expect(again.measurement).toEqual(now);
  });
});

describe('what is said of the region', () => {
  const names = named(['Region A', ...NAMES.slice(1), 'Vestibule, right']);
  const drawn = { ...ears, labels: { ...ears.labels, data: ears.labels.data.slice() } };
  // A second right vestibule, of one voxel.
  drawn.labels.data[drawn.labels.data.indexOf(4)] = 5;
  const OF_REGION = [
    'roi-of-other-software null null',
    'segment-assigned left cochlea',
    'segment-doubled right vestibule',
    'slice-by-area left vestibule',
    'slice-by-area right vestibule',
  ];
  const said = ({ warnings }: Measurement) =>
    warnings
      .filter(({ code }) => /^(roi-of|segment-|slice-by)/.test(code))
      .map(({ code, ear, organ }) => `${code} ${ear} ${organ ?? null}`)
      .sort();
  const read = () => use(drawn, names, { assigned: { 1: 1 } });

  test('holds when it is edited, saved, restored and edited again', () => {
    const first = read();
    expect(said(first.measurement)).toEqual(OF_REGION);
    const edit = (labels: LabelVolume) =>
      [1, 2, 3, 4].reduce((now, n) => withLess(now, n, 2), labels);
    const labels = edit(first.labels);
    const edited = measure({ ...first.context, prepared: first.prepared, labels });
    expect(said(edited)).toEqual(OF_REGION);
    const { segmentation } = save(drawn, first, labels, edited);
    const second = restoreResult(segmentation, drawn.series, 'hydrops-mi2');
    expect(second.measurement).toEqual(edited);
    expect(second.measurement.ears.left?.cochlea?.mask).toBe('drawn');
    const last = measure({
      ...second.context,
      prepared: second.prepared,
      labels: edit(second.labels),
    });
    expect(said(last)).toEqual(OF_REGION);
  });

  test('stands in JSON, report, DICOM report and stored state', () => {
    const result = read();
    const { measurement } = result;
    const { segmentation, report } = save(drawn, result, result.labels, measurement);
    const text = reportContent({
      measurement,
      findings: INITIAL_STATE.findings,
      created: new Date(0),
      automaticImages: {},
      outOfDate: [],
      series: [],
      seriesNames: {},
      backend: null,
    });
    const outputs = {
      json: measurementJson(measurement),
      report: JSON.stringify(text),
      'DICOM report': JSON.stringify(decodeMeasurementReport(report)),
      'stored state': Buffer.from(segmentation).toString('latin1'),
    };
    for (const [output, content] of Object.entries(outputs))
      for (const words of [
        /The reader took stored segment 1 .{1,4}Region A.{1,4} as the left cochlea/,
        /More than one stored segment is a right vestibule/,
        /The lateral semicircular canal of the left ear is not known/,
      ])
        expect({ output, found: words.test(content) }).toEqual({ output, found: true });
  });

  test('includes what was found in choosing and reading the series, and who chose them', () => {
    const warning = { code: 'images-left-out', message: 'Phase images.', ear: null } as const;
    const choices = {
      method: 'automatic',
      roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
      ears: { left: 'automatic', right: 'automatic' },
    } as const;
    const result = use(ears, named(), { warnings: [warning], choices });
    expect(result.measurement.warnings).toContainEqual(warning);
    expect(result.measurement.choices).toEqual(choices);
    const labels = withLess(result.labels, 1, 3);
    const edited = measure({ ...result.context, prepared: result.prepared, labels });
    expect(edited.warnings.filter(({ code }) => code === 'images-left-out')).toEqual([warning]);
  });
});
