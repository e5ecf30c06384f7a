import {
  ANATOMY,
  EAR_SIDES,
  EARS,
  type EarSide,
  type Organ,
  ORGAN_KEYS,
  RefusedInputError,
  ROLE_KEYS,
  type Vector3,
  type Volume,
  perEar,
  perOrgan,
} from '@inner-ear-hydrops/core';
import { acquire } from '../acquire';
import { createCase, paperGrid, type PhantomCase } from '../case';
import { createRandom } from '../random';
import { rasteriseHead } from '../rasterise';
import { contrastOf, withGadolinium } from '../signal';
import { greyContrast, type PhantomStudy, type PhantomTruth } from '../simulate';
import { patientToIndex } from '../vector';
import { createWorld } from '../world';
import { centroid, EAR_LABEL, placeEndolymph, type LabelBlock } from './endolymph';

export interface RealEarInput {
  /** Heavily T2-weighted left ear; any axis order that is a permutation or flip of patient axes, isotropic. */
  t2: Volume;
  /** On the same grid: 1 cochlea, 2 vestibule without ampullae, 3 semicircular canals. */
  labels: Uint8Array;
  seed: number;
}

/** Half the distance between the vestibules, mm. */
const HALF_DISTANCE = 36.5;
/** The real crop blends into the synthetic head over this distance from its border, mm. */
const BLEND = 3;
/** The parts of the voxel average that the ears' detail asks for. */
const SAMPLES: Vector3 = [3, 3, 5];

interface RealEar extends LabelBlock {
  /** Relative to CSF; negative where there is no data. */
  signal: Float32Array;
  spacing: number;
  vestibule: Vector3;
}

/**
 * A study around a real ear: the real left ear in its place, its mirror image as the right ear, in a
 * synthetic head on the paper's grid. MRC inside the crop is the real signal; PPI and PEI are simulated,
 * with a known share of endolymph in each labelled organ, different on the two sides.
 * Of the truth, the lateral canal is split off the canals by position, the internal auditory canal
 * is found by brightness, and representative slices are those of the labels' largest area: these three
 * are approximations, the cochlea and vestibule labels and ratios are not.
 * @throws RefusedInputError when the labels do not fit the volume or lack an organ.
 */
export function buildStudyAroundEar(input: RealEarInput): PhantomStudy {
  const ear = prepare(input);
  const random = createRandom(input.seed).fork('real ear');
  const drawn = createCase(input.seed, {
    tilt: [0, 0, 0],
    position: [0, -2, 0],
    difficulty: 0.4,
    grid: paperGrid(48),
    acquisition: {
      ghost: 0,
      ringing: 0,
      inPlaneBlur: 0.4,
      sliceBlur: 0.2,
      noise: { mrc: 0.02, ppi: 0.006, pei: 0.006 },
    },
  });
  const phantom: PhantomCase = {
    ...drawn,
    ears: { left: null, right: null },
    earPositions: { left: [HALF_DISTANCE, 0, 0], right: [-HALF_DISTANCE, 0, 0] },
    head: {
      ...drawn.head,
      // Where the faces of this ear's petrous bone lie, so that its cistern meets the head's.
      petrousPosterior: 11.5,
      petrousSuperior: 12,
      mastoidFluid: [0, 0],
    },
  };
  const geometry = phantom.grid;
  const [columns, rows, slices] = geometry.size;
  const head = rasteriseHead(geometry, createWorld(phantom));
  const csf = contrastOf(phantom.fluids.cerebrospinalFluid, phantom.protocol);
  const grey = greyContrast(phantom, 1);
  const images = ROLE_KEYS.map((series) => {
    const fluidSignal = csf[series] / csf.mrc;
    return head.fluid.map((f, n) => f * fluidSignal + head.grey[n]! * grey[series]);
  });
  const truth: PhantomTruth = {
    anatomy: new Uint8Array(columns * rows * slices),
    endolymphFraction: new Float32Array(columns * rows * slices),
    earCenters: { left: [HALF_DISTANCE, 0, 0], right: [-HALF_DISTANCE, 0, 0] },
    landmarks: { left: null, right: null },
    representativeSlices: perEar(() => perOrgan(() => null)),
    ratios: { left: null, right: null },
    volumes: { left: null, right: null },
  };

  const hydropic: EarSide = random.chance(0.5) ? 'left' : 'right';
  for (const side of EAR_SIDES) {
    const sick = side === hydropic;
    const shares = {
      cochlea: sick ? random.range(0.45, 0.8) : random.range(0.12, 0.28),
      vestibule: sick ? random.range(0.5, 0.85) : random.range(0.2, 0.35),
      canals: sick ? 0.5 : 0.25,
    };
    const endolymph = placeEndolymph(ear, shares);
    const ratios = perOrgan(() => 0);
    const volumes = perOrgan(() => 0);
    for (const organ of ORGAN_KEYS) {
      let total = 0;
      let inside = 0;
      for (let n = 0; n < ear.labels.length; n++)
        if (ear.labels[n] === EAR_LABEL[organ]) {
          total++;
          inside += endolymph[n]!;
        }
      ratios[organ] = inside / total;
      volumes[organ] = total * ear.spacing ** 3;
    }
    truth.ratios[side] = ratios;
    truth.volumes[side] = volumes;
    insert(phantom, ear, endolymph, side, random.range(0.05, 0.15), images, truth);
    for (const organ of ORGAN_KEYS)
      truth.representativeSlices[side][organ] = largestSlice(phantom, truth.anatomy, side, organ);
  }
  const noise = createRandom(input.seed).fork('noise');
  const volume = (series: 'mrc' | 'ppi' | 'pei', image: Float32Array): Volume =>
    acquire(geometry, image, phantom.acquisition, series, noise.fork(series));
  return {
    mrc: volume('mrc', images[0]!),
    ppi: volume('ppi', images[1]!),
    pei: volume('pei', images[2]!),
    truth,
  };
}

/** Brings the block to lateral, posterior, superior axes and its signal to units of CSF. */
function prepare({ t2, labels }: RealEarInput): RealEar {
  if (labels.length !== t2.data.length)
    throw new RefusedInputError(
      'labels-other-grid',
      `The labels of the ear have ${labels.length} voxels, its image ${t2.data.length}.`,
      'Give labels on the grid of the image.',
      { labels: labels.length, image: t2.data.length }
    );
  for (const label of Object.values(EAR_LABEL))
    if (!labels.includes(label))
      throw new RefusedInputError(
        'labels-incomplete',
        `The labels of the ear hold no voxel of value ${label}.`,
        'Mark the cochlea with 1, the vestibule with 2 and the canals with 3.',
        { label }
      );
  const spacing = t2.spacing[0];
  const axisOf = [0, 1, 2].map((world) =>
    [0, 1, 2].reduce((best, a) =>
      Math.abs(t2.direction[3 * a + world]!) > Math.abs(t2.direction[3 * best + world]!) ? a : best
    )
  );
  const size = axisOf.map((a) => t2.size[a]!) as Vector3;
  const signal = new Float32Array(t2.data.length);
  const turned = new Uint8Array(t2.data.length);
  const bright = t2.data.filter((v) => v > 0).sort();
  const csf = bright[Math.floor(0.985 * (bright.length - 1))]!;
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const source: Vector3 = [0, 0, 0];
        [i, j, k].forEach((value, world) => {
          const a = axisOf[world]!;
          source[a] = t2.direction[3 * a + world]! > 0 ? value : t2.size[a]! - 1 - value;
        });
        const from = source[0] + t2.size[0] * (source[1] + t2.size[1] * source[2]);
        // Zero is padding of the crop: no data.
        const value = t2.data[from]!;
        signal[n] = value === 0 ? -1 : Math.max(0, value / csf);
        turned[n] = labels[from]!;
      }
  const block = { size, labels: turned };
  return { ...block, signal, spacing, vestibule: centroid(block, EAR_LABEL.vestibule) };
}

/** Writes one ear into the signed images and the truth. */
function insert(
  phantom: PhantomCase,
  ear: RealEar,
  endolymph: Uint8Array,
  side: EarSide,
  gadolinium: number,
  images: Float32Array[],
  truth: PhantomTruth
): void {
  const geometry = phantom.grid;
  const [columns, rows] = geometry.size;
  const { fluids, protocol } = phantom;
  const csf = contrastOf(fluids.cerebrospinalFluid, protocol);
  const perilymph = contrastOf(withGadolinium(fluids.perilymph, gadolinium), protocol);
  const pure = contrastOf(fluids.endolymph, protocol);
  const grey = greyContrast(phantom, 1);
  const mirror = side === 'left' ? 1 : -1;
  const center = truth.earCenters[side]!;
  const half = ear.size.map(
    (n, a) => Math.max(ear.vestibule[a]!, n - ear.vestibule[a]!) * ear.spacing
  );
  const corner = patientToIndex(geometry, center);
  const low = corner.map((c, a) => Math.max(0, Math.floor(c - half[a]! / geometry.spacing[a]!)));
  const high = corner.map((c, a) =>
    Math.min(geometry.size[a]! - 1, Math.ceil(c + half[a]! / geometry.spacing[a]!))
  );
  const points = SAMPLES[0] * SAMPLES[1] * SAMPLES[2];
  const organ = new Float64Array(6);
  const offset = EARS[side].anatomyOffset;
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const n = i + columns * (j + rows * k);
        let weight = 0;
        const sums = [0, 0, 0];
        organ.fill(0);
        let fluidOfLabyrinth = 0;
        let endolymphatic = 0;
        for (let s = 0; s < points; s++) {
          const a = s % SAMPLES[0];
          const b = Math.floor(s / SAMPLES[0]) % SAMPLES[1];
          const c = Math.floor(s / (SAMPLES[0] * SAMPLES[1]));
          const x = geometry.origin[0] + geometry.spacing[0] * (i + (a + 0.5) / SAMPLES[0] - 0.5);
          const y = geometry.origin[1] + geometry.spacing[1] * (j + (b + 0.5) / SAMPLES[1] - 0.5);
          const z = geometry.origin[2] + geometry.spacing[2] * (k + (c + 0.5) / SAMPLES[2] - 0.5);
          const lateral = mirror * (x - center[0]);
          const posterior = y - center[1];
          const superior = z - center[2];
          const p = [
            Math.round(ear.vestibule[0] + lateral / ear.spacing),
            Math.round(ear.vestibule[1] + posterior / ear.spacing),
            Math.round(ear.vestibule[2] + superior / ear.spacing),
          ] as const;
          const border = Math.min(
            ...p.map((value, axis) => Math.min(value, ear.size[axis]! - 1 - value))
          );
          if (border < 0) continue;
          const voxel = p[0] + ear.size[0] * (p[1] + ear.size[1] * p[2]);
          const value = ear.signal[voxel]!;
          if (value < 0) continue;
          const t = Math.min(1, (border * ear.spacing) / BLEND);
          const w = t * t * (3 - 2 * t);
          weight += w;
          sums[0]! += w * value;
          const label = ear.labels[voxel]!;
          const nearCanal =
            label === 0 &&
            lateral > 1.2 &&
            lateral < 7 &&
            posterior > -4 &&
            posterior < 9 &&
            value > 0.3;
          if (label > 0 || nearCanal) {
            // Density such that the MRC signal is the measured signal.
            const fluid = endolymph[voxel] ? pure : perilymph;
            const density = (Math.min(1.2, value) * csf.mrc) / fluid.mrc / csf.mrc;
            sums[1]! += w * density * fluid.ppi;
            sums[2]! += w * density * fluid.pei;
          } else {
            const water = Math.min(1, Math.max(0, (value - 0.3) / 0.4));
            sums[1]! += w * value * (water * (csf.ppi / csf.mrc) + (1 - water) * grey.ppi);
            sums[2]! += w * value * (water * (csf.pei / csf.mrc) + (1 - water) * grey.pei);
          }
          const code = anatomyOfPoint(label, lateral, posterior, superior, value);
          organ[code]!++;
          if (label > 0) {
            fluidOfLabyrinth++;
            endolymphatic += endolymph[voxel]!;
          }
        }
        if (weight === 0) continue;
        const share = weight / points;
        for (let s = 0; s < 3; s++)
          images[s]![n] = images[s]![n]! * (1 - share) + sums[s]! / points;
        let best: number = ANATOMY.cochlea;
        let total = 0;
        for (let code = 1; code < 6; code++) {
          total += organ[code]!;
          if (organ[code]! > organ[best]!) best = code;
        }
        if (total >= points / 2) truth.anatomy[n] = best + offset;
        if (fluidOfLabyrinth > 0) truth.endolymphFraction[n] = endolymphatic / fluidOfLabyrinth;
      }
}

/** Positions in mm from the vestibule's centre. */
function anatomyOfPoint(
  label: number,
  lateral: number,
  posterior: number,
  superior: number,
  value: number
): number {
  if (label === EAR_LABEL.cochlea) return ANATOMY.cochlea;
  if (label === EAR_LABEL.vestibule) return ANATOMY.vestibule;
  if (label === EAR_LABEL.canals)
    return lateral > 1 && posterior < 3.6 && Math.abs(superior - 0.4) < 1.5
      ? ANATOMY.lateralCanal
      : ANATOMY.otherCanals;
  const insidePorus = -0.55 * lateral + 0.7 * posterior + 0.45 * superior < 8;
  const inCanal = lateral < -2.5 && Math.abs(superior) < 4.5 && posterior > -6;
  return insidePorus && inCanal && value > 0.45
    ? ANATOMY.internalAuditoryCanal
    : ANATOMY.background;
}

function largestSlice(
  phantom: PhantomCase,
  anatomy: Uint8Array,
  side: EarSide,
  organ: Organ
): number | null {
  const [columns, rows, slices] = phantom.grid.size;
  const code = ANATOMY[organ] + EARS[side].anatomyOffset;
  let best: number | null = null;
  let most = 0;
  for (let k = 0; k < slices; k++) {
    let count = 0;
    for (let n = k * columns * rows; n < (k + 1) * columns * rows; n++)
      if (anatomy[n] === code) count++;
    if (count > most) {
      most = count;
      best = k;
    }
  }
  return best;
}
