import { knownAutomatic } from '../../measurement/automaticChoices';
import { EAR_SIDES, ORGAN_KEYS, ROLE_KEYS, perEar, perRole } from '../../registry';
import type { NaturalizedDataset } from 'dcmjs';
import {
  RefusedInputError,
  type AutomaticChoices,
  type Choices,
  type ChosenBy,
  type EarSide,
  type ImageReference,
  type MaskOrigin,
  type Organ,
} from '../../types';
import { lateralityCode, organCode, type Code } from '../encode/codes';
import { readAutomaticSeries, readPosition } from './choices';
import { personName } from '../encode/part10';
import { dateOf, items, numbers, readAttributes, text } from '../encode/read';
import {
  CHOICE_CODES,
  CHOSEN_BY_CODES,
  GRADE_CODES,
  ORIGIN_CODES,
  REPORT_CODES as R,
} from './reportCodes';

export interface ReportedOrgan {
  ear: EarSide;
  organ: Organ;
  /** False where a warning voids the ratio, or the organ was not measured at all. */
  measurable: boolean;
  /** Codes of the warnings that void it. */
  voidedBy: string[];
  /** Why there is no measurement of the organ; null if there is a measurement. */
  notMeasured: string | null;
  /** Null endolymph and ratio: voided. */
  volume: {
    totalMm3: number;
    endolymphMm3: number | null;
    ratio: number | null;
    /** Of the region before it was edited; null where it was not, or where that is not said. */
    automaticRatio: number | null;
  } | null;
  area: {
    totalMm2: number;
    endolymphMm2: number | null;
    ratio: number | null;
    /** As that of the volume. */
    automaticRatio: number | null;
    /** Without Series Number; the name holds it. */
    image: Omit<ImageReference, 'seriesNumber'>;
    /** `series 4, image 25`; empty in earlier reports. */
    imageName: string;
    chosenBy: ChosenBy | null;
    /** The slice that the software would choose, where the reader chose another; null where it is not said. */
    automaticImageName: string | null;
  } | null;
  mask: MaskOrigin | null;
  suggestedGrade: keyof typeof GRADE_CODES | null;
  /** Why the grade is borderline; empty where it is not. */
  gradeDoubts: string[];
}

export interface DecodedMeasurementReport {
  organs: ReportedOrgan[];
  /** SOP Instance UID of the segmentation that the groups refer to. */
  segmentationUid: string | null;
  algorithm: { name: string; version: string; parameters: string[] } | null;
  reader: string | null;
  verified: boolean;
  warnings: string[];
  /** Null in earlier reports. */
  choices: Choices | null;
  readerFields: Record<string, string>;
  created: Date | null;
}

/**
 * The numbers and texts of a report that `encodeMeasurementReport` wrote (or another software wrote
 * with the same codes).
 *
 * @throws RefusedInputError `not-dicom`, `not-a-measurement-report`
 */
export function decodeMeasurementReport(file: ArrayBuffer): DecodedMeasurementReport {
  const dataset = readAttributes(file);
  if (
    text(dataset.Modality) !== 'SR' ||
    !isCode(items(dataset.ConceptNameCodeSequence)[0], R.report)
  )
    throw new RefusedInputError(
      'not-a-measurement-report',
      `Series "${text(dataset.SeriesDescription)}" (${text(dataset.Modality)}) is not an Imaging Measurement Report.`,
      'Choose the series "EH measurement".'
    );
  const root = items(dataset.ContentSequence);
  const measured = root.filter(named(R.imagingMeasurements)).flatMap(children);
  const groups = measured.filter(named(R.measurementGroup));
  const remarks = root.filter(named(R.qualitative)).flatMap(children);
  const texts = (name: Code): string[] => remarks.filter(named(name)).map(textOf);
  const person = root.find(named(R.personName));
  return {
    organs: organsOf(groups),
    segmentationUid: segmentationUid(groups),
    // Earlier reports repeat it in each group.
    algorithm: algorithmOf(measured) ?? algorithmOf(groups.flatMap(children)),
    reader: person ? personName(person.PersonName) : null,
    verified: text(dataset.VerificationFlag) === 'VERIFIED',
    warnings: texts(R.warning),
    choices: choicesOf(remarks),
    readerFields: Object.fromEntries(
      texts(R.readerField).map((field) => {
        const colon = field.indexOf(': ');
        return [field.slice(0, colon), field.slice(colon + 2)];
      })
    ),
    created: dateOf(dataset.ContentDate, dataset.ContentTime),
  };
}

function isCode(item: NaturalizedDataset | undefined, code: Code): boolean {
  return text(item?.CodeValue) === code.value && text(item?.CodingSchemeDesignator) === code.scheme;
}

const named =
  (code: Code) =>
  (item: NaturalizedDataset): boolean =>
    isCode(items(item.ConceptNameCodeSequence)[0], code);

const children = (item: NaturalizedDataset): NaturalizedDataset[] => items(item.ContentSequence);

/** Readers may split texts at backslashes, which TextValue may hold. */
const textOf = (item: NaturalizedDataset): string =>
  Array.isArray(item.TextValue) ? item.TextValue.join('\\') : text(item.TextValue);

function organsOf(groups: NaturalizedDataset[]): ReportedOrgan[] {
  const found = new Map<string, ReportedOrgan>();
  for (const group of groups) {
    const site = children(group).find(named(R.findingSite));
    const siteCode = items(site?.ConceptCodeSequence)[0];
    const side = site && children(site).find(named(R.laterality));
    const sideCode = items(side?.ConceptCodeSequence)[0];
    const organ = ORGAN_KEYS.find((o) => isCode(siteCode, organCode(o)));
    const ear = EAR_SIDES.find((e) => isCode(sideCode, lateralityCode(e)));
    if (!organ || !ear) continue;
    const key = `${ear} ${organ}`;
    found.set(key, readGroup(group, found.get(key) ?? { ...NOTHING, ear, organ }));
  }
  return [...found.values()];
}

const NOTHING: Omit<ReportedOrgan, 'ear' | 'organ'> = {
  measurable: true,
  voidedBy: [],
  notMeasured: null,
  volume: null,
  area: null,
  mask: null,
  suggestedGrade: null,
  gradeDoubts: [],
};

/** One group's share of what is said of an organ. */
function readGroup(group: NaturalizedDataset, reported: ReportedOrgan): ReportedOrgan {
  const voidedBy = items(group.ContentSequence)
    .flatMap(children)
    .filter(named(R.voided))
    .flatMap((item) => textOf(item).split('not measurable: ')[1]?.split(', ') ?? []);
  const ratio = item(group, R.volumeRatio);
  const absent = [...children(group), ...(ratio ? children(ratio) : [])].find(named(R.notMeasured));
  const notMeasured = absent ? textOf(absent) : reported.notMeasured;
  const grade = item(group, R.suggestedGrade);
  return {
    ...reported,
    measurable: reported.measurable && voidedBy.length === 0 && notMeasured === null,
    voidedBy: [...new Set([...reported.voidedBy, ...voidedBy])],
    notMeasured,
    volume: volumeOf(group) ?? reported.volume,
    area: areaOf(group) ?? reported.area,
    mask: keyOfCode(ORIGIN_CODES, item(group, R.regionOrigin)) ?? reported.mask,
    suggestedGrade: keyOfCode(GRADE_CODES, grade) ?? reported.suggestedGrade,
    // Earlier reports have them below the grade.
    gradeDoubts: grade
      ? [...children(group), ...children(grade)].filter(named(R.gradeDoubt)).map(textOf)
      : reported.gradeDoubts,
  };
}

const item = (group: NaturalizedDataset, name: Code): NaturalizedDataset | undefined =>
  children(group).find(named(name));

function numberOf(group: NaturalizedDataset, ...names: Code[]): number | null {
  for (const name of names) {
    const value = items(item(group, name)?.MeasuredValueSequence)[0];
    const number = numbers(value?.FloatingPointValue ?? value?.NumericValue)[0];
    if (number !== undefined) return number;
  }
  return null;
}

function volumeOf(group: NaturalizedDataset): ReportedOrgan['volume'] {
  const totalMm3 = numberOf(group, R.volume);
  if (totalMm3 === null) return null;
  return {
    totalMm3,
    endolymphMm3: numberOf(group, R.endolymphVolume),
    ratio: numberOf(group, R.volumeRatio, R.volumeRatioOld),
    automaticRatio: numberOf(group, R.automaticVolumeRatio),
  };
}

function areaOf(group: NaturalizedDataset): ReportedOrgan['area'] {
  const totalMm2 = numberOf(group, R.area);
  if (totalMm2 === null) return null;
  const reference = items(item(group, R.sourceImage)?.ReferencedSOPSequence)[0];
  const name = item(group, R.sliceImage);
  const chosenBy = item(group, R.sliceChosenBy);
  const automatic =
    item(group, R.sliceAutomatic) ?? (chosenBy && children(chosenBy).find(named(R.sliceAutomatic)));
  return {
    totalMm2,
    endolymphMm2: numberOf(group, R.endolymphArea),
    ratio: numberOf(group, R.areaRatio),
    automaticRatio: numberOf(group, R.automaticAreaRatio),
    image: {
      instanceNumber: numberOf(group, R.sliceInstanceNumber),
      frameNumber: numbers(reference?.ReferencedFrameNumber)[0] ?? null,
      sopInstanceUid: text(reference?.ReferencedSOPInstanceUID),
    },
    imageName: name ? textOf(name) : '',
    chosenBy: keyOfCode(CHOSEN_BY_CODES, chosenBy),
    automaticImageName: automatic ? textOf(automatic) : null,
  };
}

/** Which of a table's codes a CODE item holds. */
function keyOfCode<K extends string>(
  table: Record<K, Code>,
  content: NaturalizedDataset | undefined
): K | null {
  const value = items(content?.ConceptCodeSequence)[0];
  return (Object.keys(table) as K[]).find((key) => isCode(value, table[key])) ?? null;
}

function choicesOf(remarks: NaturalizedDataset[]): Choices | null {
  const of = (key: keyof typeof CHOICE_CODES): ChosenBy | null =>
    keyOfCode(CHOSEN_BY_CODES, remarks.find(named(CHOICE_CODES[key])));
  const method = of('method');
  if (method === null) return null;
  const or = (key: keyof typeof CHOICE_CODES): ChosenBy => of(key) ?? 'automatic';
  return {
    method,
    roles: perRole(or),
    ears: perEar(or),
    ...knownAutomatic(automaticOf(remarks)),
  };
}

/** What the software had in place of the reader's series and ear positions. */
function automaticOf(remarks: NaturalizedDataset[]): AutomaticChoices {
  const automatic: AutomaticChoices = { series: {}, ears: {} };
  const before = (key: keyof typeof CHOICE_CODES): string => {
    const remark = remarks.find(named(CHOICE_CODES[key]));
    const stated = remark && item(remark, R.choiceAutomatic);
    return stated ? textOf(stated) : '';
  };
  for (const role of ROLE_KEYS) {
    const series = readAutomaticSeries(before(role));
    if (series !== undefined) automatic.series[role] = series;
  }
  for (const ear of EAR_SIDES) {
    const position = readPosition(before(ear));
    if (position) automatic.ears[ear] = position;
  }
  return automatic;
}

function segmentationUid(groups: NaturalizedDataset[]): string | null {
  for (const group of groups) {
    const item = children(group).find(named(R.referencedSegment));
    const uid = text(items(item?.ReferencedSOPSequence)[0]?.ReferencedSOPInstanceUID);
    if (uid) return uid;
  }
  return null;
}

function algorithmOf(content: NaturalizedDataset[]): DecodedMeasurementReport['algorithm'] {
  const texts = (name: Code): string[] => content.filter(named(name)).map(textOf);
  const name = texts(R.algorithmName)[0];
  if (name === undefined) return null;
  return {
    name,
    version: texts(R.algorithmVersion)[0] ?? '',
    parameters: [...new Set(texts(R.algorithmParameters))],
  };
}
