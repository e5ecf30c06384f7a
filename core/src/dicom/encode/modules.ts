import type { NaturalizedDataset } from 'dcmjs';
import type { ModelIdentity } from '../../types';
import { RefusedInputError, RESEARCH_NOTICE } from '../../types';
import { BUILD_ID, SOFTWARE_NAME, SOFTWARE_VERSION } from '../../version';
import { CODES, PRIVATE_SCHEME_DECLARATION, codeItem } from './codes';
import { PATIENT_AND_STUDY, personName } from './part10';

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

function copied(keyword: string, value: unknown): unknown {
  if (keyword.endsWith('Name')) return personName(value);
  // As text: a host may hand numbers over, and nothing is to be rounded or refused on the way.
  if (Array.isArray(value)) return (value as unknown[]).map((item) => String(item ?? ''));
  return String(value);
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
    `${name} of the images holds characters that their Specific Character Set (0008,0005) does not explain: "${shown}". Nothing is stored under a part of it.`,
    'Have the character set of the images corrected in the archive, then measure the study again.',
    { attribute: keyword, value: shown }
  );
}

/**
 * Patient and General Study modules, copied from an image of the study.
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

/** YYYYMMDD in local time, as DICOM dates are. */
export function dicomDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

/** HHMMSS in local time. */
export function dicomTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** YYYYMMDDHHMMSS with the offset from UTC, so that it can be read back exactly to the second. */
export function dicomDateTime(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const offset = Math.abs(minutes);
  return `${dicomDate(date)}${dicomTime(date)}${minutes < 0 ? '-' : '+'}${two(offset / 60)}${two(offset % 60)}`;
}

/** General and Enhanced General Equipment modules (PS3.3 C.7.5.1, C.7.5.2) of this software. */
export function ownEquipment(): NaturalizedDataset {
  return {
    Manufacturer: SOFTWARE_NAME,
    ManufacturerModelName: SOFTWARE_NAME,
    // Type 1: tells one build from another where both have the same version.
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
  created: Date,
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
    ContributionDateTime: dicomDateTime(created),
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
  created: Date
): NaturalizedDataset {
  return {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: dicomDate(created),
    InstanceCreationTime: dicomTime(created),
    CodingSchemeIdentificationSequence: [PRIVATE_SCHEME_DECLARATION],
  };
}

/** A text cut to what its value representation holds; for descriptions, never for identifiers. */
export function cut(text: string, length: number): string {
  const clean = text.replace(/\\/g, '/').trim();
  return clean.length <= length ? clean : `${clean.slice(0, length - 3)}...`;
}
