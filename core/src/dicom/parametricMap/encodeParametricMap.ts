import type { NaturalizedDataset } from 'dcmjs';
import { METHODS, PARTS, type Method } from '../../registry';
import { RESEARCH_NOTICE, type ModelIdentity, type Series, type Volume } from '../../types';
import { CODES, codeItem } from '../encode/codes';
import { contentUid } from '../encode/contentUid';
import { deriveUid } from '../encode/deriveUid';
import { requireFrameOfReference } from '../encode/frameOfReference';
import { lossyCompression } from '../encode/lossy';
import {
  SOFTWARE_NAME,
  contributingEquipment,
  ownEquipment,
  patientAndStudy,
  requestAttributes,
  seriesMoment,
  sopCommon,
} from '../encode/modules';
import { momentOf } from '../encode/moment';
import { encodePart10, type EncodedObject } from '../encode/part10';
import { plainFormula, sourceItem } from '../mr/encodeDerivedSeries';
import { slicePosition } from '../mr/encodeMrSeries';
import { dimensionModule, sharedGroups } from '../segmentation/functionalGroups';

const PARAMETRIC_MAP_STORAGE = '1.2.840.10008.5.1.4.1.1.30';

export interface ParametricMapInput {
  /** HYDROPS-Mi2 on MRC's grid; negative is endolymph. */
  volume: Volume;
  /** By which it was made. */
  method: Method;
  mrc: Series;
  ppi: Series;
  /** Null for the methods that need none. */
  pei: Series | null;
  model?: ModelIdentity | null;
  /** Null: it follows from images and software alone. */
  created: Date | null;
}

/**
 * HYDROPS-Mi2 as a Parametric Map (PS3.3 A.75): the 32-bit values that are measured, unrounded, one frame a slice of
 * MRC, without a unit. UIDs follow from the content.
 *
 * @throws RefusedInputError `frame-of-reference-missing` when MRC names none
 */
export function encodeParametricMap(input: ParametricMapInput): EncodedObject {
  const { mrc, ppi, pei, volume } = input;
  const { attributes, studyInstanceUid } = mrc.header;
  const moment = momentOf(input.created, attributes);
  const sources = [mrc, ppi, ...(pei ? [pei] : [])];
  const { label } = PARTS['parametric-map'];
  const formula = plainFormula(METHODS[input.method].mi2);
  const imageType = ['DERIVED', 'PRIMARY', 'VOLUME', 'MULTIPLICATION'];
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...attributes, StudyInstanceUID: studyInstanceUid }),
    ...ownEquipment(),
    // Not MR: a viewer must not take it for a series of the scanner.
    Modality: 'OT',
    SeriesNumber: PARTS['parametric-map'].seriesNumber,
    SeriesDescription: `${label} (research use)`,
    ...seriesMoment(moment),
    ...requestAttributes(attributes),
    InstanceNumber: 1,
    ImageType: imageType,
    FrameOfReferenceUID: requireFrameOfReference(mrc),
    PositionReferenceIndicator: null,
    ContentLabel: 'HYDROPS_MI2',
    ContentDescription: `HYDROPS-Mi2. ${RESEARCH_NOTICE}`,
    ContentCreatorName: SOFTWARE_NAME.replace(/ /g, '^'),
    ContentQualification: 'RESEARCH',
    AcquisitionContextSequence: [],
    ContributingEquipmentSequence: [contributingEquipment(input.model ?? null, moment)],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: volume.size[1],
    Columns: volume.size[0],
    BitsAllocated: 32,
    NumberOfFrames: volume.size[2],
    BurnedInAnnotation: 'NO',
    // Fluid of the whole head, the eyes among it.
    RecognizableVisualFeatures: 'YES',
    LossyImageCompression: '00',
    ...lossyCompression(sources),
    PresentationLUTShape: 'IDENTITY',
    SharedFunctionalGroupsSequence: [
      {
        ...sharedGroups(volume),
        FrameAnatomySequence: [
          { FrameLaterality: 'B', AnatomicRegionSequence: [codeItem(CODES.innerEar)] },
        ],
        PixelValueTransformationSequence: [
          { RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' },
        ],
        RealWorldValueMappingSequence: [valueMapping(volume.data, formula)],
        ParametricMapFrameTypeSequence: [{ FrameType: imageType }],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: volume.size[2] }, (_, k) => ({
      DerivationImageSequence: [
        {
          DerivationDescription: `${formula}. Perilymph positive, endolymph negative. ${RESEARCH_NOTICE}`,
          DerivationCodeSequence: [CODES.subtraction, CODES.multiplication].map(codeItem),
          SourceImageSequence: sources.map((series) => sourceItem(series, volume, k)),
        },
      ],
      FrameContentSequence: [{ DimensionIndexValues: [k + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: slicePosition(volume, k) }],
    })),
    ReferencedSeriesSequence: sources.map(referencedSeries),
    FloatPixelData: littleEndian(volume.data),
  };
  const instance = contentUid('parametric-map', dataset);
  return encodePart10(
    {
      ...dataset,
      ...sopCommon(PARAMETRIC_MAP_STORAGE, instance, moment),
      SeriesInstanceUID: deriveUid('parametric-map-series', instance),
      ...dimensionModule(deriveUid('dimensions', instance), true),
    },
    `${label} (DICOM Parametric Map)`
  );
}

/** Stored values are the values themselves (PS3.3 C.7.6.16.2.11). */
function valueMapping(values: Float32Array, formula: string): NaturalizedDataset {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return {
    LUTExplanation: `HYDROPS-Mi2: ${formula}`,
    LUTLabel: 'HYDROPS_MI2',
    DoubleFloatRealWorldValueFirstValueMapped: least,
    DoubleFloatRealWorldValueLastValueMapped: most,
    RealWorldValueIntercept: 0,
    RealWorldValueSlope: 1,
    MeasurementUnitsCodeSequence: [codeItem({ value: '1', scheme: 'UCUM', meaning: 'no units' })],
  };
}

function referencedSeries({ header, sources }: Series): NaturalizedDataset {
  const instances = new Map(sources.map((source) => [source.sopInstanceUid, source.sopClassUid]));
  return {
    SeriesInstanceUID: header.seriesInstanceUid,
    ReferencedInstanceSequence: [...instances].map(([uid, sopClass]) => ({
      ReferencedSOPClassUID: sopClass,
      ReferencedSOPInstanceUID: uid,
    })),
  };
}

function littleEndian(values: Float32Array): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) bytes.setFloat32(4 * i, values[i]!, true);
  return bytes.buffer;
}
