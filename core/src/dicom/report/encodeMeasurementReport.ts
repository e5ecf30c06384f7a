import { PARTS } from '../../registry';
import type { NaturalizedDataset } from 'dcmjs';
import { resultOrigin } from '../../measurement/readerChoices';
import { warningSentence } from '../../measurement/warningSentence';
import { RESEARCH_NOTICE, type Warning } from '../../types';
import { contentUid } from '../encode/contentUid';
import { deriveUid } from '../encode/deriveUid';
import {
  SOFTWARE_NAME,
  SOFTWARE_VERSION,
  contributingEquipment,
  ownEquipment,
  patientAndStudy,
  referencedRequests,
  seriesMoment,
  sopCommon,
} from '../encode/modules';
import { codeItem } from '../encode/codes';
import { momentOf } from '../encode/moment';
import { encodePart10, type EncodedObject } from '../encode/part10';
import { readerName } from '../encode/readersWords';
import { algorithm } from './algorithm';
import { choiceItems } from './choices';
import {
  codeContent,
  container,
  containerAttributes,
  personContent,
  textContent,
  uidContent,
} from './contentItems';
import { imageLibrary } from './imageLibrary';
import { measurementGroups } from './measurementGroups';
import { codedFindings } from './readerFindings';
import type { MeasurementReportInput } from './reportInput';
import { REPORT_CODES as R } from './reportCodes';

const COMPREHENSIVE_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.33';

/**
 * The measurement as a Comprehensive SR document after TID 1500: for each ear and organ one group of
 * volumes (TID 1411) that refers to the segment, and one of areas on the representative slice (TID
 * 1410) that refers to the segmentation's frame; for an organ that was not measured, a group that says so (TID 1501).
 * A number that a warning voids is absent, with a qualifier, what was counted and why it is no measurement.
 * The Image Library names the images, and the algorithm stands once, above all groups.
 * Suggested grades are marked as such; warnings, who chose what, the reader's fields and the research notice stand
 * beside them. UIDs follow from the content.
 *
 * @throws RangeError when the segmentation does not show what was measured
 * @throws RefusedInputError `reader-name-unsuitable`
 */
export function encodeMeasurementReport(input: MeasurementReportInput): EncodedObject {
  const { mrc, verified } = input;
  const { attributes } = mrc.header;
  const moment = momentOf(input.created, attributes);
  const origin = resultOrigin(input.measurement);
  const name = `EH measurement${origin === 'automatic' ? '' : `, ${origin}`}`;
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    ...ownEquipment(),
    Modality: 'SR',
    SeriesNumber: PARTS.report.seriesNumber,
    SeriesDescription: `${name} (research use)`,
    ...seriesMoment(moment),
    ...referencedRequests({ ...attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    InstanceNumber: 1,
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    ContributingEquipmentSequence: [
      contributingEquipment(input.measurement.model, moment, input.backend),
    ],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: verified ? 'VERIFIED' : 'UNVERIFIED',
    VerifyingObserverSequence: verified && [
      {
        VerifyingObserverName: readerName(verified.name),
        VerifyingObserverIdentificationCodeSequence: [],
        VerifyingOrganization: verified.organization,
        VerificationDateTime: momentOf(verified.date, attributes).dateTime,
      },
    ],
    CurrentRequestedProcedureEvidenceSequence: [evidence(input)],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(R.report)],
    ...containerAttributes('1500'),
    ContentSequence: content(input),
  };
  const instance = contentUid('measurement-report', dataset);
  return encodePart10(
    {
      ...dataset,
      ...sopCommon(COMPREHENSIVE_SR_STORAGE, instance, moment),
      SeriesInstanceUID: deriveUid('measurement-report-series', instance),
    },
    `${name} (DICOM SR)`
  );
}

function content(input: MeasurementReportInput): NaturalizedDataset[] {
  const { measurement } = input;
  const remarks = [
    textContent('CONTAINS', R.researchUse, measurement.notice || RESEARCH_NOTICE),
    ...choiceItems(input),
    ...measurement.warnings.map((warning) =>
      textContent('CONTAINS', R.warning, warningText(warning))
    ),
    ...Object.entries(input.readerFields ?? {})
      .filter(([, value]) => value.trim() !== '')
      .map(([field, value]) => textContent('CONTAINS', R.readerField, `${field}: ${value}`)),
    ...codedFindings(input.readerFindings),
  ];
  return [
    codeContent('HAS CONCEPT MOD', R.language, R.english),
    ...deviceObserver(),
    ...personObserver(input.reader),
    codeContent('HAS CONCEPT MOD', R.procedureReported, R.magneticResonance),
    imageLibrary(input),
    container(R.imagingMeasurements, [...algorithm(input), ...measurementGroups(input)]),
    container(R.qualitative, remarks),
  ];
}

function warningText(warning: Warning): string {
  return `${warningSentence(warning)} [${warning.code}]`;
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
