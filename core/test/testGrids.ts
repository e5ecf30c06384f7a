import { firstItems } from '../src/items';
import type { Geometry, Series, SeriesHeader, SliceInput, Vector3, Volume } from '../src/types';
import { cross, voxelToWorld } from '../src/volume/geometry';
import { rotationFromDegrees } from '../src/volume/rigidTransform';

/** Repeatable numbers 0 ≤ x < 1 for tests (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A grid of any orientation: random rotation, random axis order and direction, right-handed. */
export function randomGrid(random: () => number): Geometry {
  const r = rotationFromDegrees([360 * random(), 360 * random(), 360 * random()]);
  const i: Vector3 = [r[0], r[1], r[2]];
  const j: Vector3 = [r[3], r[4], r[5]];
  return {
    size: [
      2 + Math.floor(5 * random()),
      2 + Math.floor(5 * random()),
      3 + Math.floor(5 * random()),
    ],
    spacing: [0.3 + random(), 0.3 + random(), 0.5 + 2 * random()],
    origin: [100 * random() - 50, 100 * random() - 50, 100 * random() - 50],
    direction: [...i, ...j, ...cross(i, j)],
  };
}

export function axialGrid(size: Vector3, spacing: Vector3, origin: Vector3 = [0, 0, 0]): Geometry {
  return { size, spacing, origin, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

/** A volume whose value at each voxel is a function of its LPS position. */
export function volumeOf(geometry: Geometry, value: (point: Vector3) => number): Volume {
  const [columns, rows, slices] = geometry.size;
  const data = new Float32Array(columns * rows * slices);
  let n = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) data[n++] = value(voxelToWorld(geometry, [i, j, k]));
    }
  }
  return { ...geometry, data };
}

export function headerOf(changes: Partial<SeriesHeader> = {}): SeriesHeader {
  return {
    studyInstanceUid: '2.25.1',
    seriesInstanceUid: '2.25.2',
    seriesNumber: 5,
    seriesDescription: 'T2 SPACE',
    protocolName: '',
    sequenceName: '',
    modality: 'MR',
    frameOfReferenceUid: '2.25.3',
    imageType: ['ORIGINAL', 'PRIMARY', 'M'],
    inversionTime: null,
    echoTime: null,
    repetitionTime: null,
    scanningSequence: [],
    manufacturer: '',
    modelName: '',
    windowCenter: null,
    windowWidth: null,
    hasNegativeValues: false,
    imageCount: 40,
    attributes: {},
    ...changes,
  };
}

/** The images of a volume, slice by slice, as a reader would hand them over. */
export function slicesOf(volume: Volume): SliceInput[] {
  const [columns, rows, slices] = volume.size;
  const d = volume.direction;
  return Array.from({ length: slices }, (_, k) => ({
    sopInstanceUid: `2.25.100.${k}`,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
    columns,
    rows,
    imagePositionPatient: voxelToWorld(volume, [0, 0, k]),
    imageOrientationPatient: firstItems(d, 6),
    pixelSpacing: [volume.spacing[1], volume.spacing[0]],
    instanceNumber: k + 1,
    pixels: volume.data.slice(k * columns * rows, (k + 1) * columns * rows),
  }));
}

export function seriesOf(volume: Volume, changes: Partial<SeriesHeader> = {}): Series {
  return {
    header: headerOf(changes),
    volume,
    sources: slicesOf(volume).map(({ sopInstanceUid, sopClassUid, instanceNumber }) => ({
      sopInstanceUid,
      sopClassUid,
      instanceNumber,
    })),
  };
}
