import type { NaturalizedDataset } from 'dcmjs';
import {
  SEGMENTS,
  type AreaMeasurement,
  type ImageReference,
  type OrganMeasurement,
  type Segment,
} from '../../types';
import { absenceWords, percent } from '../../measurement';
import type { WarningCode } from '../../registry';
import { imageName, imagesOf, sliceOfImage } from '../../volume';
import { lateralityCode, organCode, type Code } from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import type { EncodedObject } from '../encode/part10';
import {
  absentNumber,
  codeContent,
  container,
  imageContent,
  numberContent,
  textContent,
  uidContent,
} from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import {
  CHOSEN_BY_CODES,
  GRADE_CODES,
  ORIGIN_CODES,
  QUALIFIERS,
  REPORT_CODES as R,
  UNITS,
} from './reportCodes';
import { segmentationFrameNumber, segmentNumberOf } from './segmentationReferences';

/**
 * The TID 1411 and TID 1410 groups of all organs that were measured, and a TID 1501 group for each that was not, in
 * the order of `SEGMENTS`.
 */
export function measurementGroups(input: MeasurementReportInput): NaturalizedDataset[] {
  return SEGMENTS.flatMap((segment) => {
    const organ = input.measurement.ears[segment.ear]?.[segment.organ];
    if (!organ) return [absentGroup(input, segment)];
    const groups = [volumeGroup(input, segment, organ)];
    return organ.area ? [...groups, areaGroup(input, segment, organ, organ.area)] : groups;
  });
}

const NOT_FOUND: WarningCode = 'ear-not-found';

/** An organ that was not measured, and why: without a region there is no segment to refer to, which TID 1411 needs. */
function absentGroup(input: MeasurementReportInput, segment: Segment): NaturalizedDataset {
  const absence = input.measurement.absentEars[segment.ear];
  const reason = absence
    ? `${absenceWords(segment.ear, absence)} [${NOT_FOUND}]`
    : 'The region holds no voxel of this organ.';
  return container(
    R.measurementGroup,
    [
      ...tracking(input, segment, 'volume'),
      ...finding(segment),
      absentNumber(R.volumeRatio, QUALIFIERS.notAttempted, []),
      textContent('CONTAINS', R.notMeasured, reason),
    ],
    '1501'
  );
}

function volumeGroup(
  input: MeasurementReportInput,
  segment: Segment,
  organ: OrganMeasurement
): NaturalizedDataset {
  const { segmentation, mrc } = input;
  const { volume } = organ;
  return container(
    R.measurementGroup,
    [
      ...tracking(input, segment, 'volume'),
      ...finding(segment),
      imageContent('CONTAINS', R.referencedSegment, {
        ...segmentationReference(segmentation),
        segmentNumber: segmentNumberOf(segmentation, segment),
      }),
      uidContent('CONTAINS', R.sourceSeries, mrc.header.seriesInstanceUid),
      codeContent('CONTAINS', R.regionOrigin, ORIGIN_CODES[organ.mask]),
      numberContent(R.volume, volume.totalMm3, UNITS.cubicMillimetres, [method(R.sumOfVoxels)]),
      ofEndolymph(organ, R.endolymphVolume, volume.endolymphMm3, UNITS.cubicMillimetres, [
        method(R.sumOfVoxels),
      ]),
      ofEndolymph(organ, R.volumeRatio, volume.ratio, UNITS.ratio, [method(R.countBelowZero)]),
      ...beforeEdit(organ, R.automaticVolumeRatio, organ.automatic?.volumeRatio),
      ...uncertainty(organ),
      ...voidedRatio(organ, 'volume ratio', volume.ratio),
      ...notGiven(organ, 'mixture', 'mixture fraction'),
    ],
    '1411'
  );
}

/** A number that rests on the count of endolymph: where a warning voids the ratio, it says what was counted and why. */
function ofEndolymph(
  { measurable, voided }: OrganMeasurement,
  name: Code,
  value: number,
  units: Code,
  children: NaturalizedDataset[]
): NaturalizedDataset {
  if (measurable) return numberContent(name, value, units, children);
  const counted = units === UNITS.ratio ? percent(value) : `${value.toFixed(1)} ${units.value}`;
  const codes = (voided.ratio ?? []).join(', ');
  return absentNumber(name, QUALIFIERS.failed, [
    ...children,
    textContent('HAS PROPERTIES', R.voided, `counted ${counted}, not measurable: ${codes}`),
  ]);
}

/** What an edited region gave before; a ratio that a warning voids is none, edited or not. */
function beforeEdit(
  { measurable }: OrganMeasurement,
  name: Code,
  ratio: number | null | undefined
): NaturalizedDataset[] {
  return measurable ? shares([[name, ratio]]) : [];
}

/** A voided ratio as a line of the group: plain viewers do not show what stands below a number. */
function voidedRatio(
  { measurable, voided }: OrganMeasurement,
  name: string,
  ratio: number
): NaturalizedDataset[] {
  if (measurable) return [];
  const counted = `${name}: counted ${percent(ratio)}, not measurable`;
  return [textContent('CONTAINS', R.notGiven, `${counted} [${(voided.ratio ?? []).join(', ')}]`)];
}

/** A line for an output that a warning takes away while the ratio holds. */
function notGiven(
  { voided }: OrganMeasurement,
  output: 'mixture' | 'grade',
  name: string
): NaturalizedDataset[] {
  const codes = voided[output];
  if (!codes || codes.length === 0) return [];
  return [textContent('CONTAINS', R.notGiven, `${name}: not given [${codes.join(', ')}]`)];
}

/** How sure the volume ratio is, and the experimental estimate beside it, each under a name of its own. */
function uncertainty({ measurable, volume, mixture }: OrganMeasurement): NaturalizedDataset[] {
  return shares([
    [R.withinNoise, volume.withinNoise],
    ...(measurable ? interval(R.intervalLow, R.intervalHigh, volume.interval) : []),
    [R.mixture, mixture?.fraction],
    [R.mixtureUncertainty, mixture?.uncertainty],
  ]);
}

type Share = [Code, number | null | undefined];

const interval = (low: Code, high: Code, ends: [number, number] | null): Share[] => [
  [low, ends?.[0]],
  [high, ends?.[1]],
];

const shares = (known: Share[]): NaturalizedDataset[] =>
  known.flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value)
      ? [numberContent(name, value, UNITS.ratio)]
      : []
  );

function areaGroup(
  input: MeasurementReportInput,
  segment: Segment,
  organ: OrganMeasurement,
  area: AreaMeasurement
): NaturalizedDataset {
  const { segmentation, mrc } = input;
  const frameNumber = segmentationFrameNumber(segmentation, segment, area.image);
  const slice = sliceOfImage(imagesOf(mrc), area.image);
  if (frameNumber === 0 || slice < 0)
    throw new RangeError(
      `The segmentation has no frame of "${segment.label}" on ${imageName(area.image)} (${area.image.sopInstanceUid}), where its area was measured.`
    );
  const { sopClassUid, sopInstanceUid, frameNumber: sourceFrame } = mrc.sources[slice]!;
  return container(
    R.measurementGroup,
    [
      ...tracking(input, segment, 'area'),
      ...finding(segment),
      imageContent('CONTAINS', R.referencedFrame, {
        ...segmentationReference(segmentation),
        // A frame belongs to one segment; naming both is not permitted (PS3.3 table 10-3).
        frameNumber,
      }),
      imageContent('CONTAINS', R.sourceImage, {
        sopClassUid,
        sopInstanceUid,
        frameNumber: sourceFrame,
      }),
      codeContent('CONTAINS', R.regionOrigin, ORIGIN_CODES[organ.mask]),
      ...representativeSlice(area, input.automaticSlices?.[segment.ear]?.[segment.organ]),
      numberContent(R.area, area.totalMm2, UNITS.squareMillimetres),
      ofEndolymph(organ, R.endolymphArea, area.endolymphMm2, UNITS.squareMillimetres, []),
      ofEndolymph(organ, R.areaRatio, area.ratio, UNITS.ratio, [method(R.countBelowZero)]),
      ...beforeEdit(organ, R.automaticAreaRatio, organ.automatic?.areaRatio),
      ...(organ.measurable
        ? shares(interval(R.areaIntervalLow, R.areaIntervalHigh, area.interval))
        : []),
      ...voidedRatio(organ, 'area ratio', area.ratio),
      ...suggestedGrade(organ),
    ],
    '1410'
  );
}

/** The slice as people find it, by numbers and by name, and who chose it. */
function representativeSlice(
  { image, chosenBy }: AreaMeasurement,
  automatic: ImageReference | null | undefined
): NaturalizedDataset[] {
  const number = (name: Code, value: number | null): NaturalizedDataset[] =>
    value === null ? [] : [numberContent(name, value, UNITS.none)];
  return [
    textContent('CONTAINS', R.sliceImage, imageName(image)),
    ...number(R.sliceInstanceNumber, image.instanceNumber),
    ...number(R.sliceFrameNumber, image.frameNumber),
    codeContent('CONTAINS', R.sliceChosenBy, CHOSEN_BY_CODES[chosenBy]),
    ...(chosenBy === 'reader' && automatic
      ? [textContent('CONTAINS', R.sliceAutomatic, imageName(automatic))]
      : []),
  ];
}

function suggestedGrade(organ: OrganMeasurement): NaturalizedDataset[] {
  const { grade } = organ;
  if (!grade) return notGiven(organ, 'grade', 'suggested grade');
  const doubts = grade.doubts.map(({ code, message }) =>
    textContent('CONTAINS', R.gradeDoubt, `borderline: ${message} [${code}]`)
  );
  return [codeContent('CONTAINS', R.suggestedGrade, GRADE_CODES[grade.suggested]), ...doubts];
}

const segmentationReference = ({
  sopClassUid,
  sopInstanceUid,
}: EncodedObject): { sopClassUid: string; sopInstanceUid: string } => ({
  sopClassUid,
  sopInstanceUid,
});

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

/** The side stands below the site, where the templates have it, and beside it, where plain viewers show it. */
function finding(segment: Segment): NaturalizedDataset[] {
  const laterality = codeContent('HAS CONCEPT MOD', R.laterality, lateralityCode(segment.ear));
  return [
    codeContent('CONTAINS', R.finding, R.hydrops),
    codeContent('HAS CONCEPT MOD', R.findingSite, organCode(segment.organ), [laterality]),
    laterality,
  ];
}
