import type { NaturalizedDataset } from 'dcmjs';
import { RESEARCH_NOTICE, type Measurement, type Series } from '../../types';
import { deriveUid } from '../encode/deriveUid';
import {
  SOFTWARE_NAME,
  SOFTWARE_VERSION,
  contributingEquipment,
  dicomDate,
  dicomDateTime,
  dicomTime,
  ownEquipment,
  patientAndStudy,
  sopCommon,
} from '../encode/modules';
import { codeItem } from '../encode/codes';
import { encodePart10, personName, type EncodedObject } from '../encode/part10';
import {
  codeContent,
  container,
  containerAttributes,
  personContent,
  textContent,
  uidContent,
} from './contentItems';
import { measurementGroups } from './measurementGroups';
import { REPORT_CODES as R } from './reportCodes';

export const COMPREHENSIVE_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.33';

export interface MeasurementReportInput {
  mrc: Series;
  ppi: Series;
  pei: Series | null;
  measurement: Measurement;
  /** What `encodeSegmentation` returned for the same result: the groups refer to its segments. */
  segmentation: EncodedObject;
  edited: boolean;
  backend?: string;
  /** Family^Given of the person who read the result. */
  reader?: string;
  /** The reader's own fields, name and text. */
  readerFields?: Record<string, string>;
  /** A named reader stands for the content; without it the report is UNVERIFIED. */
  verified?: { name: string; organization: string; date: Date };
  /** When the result was made or last edited, not when it is stored. */
  created: Date;
}

/**
 * The measurement as a Comprehensive SR document after TID 1500: for each ear and organ one group of
 * volumes (TID 1411) that refers to the segment, and one of areas on the representative slice (TID
 * 1410) that refers to the segmentation's frame. Suggested grades are marked as such; warnings, the
 * reader's fields and the research notice stand as text. UIDs follow from the content.
 */
export function encodeMeasurementReport(input: MeasurementReportInput): EncodedObject {
  const { mrc, created, segmentation, verified } = input;
  const instance = deriveUid(
    'measurement-report',
    segmentation.sopInstanceUid,
    JSON.stringify(input.measurement.ears),
    JSON.stringify(input.measurement.warnings),
    JSON.stringify(input.readerFields ?? null),
    input.reader ?? '',
    verified ? `${verified.name} ${verified.date.toISOString()}` : ''
  );
  const name = `EH measurement${input.edited ? ', edited' : ''}`;
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...mrc.header.attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    ...sopCommon(COMPREHENSIVE_SR_STORAGE, instance, created),
    ...ownEquipment(),
    Modality: 'SR',
    SeriesInstanceUID: deriveUid('measurement-report-series', instance),
    SeriesNumber: 9300,
    SeriesDescription: `${name} (research use)`,
    SeriesDate: dicomDate(created),
    SeriesTime: dicomTime(created),
    ContentDate: dicomDate(created),
    ContentTime: dicomTime(created),
    InstanceNumber: 1,
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    ContributingEquipmentSequence: [
      contributingEquipment(input.measurement.model, created, input.backend),
    ],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: verified ? 'VERIFIED' : 'UNVERIFIED',
    VerifyingObserverSequence: verified && [
      {
        VerifyingObserverName: personName(verified.name),
        VerifyingObserverIdentificationCodeSequence: [],
        VerifyingOrganization: verified.organization,
        VerificationDateTime: dicomDateTime(verified.date),
      },
    ],
    CurrentRequestedProcedureEvidenceSequence: [evidence(input)],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(R.report)],
    ...containerAttributes('1500'),
    ContentSequence: content(input),
  };
  return encodePart10(dataset, `${name} (DICOM SR)`);
}

function content(input: MeasurementReportInput): NaturalizedDataset[] {
  const { measurement } = input;
  const remarks = [
    textContent('CONTAINS', R.researchUse, measurement.notice || RESEARCH_NOTICE),
    ...measurement.warnings.map((warning) =>
      textContent(
        'CONTAINS',
        R.warning,
        `${warning.ear ? `${warning.ear} ear: ` : ''}${warning.message} [${warning.code}]`
      )
    ),
    ...Object.entries(input.readerFields ?? {})
      .filter(([, value]) => value.trim() !== '')
      .map(([field, value]) => textContent('CONTAINS', R.readerField, `${field}: ${value}`)),
  ];
  return [
    codeContent('HAS CONCEPT MOD', R.language, R.english),
    ...deviceObserver(),
    ...personObserver(input.reader),
    codeContent('HAS CONCEPT MOD', R.procedureReported, R.magneticResonance),
    container(R.imagingMeasurements, measurementGroups(input)),
    container(R.qualitative, remarks),
  ];
}

/** TID 1004. */
function deviceObserver(): NaturalizedDataset[] {
  return [
    codeContent('HAS OBS CONTEXT', R.observerType, R.device),
    uidContent(
      'HAS OBS CONTEXT',
      R.deviceUid,
      deriveUid('device', SOFTWARE_NAME, SOFTWARE_VERSION)
    ),
    textContent('HAS OBS CONTEXT', R.deviceName, SOFTWARE_NAME),
    textContent('HAS OBS CONTEXT', R.deviceManufacturer, SOFTWARE_NAME),
    textContent('HAS OBS CONTEXT', R.deviceModel, `${SOFTWARE_NAME} ${SOFTWARE_VERSION}`),
  ];
}

/** TID 1003. */
function personObserver(reader: string | undefined): NaturalizedDataset[] {
  if (!reader) return [];
  return [
    codeContent('HAS OBS CONTEXT', R.observerType, R.person),
    personContent('HAS OBS CONTEXT', R.personName, reader),
  ];
}

/** Every object that the document refers to, by series (PS3.3 C.17.2.3). */
function evidence({ mrc, ppi, pei, segmentation }: MeasurementReportInput): NaturalizedDataset {
  const series = [mrc, ppi, ...(pei ? [pei] : [])].map(({ header, sources }) => ({
    SeriesInstanceUID: header.seriesInstanceUid,
    ReferencedSOPSequence: [
      ...new Map(sources.map((source) => [source.sopInstanceUid, source.sopClassUid])),
    ].map(([uid, sopClass]) => ({
      ReferencedSOPClassUID: sopClass,
      ReferencedSOPInstanceUID: uid,
    })),
  }));
  return {
    StudyInstanceUID: mrc.header.studyInstanceUid,
    ReferencedSeriesSequence: [
      ...series,
      {
        SeriesInstanceUID: segmentation.seriesInstanceUid,
        ReferencedSOPSequence: [
          {
            ReferencedSOPClassUID: segmentation.sopClassUid,
            ReferencedSOPInstanceUID: segmentation.sopInstanceUid,
          },
        ],
      },
    ],
  };
}
