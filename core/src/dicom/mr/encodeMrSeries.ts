import type { NaturalizedDataset } from 'dcmjs';
import type { Vector3, Volume } from '../../types';
import { contentUid } from '../encode/contentUid';
import { deriveUid } from '../encode/deriveUid';
import {
  cut,
  ownEquipment,
  patientAndStudy,
  requestAttributes,
  seriesMoment,
  sopCommon,
} from '../encode/modules';
import { momentOf, type Moment } from '../encode/moment';
import { encodePart10, type EncodedObject } from '../encode/part10';
import { text } from '../encode/read';
import { scalePixels, type ScaledPixels, type ScalingPolicy } from './pixelScaling';

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';

/** MR Image module facts of an acquisition (PS3.3 C.8.3.1); times in milliseconds. */
export interface MrAcquisition {
  scanningSequence: string[];
  sequenceVariant: string[];
  mrAcquisitionType?: '2D' | '3D';
  repetitionTime?: number;
  echoTime?: number;
  inversionTime?: number;
  echoTrainLength?: number;
  /** Tesla. */
  magneticFieldStrength?: number;
  sequenceName?: string;
  protocolName?: string;
}

export interface MrSeriesInput {
  kind: 'original' | 'derived';
  /** Columns along i, rows along j, one image a slice k. */
  volume: Volume;
  /**
   * Attributes by name: patient and study modules are copied; StudyInstanceUID and
   * FrameOfReferenceUID are needed.
   */
  template: Record<string, unknown>;
  /** Series Description, 64 characters at most. */
  description: string;
  seriesNumber: number;
  /**
   * Given for a series that has one; otherwise `content` derives it from all that the images hold, and `name` (the
   * default) from study, description and number.
   */
  seriesInstanceUid?: string;
  uidFrom?: 'content' | 'name';
  /** Number of each slice k, all different; k + 1 when absent. */
  instanceNumbers?: readonly number[];
  imageType: string[];
  scaling: ScalingPolicy;
  acquisition: MrAcquisition;
  window: { center: number; width: number };
  /** Null for images that follow from those of the template. */
  created: Date | null;
  /** Manufacturer and Manufacturer's Model Name in place of this software's own. */
  equipment?: NaturalizedDataset;
  /** Further attributes of slice k (source images, derivation, …). */
  attributesOfSlice?: (k: number) => NaturalizedDataset;
  /** Series-wide attributes that override those above. */
  attributes?: NaturalizedDataset;
}

/**
 * One MR Image Storage object (1.2.840.10008.5.1.4.1.1.4) for each slice of a volume, in the order
 * of k, with one rescale slope and intercept for the series.
 *
 * @throws RangeError when a value fits neither the scaling policy nor its attribute
 */
export function encodeMrSeries(input: MrSeriesInput): EncodedObject[] {
  const { volume, template } = input;
  const studyUid = requiredUid(template, 'StudyInstanceUID');
  const frameOfReferenceUid = requiredUid(template, 'FrameOfReferenceUID');
  const scaled = scalePixels(volume.data, input.scaling);
  const moment = momentOf(input.created, template);
  const shared: NaturalizedDataset = {
    ...patientAndStudy(template),
    ...(input.equipment ?? ownEquipment()),
    ...seriesAttributes(input, moment),
    ...requestAttributes(template),
    FrameOfReferenceUID: frameOfReferenceUid,
    PositionReferenceIndicator: null,
    ...imageAttributes(input, scaled),
  };
  const images = Array.from({ length: volume.size[2] }, (_, k): NaturalizedDataset => ({
    ...shared,
    InstanceNumber: input.instanceNumbers?.[k] ?? k + 1,
    ImagePositionPatient: slicePosition(volume, k),
    ...input.attributes,
    ...input.attributesOfSlice?.(k),
    PixelData: slicePixels(scaled, volume, k),
  }));
  const seriesUid = input.seriesInstanceUid ?? seriesUidOf(input, studyUid, images);
  return images.map((image, k) => {
    const instanceUid = deriveUid('mr-image', seriesUid, String(k));
    return encodePart10(
      {
        ...sopCommon(MR_IMAGE_STORAGE, instanceUid, moment),
        SeriesInstanceUID: seriesUid,
        ...image,
      },
      `${input.description}, image ${String(image.InstanceNumber)}`
    );
  });
}

function seriesUidOf(input: MrSeriesInput, studyUid: string, images: NaturalizedDataset[]): string {
  return input.uidFrom === 'content'
    ? contentUid('derived-series', images)
    : deriveUid('mr-series', studyUid, input.description, String(input.seriesNumber));
}

function seriesAttributes(input: MrSeriesInput, moment: Moment): NaturalizedDataset {
  const { acquisition } = input;
  return {
    Modality: 'MR',
    SeriesNumber: input.seriesNumber,
    SeriesDescription: cut(input.description, 64),
    ...seriesMoment(moment),
    AcquisitionNumber: 1,
    // Only for an acquisition: a derived image is made, not acquired, at this time.
    ...(input.kind === 'original'
      ? { AcquisitionDate: moment.date, AcquisitionTime: moment.time }
      : {}),
    // Empty when unknown: the position is in the geometry, and a guess would contradict it.
    PatientPosition: text(input.template.PatientPosition) || null,
    BodyPartExamined: text(input.template.BodyPartExamined) || 'HEAD',
    ProtocolName: acquisition.protocolName && cut(acquisition.protocolName, 64),
    ScanningSequence: acquisition.scanningSequence,
    SequenceVariant: acquisition.sequenceVariant,
    ScanOptions: null,
    MRAcquisitionType: acquisition.mrAcquisitionType ?? '3D',
    SequenceName: acquisition.sequenceName && cut(acquisition.sequenceName, 16),
    RepetitionTime: acquisition.repetitionTime,
    EchoTime: acquisition.echoTime ?? null,
    InversionTime: acquisition.inversionTime,
    EchoTrainLength: acquisition.echoTrainLength ?? null,
    MagneticFieldStrength: acquisition.magneticFieldStrength,
  };
}

function imageAttributes(input: MrSeriesInput, scaled: ScaledPixels): NaturalizedDataset {
  const { size, spacing, direction } = input.volume;
  return {
    ImageType: input.imageType,
    ImageOrientationPatient: direction.slice(0, 6),
    PixelSpacing: [spacing[1], spacing[0]],
    SliceThickness: spacing[2],
    SpacingBetweenSlices: spacing[2],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: size[1],
    Columns: size[0],
    BitsAllocated: 16,
    BitsStored: scaled.bitsStored,
    HighBit: scaled.bitsStored - 1,
    PixelRepresentation: scaled.signed ? 1 : 0,
    RescaleSlope: scaled.slope,
    RescaleIntercept: scaled.intercept,
    RescaleType: 'US',
    WindowCenter: input.window.center,
    WindowWidth: input.window.width,
    // The default function, LINEAR, is defined from a width of 1 only (PS3.3 C.11.2.1.2).
    VOILUTFunction: input.window.width < 1 ? 'LINEAR_EXACT' : undefined,
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
  };
}

/** LPS position of the first pixel of slice k. */
export function slicePosition(
  grid: Pick<Volume, 'origin' | 'spacing' | 'direction'>,
  k: number
): Vector3 {
  const step = k * grid.spacing[2];
  return [0, 1, 2].map((axis) => grid.origin[axis]! + step * grid.direction[6 + axis]!) as Vector3;
}

function slicePixels(scaled: ScaledPixels, volume: Volume, k: number): ArrayBuffer {
  const length = volume.size[0] * volume.size[1];
  const bytes = new DataView(new ArrayBuffer(2 * length));
  for (let i = 0; i < length; i++) {
    const value = scaled.stored[k * length + i]!;
    // setInt16 and setUint16 write the same bits for the same value modulo 2^16.
    bytes.setInt16(2 * i, value, true);
  }
  return bytes.buffer;
}

function requiredUid(template: Record<string, unknown>, keyword: string): string {
  const value = template[keyword];
  if (typeof value !== 'string' || value === '')
    throw new RangeError(`The template has no ${keyword}.`);
  return value;
}
