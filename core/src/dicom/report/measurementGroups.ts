import type { NaturalizedDataset } from 'dcmjs';
import { SEGMENTS, type OrganMeasurement, type Segment } from '../../types';
import { CODES, lateralityCode, organCode, type Code } from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import { SOFTWARE_NAME, SOFTWARE_VERSION, modelText } from '../encode/modules';
import type { EncodedObject } from '../encode/part10';
import { items, text } from '../encode/read';
import {
  codeContent,
  container,
  imageContent,
  numberContent,
  textContent,
  uidContent,
} from './contentItems';
import type { MeasurementReportInput } from './encodeMeasurementReport';
import { GRADE_CODES, REPORT_CODES as R, UNITS } from './reportCodes';

const METHOD_TEXT = {
  'hydrops-mi2': 'endolymph: (PPI - PEI) x MRC below zero',
  'hydrops2-mi2': 'endolymph: (PPI - MRC) x MRC below zero',
  'real-ir': 'endolymph: phase-sensitive inversion recovery below zero',
} as const;

/** The TID 1411 and TID 1410 groups of all organs that were measured, in the order of `SEGMENTS`. */
export function measurementGroups(input: MeasurementReportInput): NaturalizedDataset[] {
  return SEGMENTS.flatMap((segment) => {
    const organ = input.measurement.ears[segment.ear]?.[segment.organ];
    if (!organ) return [];
    const groups = [volumeGroup(input, segment, organ)];
    const area = areaGroup(input, segment, organ);
    return area ? [...groups, area] : groups;
  });
}

function volumeGroup(
  input: MeasurementReportInput,
  segment: Segment,
  { volume, mixture }: OrganMeasurement
): NaturalizedDataset {
  const { segmentation, mrc } = input;
  return container(
    R.measurementGroup,
    [
      ...tracking(input, segment, 'volume'),
      ...finding(segment),
      imageContent('CONTAINS', R.referencedSegment, {
        sopClassUid: segmentation.sopClassUid,
        sopInstanceUid: segmentation.sopInstanceUid,
        segmentNumber: segment.number,
      }),
      uidContent('CONTAINS', R.sourceSeries, mrc.header.seriesInstanceUid),
      ...algorithm(input),
      numberContent(R.volume, volume.totalMm3, UNITS.cubicMillimetres, [method(R.sumOfVoxels)]),
      numberContent(R.endolymphVolume, volume.endolymphMm3, UNITS.cubicMillimetres, [
        method(R.sumOfVoxels),
      ]),
      numberContent(R.volumeRatio, volume.ratio, UNITS.ratio, [method(R.countBelowZero)]),
      ...uncertainty(volume, mixture),
    ],
    '1411'
  );
}

/** How sure the volume ratio is, and the experimental estimate beside it, each under a name of its own. */
function uncertainty(
  volume: OrganMeasurement['volume'],
  mixture: OrganMeasurement['mixture']
): NaturalizedDataset[] {
  const known: [Code, number | null | undefined][] = [
    [R.withinNoise, volume.withinNoise],
    [R.intervalLow, volume.interval?.[0]],
    [R.intervalHigh, volume.interval?.[1]],
    [R.mixture, mixture?.fraction],
    [R.mixtureUncertainty, mixture?.uncertainty],
  ];
  return known.flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value)
      ? [numberContent(name, value, UNITS.ratio)]
      : []
  );
}

function areaGroup(
  input: MeasurementReportInput,
  segment: Segment,
  { area, grade }: OrganMeasurement
): NaturalizedDataset | null {
  if (!area) return null;
  const { segmentation, mrc } = input;
  const frameNumber = segmentationFrameNumber(segmentation, segment.number, area.sopInstanceUid);
  const source = mrc.sources.find(({ sopInstanceUid }) => sopInstanceUid === area.sopInstanceUid);
  if (frameNumber === 0 || !source)
    throw new RangeError(
      `The segmentation has no frame of "${segment.label}" on image ${area.sopInstanceUid}, which its area was measured on.`
    );
  return container(
    R.measurementGroup,
    [
      ...tracking(input, segment, 'area'),
      ...finding(segment),
      imageContent('CONTAINS', R.referencedFrame, {
        sopClassUid: segmentation.sopClassUid,
        sopInstanceUid: segmentation.sopInstanceUid,
        // A frame belongs to one segment; naming both is not permitted (PS3.3 table 10-3).
        frameNumber,
      }),
      imageContent('CONTAINS', R.sourceImage, source),
      ...algorithm(input),
      numberContent(R.area, area.totalMm2, UNITS.squareMillimetres),
      numberContent(R.endolymphArea, area.endolymphMm2, UNITS.squareMillimetres),
      numberContent(R.areaRatio, area.ratio, UNITS.ratio, [method(R.countBelowZero)]),
      numberContent(R.representativeSlice, area.slice + 1, UNITS.none),
      ...(grade ? [codeContent('CONTAINS', R.suggestedGrade, GRADE_CODES[grade.suggested])] : []),
    ],
    '1410'
  );
}

const method = (code: Code): NaturalizedDataset =>
  codeContent('HAS CONCEPT MOD', R.measurementMethod, code);

function tracking(
  input: MeasurementReportInput,
  segment: Segment,
  kind: 'volume' | 'area'
): NaturalizedDataset[] {
  const study = input.mrc.header.studyInstanceUid;
  return [
    textContent('HAS OBS CONTEXT', R.trackingIdentifier, `${segment.label}, ${kind}`),
    uidContent(
      'HAS OBS CONTEXT',
      R.trackingUid,
      deriveUid('tracking', study, String(segment.number), kind)
    ),
  ];
}

function finding(segment: Segment): NaturalizedDataset[] {
  return [
    codeContent('CONTAINS', R.finding, R.hydrops),
    codeContent('HAS CONCEPT MOD', R.findingSite, organCode(segment.organ), [
      codeContent('HAS CONCEPT MOD', R.laterality, lateralityCode(segment.ear)),
    ]),
  ];
}

/** TID 4019: software and model, the threshold, and the series that the numbers come from. */
function algorithm(input: MeasurementReportInput): NaturalizedDataset[] {
  const { measurement, backend, mrc, ppi, pei } = input;
  const { model } = measurement;
  const parameters = [
    modelText(model),
    METHOD_TEXT[measurement.method],
    `MRC ${mrc.header.seriesInstanceUid}`,
    `PPI ${ppi.header.seriesInstanceUid}`,
    ...(pei ? [`PEI ${pei.header.seriesInstanceUid}`] : []),
    ...(backend ? [`backend ${backend}`] : []),
    `region ${input.edited ? 'edited by the reader' : 'automatic'}`,
  ];
  return [
    textContent('HAS CONCEPT MOD', R.algorithmName, model?.name ?? SOFTWARE_NAME),
    textContent('HAS CONCEPT MOD', R.algorithmVersion, model?.version ?? SOFTWARE_VERSION),
    ...parameters.map((text) => textContent('HAS CONCEPT MOD', R.algorithmParameters, text)),
    codeContent('HAS CONCEPT MOD', R.algorithmFamily, CODES.artificialIntelligence),
    textContent('HAS CONCEPT MOD', R.algorithmManufacturer, SOFTWARE_NAME),
  ];
}

/** 1-based frame of a segment on the MRC image, 0 when the segmentation has none there. */
function segmentationFrameNumber(
  segmentation: EncodedObject,
  segmentNumber: number,
  sopInstanceUid: string
): number {
  return (
    items(segmentation.dataset.PerFrameFunctionalGroupsSequence).findIndex((frame) => {
      const segment = items(frame.SegmentIdentificationSequence)[0];
      const derivation = items(frame.DerivationImageSequence)[0];
      const source = items(derivation?.SourceImageSequence)[0];
      return (
        // A frame of a LABELMAP shows all segments of its slice.
        (!segment || Number(segment.ReferencedSegmentNumber) === segmentNumber) &&
        text(source?.ReferencedSOPInstanceUID) === sopInstanceUid
      );
    }) + 1
  );
}
