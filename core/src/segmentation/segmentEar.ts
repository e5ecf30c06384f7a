import { ORGAN_KEYS, ORGANS, perOrgan } from '../registry';
import { cutCrop, keepOneLabyrinth, ORGAN_DISTANCE, planCrop } from '../ears';
import type { NetworkDescription } from '../model';
import { ANATOMY, type EarSide, type Organ, type Vector3, type Volume } from '../types';
import { voxelToWorld, voxelVolume, worldToVoxel } from '../volume/geometry';
import { labelsOnImage, type BoxLabels } from './labelsOnImage';
import type { LoadedNetwork } from './engine';
import { createClassMaps, runNetwork, type ClassMaps } from './runNetwork';

/** Millimetres of slices about the centre that hold every labyrinth; a manifest may state another depth. */
const EAR_DEPTH = 26;

/** What a network sees of an ear, mm along the axes of the nearest axial grid. */
export function cropSizeOf(network: NetworkDescription): Vector3 {
  const { spatial_shape: patch, spacing, depth } = network.network_data_format.inputs.image;
  return [patch[0] * spacing[0], patch[1] * spacing[1], depth ?? EAR_DEPTH];
}
/** Slices that are segmented first, mm below and above the centre: the superior canal rises high. */
const FIRST_REACH = [6, 9] as const;
/** The labyrinth ends where nothing of it lies on this many millimetres of slices. */
const MARGIN = 2;
/** The labyrinth's centre may lie this far from the crop's before the crop is moved, mm. */
const OFF_CENTER = 4;

/** One ear's labels on part of the image's grid. */
export interface EarLabels {
  side: EarSide;
  /** LPS mm. */
  center: Vector3;
  /** First voxel and size of the box, in voxels of the axial volume. */
  first: Vector3;
  size: Vector3;
  /** `ANATOMY` codes (without the right ear's offset), voxel order as in Volume. */
  labels: Uint8Array;
  confidence: Record<Organ, number>;
  /** mm³ */
  volumes: Record<Organ, number>;
  /** Millimetres between the centroids of cochlea and vestibule; 0 if an organ is missing. */
  organDistance: number;
}

/**
 * Segments one ear about a point; moves the crop once if the labyrinth lies off its centre. The slices
 * about the centre come first, and others only where the labyrinth may go on.
 * @param axial a volume whose axes run nearly along +x, +y, +z
 * @param center LPS mm
 */
export async function segmentEar(
  axial: Volume,
  side: EarSide,
  center: Vector3,
  network: LoadedNetwork,
  description: NetworkDescription,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void; recenter?: boolean }
): Promise<EarLabels> {
  const image = description.network_data_format.inputs.image;
  const middleVoxel = worldToVoxel(axial, center);
  const layout = planCrop(axial, middleVoxel, {
    patch: image.spatial_shape,
    spacing: image.spacing,
    sliceSpacing: image.slice_spacing,
    halfHeight: cropSizeOf(description)[2] / 2,
  });
  const size = layout.axes.map((axis) => axis.count) as Vector3;
  const mirrored = image.mirrored_ear === side;
  const values = cutCrop(axial, layout, image.normalisation, mirrored);
  const maps = createClassMaps(network.classes, size);
  const names = description.network_data_format.outputs.pred.channel_def;
  const codes = Array.from({ length: network.classes }, (_, channel) => classCode(names[channel]));
  let done = 0;
  const runSlices = (slices: readonly [number, number]) =>
    runNetwork(network, values, size, slices, maps, {
      channels: image.num_channels,
      multipleOf: image.multiple_of,
      signal: options.signal,
      onSlices: (count) => options.onProgress?.((done += count) / size[2]),
    });

  const axis = layout.axes[2];
  const sliceOf = (voxel: number) => (voxel - axis.start) / axis.step;
  let range = firstRange(sliceOf(middleVoxel[2]), layout.spacing[2], size[2]);
  await runSlices(range);
  for (;;) {
    const found = labelsOnImage(axial, layout, maps, codes, mirrored);
    const expected = middleVoxel.map((value, n) => value - found.first[n]!);
    keepOneLabyrinth(found.labels, found.size, axial.spacing, expected as Vector3);
    const ear: EarLabels = { side, center, ...found, ...describeOrgans(axial, found, maps, codes) };
    const [lowest, highest] = occupied(found);
    const [low, high] = isPlausible(ear)
      ? [sliceOf(found.first[2] + lowest), sliceOf(found.first[2] + highest)]
      : [0, size[2]];
    const margin = Math.ceil(MARGIN / layout.spacing[2] - 1e-6);
    const wanted = [
      Math.min(Math.max(Math.floor(low) - margin, 0), range[0]),
      Math.max(Math.min(Math.ceil(high) + margin + 1, size[2]), range[1]),
    ] as const;
    if (wanted[0] === range[0] && wanted[1] === range[1]) {
      const middle = options.recenter === false ? null : labyrinthCenter(axial, found);
      if (!middle) return ear;
      const shift = Math.hypot(...middle.map((value, n) => value - center[n]!));
      if (shift <= OFF_CENTER || shift >= 25) return ear;
      const again = { ...options, recenter: false };
      return segmentEar(axial, side, middle, network, description, again);
    }
    await runSlices([wanted[0], range[0]]);
    await runSlices([range[1], wanted[1]]);
    range = wanted;
  }
}

/**
 * An ear, and not an eye or a cistern that looked like an ear: every organ is there, of a plausible
 * volume, and cochlea and vestibule lie beside each other.
 */
export function isPlausible(ear: Pick<EarLabels, 'volumes' | 'organDistance'>): boolean {
  const inRange = (value: number, [least, most]: readonly [number, number]) =>
    value >= least && value <= most;
  return (
    ORGAN_KEYS.every((organ) => inRange(ear.volumes[organ], ORGANS[organ].plausibleVolume)) &&
    inRange(ear.organDistance, ORGAN_DISTANCE)
  );
}

/** First slice and the one after the last, about a continuous slice index of the crop. */
function firstRange(middle: number, spacing: number, slices: number): readonly [number, number] {
  const first = Math.max(Math.floor(middle - FIRST_REACH[0] / spacing), 0);
  return [first, Math.min(Math.ceil(middle + FIRST_REACH[1] / spacing) + 1, slices)];
}

/** First and last slice of the box that holds a label. */
function occupied({ labels, size }: BoxLabels): [number, number] {
  const plane = size[0] * size[1];
  const holds = (k: number) => labels.subarray(k * plane, (k + 1) * plane).some((code) => code > 0);
  let [low, high] = [0, size[2] - 1];
  while (low < high && !holds(low)) low++;
  while (high > low && !holds(high)) high--;
  return [low, high];
}

const CLASS_CODES: Record<string, number> = { ...ANATOMY };

function classCode(name: string | undefined): number {
  return CLASS_CODES[name ?? ''] ?? 0;
}

/**
 * Confidence is the mean probability on the network's own grid: interpolated to another grid,
 * probabilities level out at every border, and the same ear would look less certain.
 */
function describeOrgans(
  axial: Volume,
  box: BoxLabels,
  { classes, probabilities, likeliest }: ClassMaps,
  codes: number[]
): Pick<EarLabels, 'confidence' | 'volumes' | 'organDistance'> {
  const confidence = perOrgan(() => 0);
  const volumes = perOrgan(() => 0);
  for (const organ of ORGAN_KEYS) {
    let voxels = 0;
    for (const code of box.labels) if (code === ANATOMY[organ]) voxels++;
    volumes[organ] = voxels * voxelVolume(axial);
    const channel = codes.indexOf(ANATOMY[organ]);
    let pixels = 0;
    let sum = 0;
    likeliest.forEach((found, pixel) => {
      if (found !== channel) return;
      pixels++;
      sum += probabilities[pixel * classes + channel]!;
    });
    confidence[organ] = voxels && pixels ? sum / pixels : 0;
  }
  const cochlea = centroid(axial, box, [ANATOMY.cochlea]);
  const vestibule = centroid(axial, box, [ANATOMY.vestibule]);
  const organDistance =
    cochlea && vestibule
      ? Math.hypot(...cochlea.map((value, axis) => value - vestibule[axis]!))
      : 0;
  return { confidence, volumes, organDistance };
}

function labyrinthCenter(axial: Volume, box: BoxLabels): Vector3 | null {
  return centroid(axial, box, [
    ANATOMY.cochlea,
    ANATOMY.vestibule,
    ANATOMY.lateralCanal,
    ANATOMY.otherCanals,
  ]);
}

function centroid(axial: Volume, box: BoxLabels, codes: number[]): Vector3 | null {
  const sum: Vector3 = [0, 0, 0];
  let count = 0;
  let voxel = 0;
  for (let k = 0; k < box.size[2]; k++) {
    for (let j = 0; j < box.size[1]; j++) {
      for (let i = 0; i < box.size[0]; i++, voxel++) {
        if (!codes.includes(box.labels[voxel]!)) continue;
        count++;
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
      }
    }
  }
  if (count === 0) return null;
  return voxelToWorld(axial, sum.map((s, axis) => box.first[axis]! + s / count) as Vector3);
}
