import { EARS, EAR_SIDES, ORGAN_KEYS } from '../registry';
import type { EarAbsence, EarFinding, EarSegmentation, Segmenter } from '../study';
import {
  absentEars,
  chooseEars,
  paperCenters,
  type EarCandidate,
  type KnownCenters,
} from '../ears';
import { modelIdentity, type ModelFiles } from '../model';
import { RefusedInputError, ANATOMY, SEGMENTS, type Vector3, type Volume } from '../types';
import {
  nearestAxialMapping,
  reorientToNearestAxial,
  type ReorientedVolume,
} from '../volume/orientation';
import type { BackendOptions } from './backend';
import type { InferenceEngine } from './engine';
import { locateEars } from './locateEars';
import { cropSizeOf, isPlausible, segmentEar, type EarLabels } from './segmentEar';
import { createTfjsEngine } from './tfjsEngine';

/** Shares of the progress bar. */
const LOCATED = 0.2;
/** Rounds of choosing ears among the locator's candidates. */
const ATTEMPTS = 3;

/**
 * Loads a model's networks and makes them ready on an engine.
 * @param engine which tfjs backend to use, or another engine
 * @throws RefusedInputError `backend-unavailable`, and the model's own codes (`model-…`)
 */
export async function createSegmenter(
  model: ModelFiles,
  engine: BackendOptions | InferenceEngine
): Promise<Segmenter & { dispose(): void }> {
  const { backend, passedOver, load } =
    'load' in engine
      ? engine
      : await createTfjsEngine({
          minimumTextureSize: model.manifest.requirements.minimum_texture_size,
          ...engine,
        });
  const { segmentation, locator } = model.manifest.networks;
  const networks = {
    segmentation: await load(model, segmentation),
    locator: locator ? await load(model, locator) : null,
  };

  const segment: Segmenter['segment'] = async (mrc, run) => {
    run.signal?.throwIfAborted();
    const axial = axialView(mrc);
    const ears = await segmentAt(axial.volume, run.centers ?? {}, false, run);
    if (networks.locator && locator && EAR_SIDES.some((side) => !run.centers?.[side])) {
      const candidates = await locateEars(axial.volume, networks.locator, locator, {
        signal: run.signal,
        onProgress: (fraction) => run.onProgress?.(LOCATED * fraction),
      });
      await segmentCandidates(axial.volume, candidates, ears, run);
    }
    if (ears.length === 0 && !run.centers) {
      const fallback = paperCenters(axial.volume);
      if (fallback) ears.push(...(await segmentAt(axial.volume, fallback, true, run)));
    }
    if (ears.length === 0) throw noEarFound(mrc);
    run.onProgress?.(1);
    const thresholds = model.manifest.confidence_thresholds ?? null;
    const absent = absentEars(mrc, centersOf(ears), run.centers ?? {});
    return assemble(mrc, axial.volume, ears, absent, thresholds, (data) => axial.toOriginal(data));
  };

  type Run = Parameters<Segmenter['segment']>[1];

  /** Adds the ears that the segmentation network confirms; a candidate that it does not is dropped. */
  async function segmentCandidates(
    axial: Volume,
    candidates: EarCandidate[],
    ears: EarLabels[],
    run: Run
  ): Promise<void> {
    let open = candidates;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const known: KnownCenters = { ...run.centers, ...centersOf(ears) };
      const chosen = chooseEars(open, known);
      const centers: KnownCenters = {};
      for (const side of EAR_SIDES) {
        const candidate = chosen[side];
        if (candidate) centers[side] = candidate.center;
      }
      if (Object.keys(centers).length === 0) return;
      ears.push(...(await segmentAt(axial, centers, true, run)));
      const tried = Object.values(chosen);
      open = open.filter((candidate) => !tried.includes(candidate));
    }
  }

  async function segmentAt(
    axial: Volume,
    centers: KnownCenters,
    mustBePlausible: boolean,
    run: Run
  ): Promise<EarLabels[]> {
    const ears: EarLabels[] = [];
    const wanted = EAR_SIDES.filter((side) => centers[side]);
    for (const [index, side] of wanted.entries()) {
      const ear = await segmentEar(
        axial,
        side,
        centers[side] as Vector3,
        networks.segmentation,
        segmentation,
        {
          signal: run.signal,
          recenter: mustBePlausible,
          onProgress: (fraction) =>
            run.onProgress?.(LOCATED + (1 - LOCATED) * ((index + fraction) / wanted.length)),
        }
      );
      // A point that the reader chose is taken as it is; warnings about volumes follow later.
      const holdsOrgan = ORGAN_KEYS.some((organ) => ear.volumes[organ] > 0);
      if (mustBePlausible ? isPlausible(ear) : holdsOrgan) ears.push(ear);
    }
    return ears;
  }

  return {
    identity: modelIdentity(model.manifest),
    cropSize: cropSizeOf(model.manifest.networks.segmentation),
    trainedOn: model.manifest.data_source,
    backend,
    ...(passedOver ? { passedOver } : {}),
    segment,
    dispose() {
      networks.segmentation.dispose();
      networks.locator?.dispose();
    },
  };
}

/** As `reorientToNearestAxial`, without a copy where the image is stored in that order already. */
function axialView(mrc: Volume): Pick<ReorientedVolume, 'volume' | 'toOriginal'> {
  const { sourceAxis, flipped } = nearestAxialMapping(mrc);
  const asStored = sourceAxis.every((source, axis) => source === axis) && !flipped.includes(true);
  return asStored ? { volume: mrc, toOriginal: (data) => data } : reorientToNearestAxial(mrc);
}

function centersOf(ears: readonly EarLabels[]): KnownCenters {
  return Object.fromEntries(ears.map(({ side, center }) => [side, center]));
}

function noEarFound(mrc: Volume): RefusedInputError {
  const extent = mrc.size.map((count, axis) => (count * mrc.spacing[axis]!).toFixed(0)).join(' × ');
  return new RefusedInputError(
    'no-ear-found',
    `No inner ear was found in the MRC series (${mrc.size.join(' × ')} voxels, ${extent} mm).`,
    'Check that the series in the MRC role is the heavily T2-weighted cisternography and that it ' +
      'covers the temporal bones; otherwise mark the centre of each ear by hand.',
    { columns: mrc.size[0], rows: mrc.size[1], slices: mrc.size[2] }
  );
}

function assemble(
  mrc: Volume,
  axial: Volume,
  ears: EarLabels[],
  absent: EarAbsence[],
  confidenceThresholds: EarFinding['confidenceThresholds'],
  toOriginal: (data: Uint8Array) => Uint8Array
): EarSegmentation {
  const anatomy = new Uint8Array(axial.data.length);
  for (const ear of ears) {
    const offset = EARS[ear.side].anatomyOffset;
    let voxel = 0;
    for (let k = 0; k < ear.size[2]; k++) {
      for (let j = 0; j < ear.size[1]; j++) {
        let at =
          ear.first[0] + axial.size[0] * (ear.first[1] + j + axial.size[1] * (ear.first[2] + k));
        for (let i = 0; i < ear.size[0]; i++, at++, voxel++) {
          if (ear.labels[voxel]) anatomy[at] = ear.labels[voxel]! + offset;
        }
      }
    }
  }
  const onMrc = toOriginal(anatomy);
  return {
    anatomy: onMrc,
    labels: {
      size: [...mrc.size],
      spacing: [...mrc.spacing],
      origin: [...mrc.origin],
      direction: [...mrc.direction],
      data: segmentNumbers(onMrc),
      segments: SEGMENTS.map((entry) => ({ ...entry })),
    },
    ears: ears.map((ear): EarFinding => {
      const { side, center, confidence } = ear;
      return { side, center, confidence, confidenceThresholds };
    }),
    absent,
  };
}

/** Codes of `ANATOMY` turned into the numbers of the segments. */
function segmentNumbers(anatomy: Uint8Array): Uint8Array {
  const lookup = new Uint8Array(256);
  for (const { ear, organ, number } of SEGMENTS)
    lookup[ANATOMY[organ] + EARS[ear].anatomyOffset] = number;
  const numbers = new Uint8Array(anatomy.length);
  // A plain loop: this runs over the whole image, where almost everything is background.
  for (let n = 0; n < anatomy.length; n++) {
    const code = anatomy[n]!;
    if (code !== 0) numbers[n] = lookup[code]!;
  }
  return numbers;
}
