import { PARTS } from '../../registry';
import type { NaturalizedDataset } from 'dcmjs';
import { contentUid } from '../encode/contentUid';
import { deriveUid } from '../encode/deriveUid';
import { lossyCompression } from '../encode/lossy';
import {
  contributingEquipment,
  ownEquipment,
  patientAndStudy,
  requestAttributes,
  seriesMoment,
  sopCommon,
} from '../encode/modules';
import { momentOf } from '../encode/moment';
import { encodePart10, type EncodedObject } from '../encode/part10';
import { drawSummary } from './drawSummary';
import type { SummaryContent } from './summaryContent';

const SECONDARY_CAPTURE_STORAGE = '1.2.840.10008.5.1.4.1.1.7';

export interface SummaryImageInput extends SummaryContent {
  /** When the reader made or last edited the result; null where it follows from images and software alone. */
  created: Date | null;
}

/**
 * The result as a Secondary Capture image for workstations that show neither SEG nor SR: outlines on
 * the representative slices, the table, warnings, and the research notice burned in. It shows no
 * name or other identifier of the patient.
 */
export function encodeSummaryImage(input: SummaryImageInput): EncodedObject {
  const { mrc } = input;
  const moment = momentOf(input.created, mrc.header.attributes);
  const raster = drawSummary(input);
  const pixels = new Uint8Array(2 * Math.ceil(raster.data.length / 2));
  pixels.set(raster.data);
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({
      ...mrc.header.attributes,
      StudyInstanceUID: mrc.header.studyInstanceUid,
    }),
    ...ownEquipment(),
    Modality: 'OT',
    ConversionType: 'WSD',
    SeriesNumber: PARTS.summary.seriesNumber,
    SeriesDescription: 'EH summary (research use)',
    ...seriesMoment(moment),
    ...requestAttributes(mrc.header.attributes),
    DateOfSecondaryCapture: moment.date,
    TimeOfSecondaryCapture: moment.time,
    InstanceNumber: 1,
    BodyPartExamined: 'HEAD',
    PatientOrientation: null,
    ImageType: ['DERIVED', 'SECONDARY'],
    // About text that identifies the patient: there is none.
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    ...lossyCompression([mrc, ...(input.sources ?? [])]),
    ContributingEquipmentSequence: [contributingEquipment(input.measurement.model, moment)],
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: raster.height,
    Columns: raster.width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: pixels.buffer,
  };
  // MRC's UID too: the image may show the same of two series.
  const instance = contentUid('summary', mrc.header.seriesInstanceUid, dataset);
  return encodePart10(
    {
      ...dataset,
      ...sopCommon(SECONDARY_CAPTURE_STORAGE, instance, moment),
      SeriesInstanceUID: deriveUid('summary-series', instance),
    },
    'EH summary (Secondary Capture)',
    { pixelVr: 'OB' }
  );
}
