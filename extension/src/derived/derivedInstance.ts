import {
  isDerivedPart,
  MOVING_ROLES,
  PARTS,
  roleLabel,
  type Method,
  type Volume,
} from '@inner-ear-hydrops/core';
import { CORRECTED_KINDS, DERIVED_KIND, type DerivedKind } from '../host/displaySets';
import type { HostInstance } from '../host/types';
import type { DisplayWindow } from './window';

/** What the study browser calls them. */
export function titleOf(kind: DerivedKind, method: Method): string {
  if (isDerivedPart(kind)) return PARTS[kind].label;
  const role = MOVING_ROLES.find((moving) => CORRECTED_KINDS[moving] === kind) ?? 'ppi';
  return `${roleLabel(role, method)}, motion corrected`;
}

export interface InstanceInput {
  kind: DerivedKind;
  title: string;
  /** An instance of the series that was moved onto MRC, which says how it was acquired; absent where MRC does. */
  acquired?: HostInstance;
  volume: Volume;
  seriesInstanceUid: string;
  seriesNumber: number;
  sopInstanceUid: (slice: number) => string;
  /** Instance Number (0020,0013) of derived slice k, by which people find the same slice in MRC. */
  instanceNumbers: number[];
}

/** Instance of derived slice k: MRC's, which has its place, with what differs laid over it. */
export function derivedInstance(
  source: HostInstance,
  input: InstanceInput,
  slice: number,
  window: DisplayWindow,
  imageId: string
): HostInstance {
  const copy: Record<string, unknown> = {};
  // The host's instances may inherit fields, which a spread would lose.
  for (const name in source) copy[name] = source[name];
  for (const name of LEFT_OUT) delete copy[name];
  const { acquired } = input;
  for (const name of acquired ? ACQUISITION : []) {
    delete copy[name];
    if (acquired?.[name] !== undefined) copy[name] = acquired[name];
  }
  const { volume } = input;
  const position = volume.origin.map(
    (value, axis) => value + slice * volume.spacing[2] * (volume.direction[6 + axis] as number)
  );
  Object.assign(copy, {
    SOPInstanceUID: input.sopInstanceUid(slice),
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: input.seriesNumber,
    SeriesDescription: input.title,
    InstanceNumber: input.instanceNumbers[slice],
    ImageType: ['DERIVED', 'SECONDARY'],
    // An Enhanced multi-frame source becomes one image a slice.
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    ImagePositionPatient: position,
    ImageOrientationPatient: volume.direction.slice(0, 6),
    PixelSpacing: [volume.spacing[1], volume.spacing[0]],
    Rows: volume.size[1],
    Columns: volume.size[0],
    WindowCenter: window.windowCenter,
    WindowWidth: window.windowWidth,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    BitsAllocated: 32,
    BitsStored: 32,
    HighBit: 31,
    PixelRepresentation: 1,
    [DERIVED_KIND]: input.kind,
  });
  // Enumerable, it would be taken for a DICOM attribute when the host copies the instance.
  Object.defineProperty(copy, 'imageId', { value: imageId, enumerable: false, writable: true });
  return copy as HostInstance;
}

/** How a series was acquired, as the viewer shows it beside the image. */
const ACQUISITION = [
  'ProtocolName',
  'SequenceName',
  'ScanningSequence',
  'SequenceVariant',
  'ScanOptions',
  'InversionTime',
  'EchoTime',
  'RepetitionTime',
  'EchoTrainLength',
  'FlipAngle',
  'SeriesDate',
  'SeriesTime',
  'AcquisitionDate',
  'AcquisitionTime',
  'AcquisitionNumber',
];

const LEFT_OUT = [
  'imageId',
  'NumberOfFrames',
  'SharedFunctionalGroupsSequence',
  'PerFrameFunctionalGroupsSequence',
  'SmallestImagePixelValue',
  'LargestImagePixelValue',
  'PixelData',
  'WindowCenterWidthExplanation',
];
