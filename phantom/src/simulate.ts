import { perEar, perOrgan } from '@inner-ear-hydrops/core';
import type { EarSide, Geometry, Organ, Vector3, Volume } from '@inner-ear-hydrops/core';
import { acquire } from './acquire';
import type { PhantomCase } from './case';
import { COMPARTMENT, COMPARTMENT_COUNT } from './ear/compartments';
import { createNoiseField } from './head/noiseField';
import { createRandom } from './random';
import {
  anatomyOf,
  endolymphFractionOf,
  rasteriseEar,
  rasteriseHead,
  type EarRaster,
  type HeadRaster,
} from './rasterise';
import { contrastOf, withGadolinium, type Contrast } from './signal';
import { exactRatios, representativeSlices } from './truth';
import { apply, compose, indexToPatient, invertRigid } from './vector';
import { createWorld, type PlacedEar, type World } from './world';

export interface PhantomTruth {
  /** On MRC's grid, `ANATOMY` codes (+ `RIGHT_EAR_OFFSET`): majority of each voxel. */
  anatomy: Uint8Array;
  /** On MRC's grid: endolymph / (endolymph + perilymph) in each voxel, 0 where there is neither. */
  endolymphFraction: Float32Array;
  /** Centres of the vestibules, LPS mm. */
  earCenters: Record<EarSide, Vector3 | null>;
  /** Named points of each ear, LPS mm. */
  landmarks: Record<EarSide, Landmarks | null>;
  /** Slice index k; null for a missing ear or where the rule finds no slice in the stack. */
  representativeSlices: Record<EarSide, Record<Organ, number | null>>;
  /** Exact share of endolymph in the organ's fluid, by volume, independent of the grid. */
  ratios: Record<EarSide, Record<Organ, number> | null>;
  /** Exact volumes of the organs' fluid, mm³. */
  volumes: Record<EarSide, Record<Organ, number> | null>;
}

export interface PhantomStudy {
  mrc: Volume;
  ppi: Volume;
  pei: Volume;
  truth: PhantomTruth;
}

/** Centres of organs, the middle of the lateral canal's ring, and both ends of the internal auditory canal. */
export type Landmarks = Record<
  'vestibule' | 'cochlea' | 'lateralCanal' | 'fundus' | 'porus',
  Vector3
>;

function landmarksOf(ear: PlacedEar): Landmarks {
  const toPatient = invertRigid(ear.fromPatient);
  const { canals, internalAuditoryCanal } = ear.parameters;
  return {
    vestibule: ear.center,
    cochlea: apply(toPatient, [...ear.model.cochlea.center]),
    lateralCanal: apply(toPatient, canals.lateral.center),
    fundus: apply(toPatient, internalAuditoryCanal.fundus),
    porus: apply(toPatient, internalAuditoryCanal.porus),
  };
}

type SeriesName = 'mrc' | 'ppi' | 'pei';

/** Signed signal of each compartment relative to CSF on MRC. */
function compartmentContrasts(phantom: PhantomCase, ear: PlacedEar): Contrast[] {
  const { fluids, protocol } = phantom;
  const reference = contrastOf(fluids.cerebrospinalFluid, protocol).mrc;
  const relative = (contrast: Contrast, density: number): Contrast => ({
    mrc: (density * contrast.mrc) / reference,
    ppi: (density * contrast.ppi) / reference,
    pei: (density * contrast.pei) / reference,
  });
  const endolymph = contrastOf(fluids.endolymph, protocol);
  const perilymph = contrastOf(
    withGadolinium(fluids.perilymph, ear.parameters.gadolinium),
    protocol
  );
  const csf = relative(contrastOf(fluids.cerebrospinalFluid, protocol), 1);
  const { brightness } = ear.parameters;
  const none: Contrast = { mrc: 0, ppi: 0, pei: 0 };
  const out: Contrast[] = Array.from({ length: COMPARTMENT_COUNT }, () => none);
  const pairs = [
    [COMPARTMENT.cochlearPerilymph, COMPARTMENT.cochlearEndolymph, brightness.cochlea],
    [COMPARTMENT.vestibularPerilymph, COMPARTMENT.vestibularEndolymph, brightness.vestibule],
    [COMPARTMENT.lateralCanalPerilymph, COMPARTMENT.lateralCanalEndolymph, brightness.lateralCanal],
    [COMPARTMENT.otherCanalsPerilymph, COMPARTMENT.otherCanalsEndolymph, brightness.otherCanals],
  ] as const;
  for (const [p, e, density] of pairs) {
    out[p] = relative(perilymph, density);
    out[e] = relative(endolymph, density);
  }
  out[COMPARTMENT.internalAuditoryCanal] = csf;
  out[COMPARTMENT.unlabelledFluid] = csf;
  const bone = phantom.head.bone * 0.7;
  const dark = greyContrast(phantom, bone);
  out[COMPARTMENT.bone] = dark;
  out[COMPARTMENT.cochlearLamina] = dark;
  out[COMPARTMENT.nerve] = greyContrast(phantom, phantom.head.brain);
  return out;
}

/** Soft tissue of T1 ≈ 1.3 s whose MRC level is given: long echo trains show it brighter than T2 alone predicts. */
export function greyContrast(phantom: PhantomCase, level: number): Contrast {
  const { inversionTime, repetitionTime } = phantom.protocol;
  const recovery = (ti: number): number =>
    1 - 2 * Math.exp(-ti / 1331) + Math.exp(-repetitionTime / 1331);
  return {
    mrc: level,
    ppi: 0.3 * level * recovery(inversionTime.ppi),
    pei: 0.3 * level * recovery(inversionTime.pei),
  };
}

function signedImage(
  phantom: PhantomCase,
  geometry: Geometry,
  world: World,
  head: HeadRaster,
  rasters: readonly EarRaster[],
  series: SeriesName
): Float32Array {
  const csf = contrastOf(phantom.fluids.cerebrospinalFluid, phantom.protocol);
  const fluidSignal = csf[series] / csf.mrc;
  const greySignal = greyContrast(phantom, 1)[series];
  const image = new Float32Array(head.fluid.length);
  for (let n = 0; n < image.length; n++)
    image[n] = head.fluid[n]! * fluidSignal + head.grey[n]! * greySignal;

  const noise = createNoiseField(phantom.head.noiseSeed ^ 0x5bd1e995);
  const { matrix: m, offset: o } = compose(world.headFromPatient, indexToPatient(geometry));
  const [columns, rows] = geometry.size;
  const amount = phantom.acquisition.heterogeneity;
  for (const { ear, voxels, shares } of rasters) {
    const contrasts = compartmentContrasts(phantom, ear);
    for (let e = 0; e < voxels.length; e++) {
      const n = voxels[e]!;
      let value = image[n]! * shares[e * COMPARTMENT_COUNT]!;
      for (let c = 1; c < COMPARTMENT_COUNT; c++) {
        const share = shares[e * COMPARTMENT_COUNT + c]!;
        if (share > 0) value += share * contrasts[c]![series];
      }
      if (amount > 0) {
        const i = n % columns;
        const j = Math.floor(n / columns) % rows;
        const k = Math.floor(n / (columns * rows));
        const x = m[0] * i + m[1] * j + m[2] * k + o[0];
        const y = m[3] * i + m[4] * j + m[5] * k + o[1];
        const z = m[6] * i + m[7] * j + m[8] * k + o[2];
        value *= 1 + amount * noise(x / 1.8, y / 1.8, z / 1.8);
      }
      image[n] = value;
    }
  }
  return image;
}

/**
 * Simulates the three series on the case's grid, with known truth.
 * PPI and PEI are magnitude images, as a scanner stores them.
 */
export function simulateStudy(phantom: PhantomCase): PhantomStudy {
  const geometry = phantom.grid;
  const world = createWorld(phantom);
  const head = rasteriseHead(geometry, world);
  const rasters = world.ears.map((ear) => rasteriseEar(geometry, ear));
  const random = createRandom(phantom.seed).fork('noise');

  const image = (series: SeriesName): Volume => {
    const motion = series === 'mrc' ? null : phantom.motion[series];
    const moved = motion && [...motion.translation, ...motion.rotation].some((v) => v !== 0);
    const itsWorld = moved ? createWorld(phantom, motion) : world;
    const itsHead = moved ? rasteriseHead(geometry, itsWorld) : head;
    const itsRasters = moved ? itsWorld.ears.map((ear) => rasteriseEar(geometry, ear)) : rasters;
    const signed = signedImage(phantom, geometry, itsWorld, itsHead, itsRasters, series);
    return acquire(geometry, signed, phantom.acquisition, series, random.fork(series));
  };
  const mrc = image('mrc');
  const ppi = image('ppi');
  const pei = image('pei');

  const truth: PhantomTruth = {
    anatomy: anatomyOf(geometry, rasters),
    endolymphFraction: endolymphFractionOf(geometry, rasters),
    earCenters: { left: null, right: null },
    landmarks: { left: null, right: null },
    representativeSlices: perEar(() => perOrgan(() => null)),
    ratios: { left: null, right: null },
    volumes: { left: null, right: null },
  };
  for (const ear of world.ears) {
    const { ratios, volumes } = exactRatios(ear.model);
    truth.earCenters[ear.side] = ear.center;
    truth.landmarks[ear.side] = landmarksOf(ear);
    truth.ratios[ear.side] = ratios;
    truth.volumes[ear.side] = volumes;
    truth.representativeSlices[ear.side] = representativeSlices(geometry, ear);
  }
  return { mrc, ppi, pei, truth };
}

export interface SimulateMrcOptions {
  /** Default true. */
  noise?: boolean;
  /** Of the noise; default the case's own. */
  seed?: number;
}

/** MRC and majority anatomy on any grid, without PPI, PEI and the exact truth: fast enough for training. */
export function simulateMrc(
  phantom: PhantomCase,
  geometry: Geometry,
  options: SimulateMrcOptions = {}
): { mrc: Volume; anatomy: Uint8Array } {
  const world = createWorld(phantom);
  const head = rasteriseHead(geometry, world);
  const rasters = world.ears.map((ear) => rasteriseEar(geometry, ear));
  const signed = signedImage(phantom, geometry, world, head, rasters, 'mrc');
  const random =
    options.noise === false
      ? null
      : createRandom(options.seed ?? phantom.seed)
          .fork('noise')
          .fork('mrc');
  const grid: Geometry = {
    size: geometry.size,
    spacing: geometry.spacing,
    origin: geometry.origin,
    direction: geometry.direction,
  };
  return {
    mrc: acquire(grid, signed, phantom.acquisition, 'mrc', random),
    anatomy: anatomyOf(geometry, rasters),
  };
}
