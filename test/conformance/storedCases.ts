import {
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeMrSeries,
  encodeSegmentation,
  encodeSummaryImage,
  type EncodedObject,
  type SegmentationInput,
} from '@inner-ear-hydrops/core/dicom';
import type { Measurement } from '@inner-ear-hydrops/core';
import {
  TEST_CASES,
  asMultiFrame,
  testAnatomy,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../core/test/testSeries';

// A small, oblique and fictitious study, and all that we store of it.

const created = new Date('2026-03-04T05:06:07Z');
const mrcVolume = testVolume((i, j, k) => 10 * i + 3 * j + k);
export const hydrops = testVolume((i, j) => (i - j) * 1e-3);
// Spans seven orders of magnitude, with zeros: small values must keep their sign.
export const mi2 = testVolume((i, j, k) => (i === j ? 0 : (i - j) * 10 ** (k - 4)));
export const labels = testLabels();

const original = (name: 'MRC' | 'PPI' | 'PEI', number: number): EncodedObject[] => {
  const { header } = testSeries(name, mrcVolume);
  return encodeMrSeries({
    kind: 'original',
    volume: mrcVolume,
    template: header.attributes,
    description: name,
    seriesNumber: number,
    seriesInstanceUid: header.seriesInstanceUid,
    imageType: ['ORIGINAL', 'PRIMARY', 'M'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: {
      scanningSequence: ['SE', 'IR'],
      sequenceVariant: ['SK'],
      repetitionTime: 9000,
      echoTime: 540,
      inversionTime: 2250,
      echoTrainLength: 173,
      magneticFieldStrength: 3,
    },
    window: { center: 400, width: 1000 },
    created,
    equipment: { Manufacturer: 'Phantom', ManufacturerModelName: 'Phantom' },
  });
};

/** The series as a reader would assemble it from the stored files. */
function stored(
  name: 'MRC' | 'PPI' | 'PEI',
  files: EncodedObject[]
): ReturnType<typeof testSeries> {
  const series = testSeries(name, mrcVolume);
  return {
    ...series,
    sources: files.map(({ sopInstanceUid, sopClassUid, dataset }) => ({
      sopInstanceUid,
      sopClassUid,
      instanceNumber: Number(dataset.InstanceNumber),
    })),
  };
}

export const files = { MRC: original('MRC', 1), PPI: original('PPI', 2), PEI: original('PEI', 3) };
export const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  stored(name, files[name])
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const measurement = testMeasurement(mrc);
const endolymph = testEndolymph();
export const segmentationInput = {
  ...{ mrc, labels, endolymph, model: measurement.model, backend: 'wasm (2 threads)' },
  ...{ created, measurement },
};
export const automatic = encodeSegmentation(segmentationInput);
const readersMeasurement = changed('a region that was edited and one that was drawn');
export const edited = encodeSegmentation({
  ...segmentationInput,
  measurement: readersMeasurement,
  reader: 'Reader^Test',
});
export const withStructures = encodeSegmentation({ ...segmentationInput, anatomy: testAnatomy() });
export const organsOnly = encodeSegmentation({ ...segmentationInput, endolymph: undefined });
export const derived = {
  hydrops: encodeDerivedSeries({
    kind: 'hydrops',
    method: 'hydrops-mi2',
    volume: hydrops,
    mrc,
    ppi,
    pei,
    created,
  }),
  mi2: encodeDerivedSeries({
    kind: 'hydrops-mi2',
    method: 'hydrops-mi2',
    volume: mi2,
    mrc,
    ppi,
    pei,
    created,
  }),
};
export const reportInput = {
  ...{ mrc, ppi, pei, measurement: readersMeasurement, segmentation: edited, created },
};
export const report = encodeMeasurementReport(reportInput);
export const verifiedReport = encodeMeasurementReport({
  ...reportInput,
  reader: 'Reader^Test',
  readerFields: { Impression: 'No impression: a phantom.' },
  readerFindings: [
    { ear: 'left', field: 'suri', value: 'yes' },
    { ear: 'right', field: 'enhancement', value: 'normal' },
  ],
  verified: { name: 'Reader^Test', organization: 'Nowhere', date: created },
});

export const summary = encodeSummaryImage({
  ...{ mrc, labels, endolymph, measurement: readersMeasurement, created },
});

function changed(name: keyof typeof TEST_CASES, of = mrc): Measurement {
  const copy = testMeasurement(of);
  TEST_CASES[name](copy);
  return copy;
}

/** Segmentation, report and summary of a result that is not the plain result. */
function resultOf(
  name: string,
  input: Pick<SegmentationInput, 'mrc' | 'labels'> & { measurement: Measurement }
): { segmentation: EncodedObject; report: EncodedObject; objects: [string, EncodedObject][] } {
  const common = { ...input, endolymph, created };
  const segmentation = encodeSegmentation({ ...common, model: measurement.model });
  const document = encodeMeasurementReport({ ...common, ppi, pei, segmentation });
  const objects: [string, EncodedObject][] = [
    [`SEG, ${name}`, segmentation],
    [`SR, ${name}`, document],
    [`summary, ${name}`, encodeSummaryImage(common)],
  ];
  return { segmentation, report: document, objects };
}

const withoutRightEar = { ...labels, data: labels.data.map((label) => (label > 2 ? 0 : label)) };
const multiFrame = asMultiFrame(mrc);
const unnumbered = { ...mrc, header: { ...mrc.header, seriesNumber: null } };
export const cases = {
  absent: resultOf('an ear missing', {
    mrc,
    labels: withoutRightEar,
    measurement: changed('an ear that was not found'),
  }),
  voided: resultOf('a voided ear', { mrc, labels, measurement: changed('a voided ear') }),
  borderline: resultOf('borderline', { mrc, labels, measurement: changed('a borderline grade') }),
  moved: resultOf('a moved slice', { mrc, labels, measurement: changed('a moved slice') }),
  multiFrame: resultOf('multi-frame MRC', {
    mrc: multiFrame,
    labels,
    measurement: testMeasurement(multiFrame),
  }),
  unnumbered: resultOf('MRC without Series Number', {
    mrc: unnumbered,
    labels,
    measurement: testMeasurement(unnumbered),
  }),
};

export const objects: [string, EncodedObject][] = [
  ['MR original', files.MRC[0]!],
  ['HYDROPS', derived.hydrops[3]!],
  ['HYDROPS-Mi2', derived.mi2[3]!],
  ['SEG automatic', automatic],
  ['SEG edited', edited],
  ['SEG without endolymph', organsOnly],
  ['SEG with structures', withStructures],
  ['SR', report],
  ['SR verified', verifiedReport],
  ['summary image', summary],
  ...Object.values(cases).flatMap(({ objects: ofCase }) => ofCase),
];
