import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError, type EarSide, type Organ } from '../../types';
import { lateralityCode, organCode, type Code } from '../encode/codes';
import { personName } from '../encode/part10';
import { dateOf, items, numbers, readPart10, text } from '../encode/read';
import { GRADE_CODES, REPORT_CODES as R } from './reportCodes';

export interface ReportedOrgan {
  ear: EarSide;
  organ: Organ;
  volume: { totalMm3: number; endolymphMm3: number; ratio: number } | null;
  area: {
    totalMm2: number;
    endolymphMm2: number;
    ratio: number;
    /** From 0. */
    slice: number;
    sopInstanceUid: string;
  } | null;
  suggestedGrade: keyof typeof GRADE_CODES | null;
}

export interface DecodedMeasurementReport {
  organs: ReportedOrgan[];
  /** SOP Instance UID of the segmentation that the groups refer to. */
  segmentationUid: string | null;
  algorithm: { name: string; version: string; parameters: string[] } | null;
  reader: string | null;
  verified: boolean;
  warnings: string[];
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
  const { dataset } = readPart10(file);
  if (
    text(dataset.Modality) !== 'SR' ||
    !isCode(items(dataset.ConceptNameCodeSequence)[0], R.report)
  )
    throw new RefusedInputError(
      'not-a-measurement-report',
      `Series "${text(dataset.SeriesDescription)}" (${text(dataset.Modality)}) is no Imaging Measurement Report.`,
      'Choose the series "EH measurement".'
    );
  const root = items(dataset.ContentSequence);
  const groups = root
    .filter(named(R.imagingMeasurements))
    .flatMap(children)
    .filter(named(R.measurementGroup));
  const remarks = root.filter(named(R.qualitative)).flatMap(children);
  const texts = (name: Code): string[] => remarks.filter(named(name)).map(textOf);
  const person = root.find(named(R.personName));
  return {
    organs: organsOf(groups),
    segmentationUid: segmentationUid(groups),
    algorithm: algorithmOf(groups[0]),
    reader: person ? personName(person.PersonName) : null,
    verified: text(dataset.VerificationFlag) === 'VERIFIED',
    warnings: texts(R.warning),
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

/** dcmjs splits texts at backslashes, which TextValue may hold. */
const textOf = (item: NaturalizedDataset): string =>
  Array.isArray(item.TextValue) ? item.TextValue.join('\\') : text(item.TextValue);

function organsOf(groups: NaturalizedDataset[]): ReportedOrgan[] {
  const found = new Map<string, ReportedOrgan>();
  for (const group of groups) {
    const site = children(group).find(named(R.findingSite));
    const siteCode = items(site?.ConceptCodeSequence)[0];
    const side = site && children(site).find(named(R.laterality));
    const sideCode = items(side?.ConceptCodeSequence)[0];
    const organ = (['cochlea', 'vestibule'] as const).find((o) => isCode(siteCode, organCode(o)));
    const ear = (['left', 'right'] as const).find((e) => isCode(sideCode, lateralityCode(e)));
    if (!organ || !ear) continue;
    const key = `${ear} ${organ}`;
    const reported = found.get(key) ?? {
      ear,
      organ,
      volume: null,
      area: null,
      suggestedGrade: null,
    };
    found.set(key, readGroup(group, reported));
  }
  return [...found.values()];
}

function readGroup(group: NaturalizedDataset, reported: ReportedOrgan): ReportedOrgan {
  const number = (name: Code): number | null => {
    const item = children(group).find(named(name));
    const value = items(item?.MeasuredValueSequence)[0];
    return numbers(value?.FloatingPointValue ?? value?.NumericValue)[0] ?? null;
  };
  const [totalMm3, endolymphMm3, volumeRatio] = [R.volume, R.endolymphVolume, R.volumeRatio].map(
    number
  );
  const [totalMm2, endolymphMm2, areaRatio, slice] = [
    R.area,
    R.endolymphArea,
    R.areaRatio,
    R.representativeSlice,
  ].map(number);
  const source = children(group).find(named(R.sourceImage));
  const grade = items(children(group).find(named(R.suggestedGrade))?.ConceptCodeSequence)[0];
  return {
    ...reported,
    volume: allThere(totalMm3, endolymphMm3, volumeRatio)
      ? { totalMm3: totalMm3!, endolymphMm3: endolymphMm3!, ratio: volumeRatio! }
      : reported.volume,
    area: allThere(totalMm2, endolymphMm2, areaRatio, slice)
      ? {
          totalMm2: totalMm2!,
          endolymphMm2: endolymphMm2!,
          ratio: areaRatio!,
          slice: slice! - 1,
          sopInstanceUid: text(items(source?.ReferencedSOPSequence)[0]?.ReferencedSOPInstanceUID),
        }
      : reported.area,
    suggestedGrade:
      (Object.keys(GRADE_CODES) as (keyof typeof GRADE_CODES)[]).find((key) =>
        isCode(grade, GRADE_CODES[key])
      ) ?? reported.suggestedGrade,
  };
}

const allThere = (...values: (number | null | undefined)[]): boolean =>
  values.every((value) => value !== null && value !== undefined);

function segmentationUid(groups: NaturalizedDataset[]): string | null {
  for (const group of groups) {
    const item = children(group).find(named(R.referencedSegment));
    const uid = text(items(item?.ReferencedSOPSequence)[0]?.ReferencedSOPInstanceUID);
    if (uid) return uid;
  }
  return null;
}

function algorithmOf(group: NaturalizedDataset | undefined): DecodedMeasurementReport['algorithm'] {
  if (!group) return null;
  const texts = (name: Code): string[] => children(group).filter(named(name)).map(textOf);
  const name = texts(R.algorithmName)[0];
  if (name === undefined) return null;
  return {
    name,
    version: texts(R.algorithmVersion)[0] ?? '',
    parameters: texts(R.algorithmParameters),
  };
}
