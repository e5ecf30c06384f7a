import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';
import type { ModelIdentity } from '../../types';
import { RefusedInputError, RESEARCH_NOTICE } from '../../types';
import { BUILD_ID, SOFTWARE_NAME, SOFTWARE_VERSION } from '../../version';
import { CODES, PRIVATE_SCHEME_DECLARATION, codeItem } from './codes';
import type { Moment } from './moment';
import { personName } from './part10';
import { PATIENT_AND_STUDY, REQUEST } from './patientContext';
import { items, text } from './read';

export { SOFTWARE_NAME, SOFTWARE_VERSION };

/** Present in each object, empty where unknown (Type 2). */
const EMPTY_WHEN_UNKNOWN: NaturalizedDataset = {
  PatientName: '',
  PatientID: '',
  PatientBirthDate: '',
  PatientSex: '',
  StudyDate: '',
  StudyTime: '',
  StudyID: '',
  AccessionNumber: '',
  ReferringPhysicianName: '',
};

const NUMBERS = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD']);

/** A value of an image as it is written again: nothing is rounded or refused on the way. */
function copied(keyword: string, value: unknown): unknown {
  const vr = dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.vr ?? '';
  if (vr === 'SQ') return items(value).map(copiedItem);
  if (vr === 'PN') return namesOf(value);
  const text = (item: unknown): unknown => (NUMBERS.has(vr) ? Number(item) : String(item ?? ''));
  return Array.isArray(value) ? (value as unknown[]).map(text) : text(value);
}

/** Several physicians may be named. */
function namesOf(value: unknown): string | string[] {
  const names = Array.isArray(value) ? (value as unknown[]).map(personName) : [];
  return names.length > 1 ? names : personName(value);
}

/** Its standard attributes; bytes that no value representation explains, and character sets, stay behind. */
function copiedItem(item: NaturalizedDataset): NaturalizedDataset {
  const copy: NaturalizedDataset = {};
  for (const [keyword, value] of Object.entries(item)) {
    const entry = dcmjs.data.DicomMetaDictionary.nameMap[keyword];
    if (!entry || keyword === 'SpecificCharacterSet' || value === undefined) continue;
    if (/^(O[BDFLVW]|UN|AT)$/.test(entry.vr)) continue;
    copy[keyword] = value === null ? null : copied(keyword, value);
  }
  return copy;
}

/** What an archive files an object under; half of it would file it under another patient or order. */
const IDENTIFIERS: Partial<Record<(typeof PATIENT_AND_STUDY)[number], string>> = {
  PatientID: 'Patient ID (0010,0020)',
  IssuerOfPatientID: 'Issuer of Patient ID (0010,0021)',
  AccessionNumber: 'Accession Number (0008,0050)',
};

function requireReadable(keyword: (typeof PATIENT_AND_STUDY)[number], value: unknown): void {
  const name = IDENTIFIERS[keyword];
  if (!name || !String(value).includes('\uFFFD')) return;
  const shown = String(value).replaceAll('\uFFFD', '?');
  throw new RefusedInputError(
    'identifier-unreadable',
    `${name} of the images holds characters that their Specific Character Set (0008,0005) does not explain: "${shown}". Nothing is stored under an incomplete value.`,
    'Have the character set of the images corrected in the archive, then measure the study again.',
    { attribute: keyword, value: shown }
  );
}

/**
 * Patient, study and clinical trial modules and the time zone, copied from an image of the study.
 * @throws RefusedInputError `identifier-unreadable`
 */
export function patientAndStudy(attributes: Record<string, unknown>): NaturalizedDataset {
  const dataset: NaturalizedDataset = { ...EMPTY_WHEN_UNKNOWN };
  for (const keyword of PATIENT_AND_STUDY) {
    const value = attributes[keyword];
    if (value === null || value === undefined) continue;
    requireReadable(keyword, value);
    dataset[keyword] = copied(keyword, value);
  }
  return dataset;
}

/** The request that the images answer, for objects of the General Series module (PS3.3 C.7.3.1). */
export function requestAttributes(attributes: Record<string, unknown>): NaturalizedDataset {
  const requests = items(attributes[REQUEST]);
  return requests.length === 0 ? {} : { [REQUEST]: requests.map(copiedItem) };
}

/** The same for a report (C.17.2), with what it wants in each item, empty where unknown. */
export function referencedRequests(attributes: Record<string, unknown>): NaturalizedDataset {
  const requests = items(attributes[REQUEST]);
  if (requests.length === 0) return {};
  const or = (value: unknown): unknown => (text(value) === '' ? null : value);
  return {
    ReferencedRequestSequence: requests.map(copiedItem).map((request) => ({
      StudyInstanceUID: or(request.StudyInstanceUID) ?? attributes.StudyInstanceUID,
      ReferencedStudySequence: request.ReferencedStudySequence ?? [],
      AccessionNumber: or(request.AccessionNumber) ?? or(attributes.AccessionNumber),
      IssuerOfAccessionNumberSequence: request.IssuerOfAccessionNumberSequence,
      PlacerOrderNumberImagingServiceRequest:
        or(request.PlacerOrderNumberImagingServiceRequest) ??
        or(attributes.PlacerOrderNumberImagingServiceRequest),
      FillerOrderNumberImagingServiceRequest:
        or(request.FillerOrderNumberImagingServiceRequest) ??
        or(attributes.FillerOrderNumberImagingServiceRequest),
      RequestedProcedureID: or(request.RequestedProcedureID),
      RequestedProcedureDescription: or(request.RequestedProcedureDescription),
      RequestedProcedureCodeSequence: request.RequestedProcedureCodeSequence ?? [],
    })),
  };
}

/** Series and content date and time. */
export function seriesMoment({ date, time }: Moment): NaturalizedDataset {
  return { SeriesDate: date, SeriesTime: time, ContentDate: date, ContentTime: time };
}

/** General and Enhanced General Equipment modules (PS3.3 C.7.5.1, C.7.5.2) of this software. */
export function ownEquipment(): NaturalizedDataset {
  return {
    Manufacturer: SOFTWARE_NAME,
    ManufacturerModelName: SOFTWARE_NAME,
    // Type 1: distinguishes builds that have the same version.
    DeviceSerialNumber: BUILD_ID,
    SoftwareVersions: SOFTWARE_VERSION,
  };
}

/** One sentence that identifies the model exactly. */
export function modelText(model: ModelIdentity | null): string {
  return model
    ? `Model ${model.name} ${model.version}, SHA-256 ${model.sha256}`
    : 'No segmentation model';
}

/**
 * Contributing Equipment item (PS3.3 C.12.1): the software's version and the model's hash.
 * @param contribution further sentences on what was done
 */
export function contributingEquipment(
  model: ModelIdentity | null,
  { dateTime }: Moment,
  backend?: string,
  contribution = ''
): NaturalizedDataset {
  return {
    Manufacturer: SOFTWARE_NAME,
    ManufacturerModelName: SOFTWARE_NAME,
    SoftwareVersions: [
      SOFTWARE_VERSION,
      ...(model ? [cut(`${model.name} ${model.version}`, 64)] : []),
    ],
    ContributionDateTime: dateTime,
    ContributionDescription: cut(
      [`${modelText(model)}.`, backend && `Backend ${backend}.`, contribution, RESEARCH_NOTICE]
        .filter(Boolean)
        .join(' '),
      1024
    ),
    PurposeOfReferenceCodeSequence: [codeItem(CODES.processingEquipment)],
  };
}

/** SOP Common attributes (PS3.3 C.12.1) shared by all objects that this software creates. */
export function sopCommon(
  sopClassUid: string,
  sopInstanceUid: string,
  { date, time }: Moment
): NaturalizedDataset {
  return {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    CodingSchemeIdentificationSequence: [PRIVATE_SCHEME_DECLARATION],
  };
}

/** A text cut to what its value representation holds; for descriptions, never for identifiers. */
export function cut(text: string, length: number): string {
  const clean = text.replace(/\\/g, '/').trim();
  return clean.length <= length ? clean : `${clean.slice(0, length - 3)}...`;
}
