import type { NaturalizedDataset } from 'dcmjs';
import { ROLES, ROLE_KEYS, type Role } from '../../registry';
import type { Series, Vector3 } from '../../types';
import type { Code } from '../encode/codes';
import { items, text } from '../encode/read';
import { slicePosition } from '../mr/encodeMrSeries';
import {
  codeContent,
  container,
  dateContent,
  imageContent,
  numberContent,
  textContent,
  timeContent,
  uidContent,
} from './contentItems';
import type { MeasurementReportInput } from './reportInput';
import { LIBRARY_CODES as L, UNITS } from './reportCodes';

type Item = NaturalizedDataset;

/**
 * The Image Library (PS3.16 TID 1600): for each series that was measured a group, with what all its images have in
 * common (TID 1602, 1604 and 1606), and the images on which the segmentation lies, each with its position (TID 1601).
 * Positions are LPS mm of the first pixel. A multi-frame image is one entry, without a position.
 */
export function imageLibrary(input: MeasurementReportInput): Item {
  const segmented = segmentedSlices(input);
  const groups = ROLE_KEYS.flatMap((role) => {
    const series = input[role];
    return series ? [libraryGroup(role, series, segmented)] : [];
  });
  return container(L.imageLibrary, groups, '1600');
}

/** Positions of MRC's slices that the segmentation shows. */
function segmentedSlices({ mrc, segmentation }: MeasurementReportInput): Vector3[] {
  const shown = new Set(
    items(segmentation.dataset.PerFrameFunctionalGroupsSequence).map((frame) => {
      const derivation = items(frame.DerivationImageSequence)[0];
      const source = items(derivation?.SourceImageSequence)[0];
      return keyOf(text(source?.ReferencedSOPInstanceUID), source?.ReferencedFrameNumber);
    })
  );
  return mrc.sources.flatMap(({ sopInstanceUid, frameNumber }, k) =>
    shown.has(keyOf(sopInstanceUid, frameNumber)) ? [slicePosition(mrc.volume, k)] : []
  );
}

const keyOf = (uid: string, frame: unknown): string => `${uid} ${Number(frame ?? 0)}`;

function libraryGroup(role: Role, series: Series, segmented: readonly Vector3[]): Item {
  const entries = new Map<string, Item>();
  series.sources.forEach((source, k) => {
    if (entries.has(source.sopInstanceUid)) return;
    const position = slicePosition(series.volume, k);
    if (source.frameNumber === undefined && !isNear(position, segmented, series)) return;
    const { sopClassUid, sopInstanceUid } = source;
    entries.set(
      sopInstanceUid,
      imageContent(
        'CONTAINS',
        L.source,
        { sopClassUid, sopInstanceUid },
        source.frameNumber === undefined ? positionItems(position) : []
      )
    );
  });
  return container(L.imageLibraryGroup, [...descriptors(role, series), ...entries.values()]);
}

/** Whether a slice holds the plane of one that was segmented: PPI and PEI may have other slices than MRC. */
function isNear(position: Vector3, segmented: readonly Vector3[], { volume }: Series): boolean {
  const normal = volume.direction.slice(6, 9);
  const reach = volume.spacing[2] / 2 + 1e-3;
  return segmented.some((other) => {
    const distance = normal.reduce((sum, n, axis) => sum + n * (position[axis]! - other[axis]!), 0);
    return Math.abs(distance) <= reach;
  });
}

/** What all images of a series have in common, as the source states it; what is unknown is left out. */
function descriptors(role: Role, { header, volume }: Series): Item[] {
  const { attributes } = header;
  const [columns, rows] = volume.size;
  const [horizontal, vertical, between] = volume.spacing;
  const thickness = Number.parseFloat(text(attributes.SliceThickness));
  const date = text(attributes.AcquisitionDate);
  const time = text(attributes.AcquisitionTime);
  return [
    codeContent('HAS ACQ CONTEXT', L.modality, L.magneticResonance),
    ...textual(L.role, ROLES[role].label),
    ...textual(L.seriesDescription, header.seriesDescription),
    ...(header.seriesNumber === null ? [] : [number(L.seriesNumber, header.seriesNumber, 'none')]),
    uid(L.seriesInstanceUid, header.seriesInstanceUid),
    ...(/^\d{8}$/.test(date) ? [dateContent('HAS ACQ CONTEXT', L.acquisitionDate, date)] : []),
    ...(/^\d{2,6}(\.\d+)?$/.test(time)
      ? [timeContent('HAS ACQ CONTEXT', L.acquisitionTime, time)]
      : []),
    ...(header.frameOfReferenceUid ? [uid(L.frameOfReferenceUid, header.frameOfReferenceUid)] : []),
    number(L.rows, rows, 'pixels'),
    number(L.columns, columns, 'pixels'),
    number(L.horizontalSpacing, horizontal, 'millimetres'),
    number(L.verticalSpacing, vertical, 'millimetres'),
    number(L.sliceSpacing, between, 'millimetres'),
    ...(thickness > 0 ? [number(L.sliceThickness, thickness, 'millimetres')] : []),
    ...L.orientation.map((name, i) => number(name, volume.direction[i]!, 'minusOneToOne')),
    ...textual(L.acquisitionProtocol, header.protocolName),
    ...textual(L.pulseSequenceName, header.sequenceName),
  ];
}

const positionItems = (position: Vector3): Item[] =>
  L.position.map((name, axis) => number(name, position[axis]!, 'millimetres'));

const number = (name: Code, value: number, units: keyof typeof UNITS): Item =>
  numberContent(name, value, UNITS[units], [], 'HAS ACQ CONTEXT');

const uid = (name: Code, value: string): Item => uidContent('HAS ACQ CONTEXT', name, value);

const textual = (name: Code, value: string): Item[] =>
  value.trim() === '' ? [] : [textContent('HAS ACQ CONTEXT', name, value)];
