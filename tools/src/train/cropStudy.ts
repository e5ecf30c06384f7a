import {
  EAR_SIDES,
  EARS,
  reorientToNearestAxial,
  RIGHT_EAR_OFFSET,
  type EarSide,
  type Vector3,
  type Volume,
  mapAxes,
} from '@inner-ear-hydrops/core';
import {
  planCrop,
  resampleSeparable,
  samplesInside,
  type AxisSampling,
} from '@inner-ear-hydrops/core/segmentation';
import { annotationKind, wholeOrgans, type Coverage } from '../dataset/coverage';
import { isWholeEar } from '../dataset/knownOrgans';
import type { LoadedStudy } from '../dataset/labelledStudy';
import type { TrainingImage } from './caseFile';
import { isLabyrinth, labelExtent } from './labelExtent';
import { LOCATOR_BITS, type TrainingPlan } from './plans';

/** A little more than the network's patch, so that patches can be moved. */
const PIXELS = 104;
const HALF_HEIGHT = 15;

interface AxialStudy {
  mrc: Volume;
  anatomy: Uint8Array;
}

function toAxial(study: LoadedStudy): AxialStudy {
  const { volume } = study.mrc;
  const mrc = reorientToNearestAxial(volume).volume;
  const labels = reorientToNearestAxial({ ...volume, data: Float32Array.from(study.anatomy) });
  return { mrc, anatomy: Uint8Array.from(labels.volume.data) };
}

/** Crops about the annotated ears on the network's grid, cut as the software cuts them at work. */
export function cropEars(
  study: LoadedStudy,
  patient: string,
  plan: TrainingPlan,
  coverage: Coverage
): TrainingImage[] {
  const image = plan.format.inputs.image;
  const axial = toAxial(study);
  const images: TrainingImage[] = [];
  for (const side of EAR_SIDES) {
    const offset = EARS[side].anatomyOffset;
    const own = axial.anatomy.map((code) => (isLabyrinth(code - offset) ? code - offset : 0));
    const extent = labelExtent(own, axial.mrc.size, isLabyrinth);
    if (!extent) continue;
    const layout = planCrop(axial.mrc, extent.center, {
      patch: [PIXELS, PIXELS],
      spacing: image.spacing,
      sliceSpacing: image.slice_spacing,
      halfHeight: HALF_HEIGHT,
    });
    // The other ear's codes stay out; those of this ear keep their offset.
    const codes = axial.anatomy.map((code) =>
      code >= offset && code < offset + RIGHT_EAR_OFFSET ? code : 0
    );
    const anatomy = nearest(codes, axial.mrc.size, layout.axes);
    images.push({
      kind: 'ear',
      side,
      size: layout.axes.map((axis) => axis.count) as Vector3,
      spacing: layout.spacing,
      mrc: resampleSeparable(axial.mrc.data, axial.mrc.size, layout.axes),
      anatomy,
      patient,
      known: study.known[side],
      ...coveredOf(study, side, coverage),
      inside: mapAxes(layout.axes, (axis, index) => samplesInside(axis, axial.mrc.size[index])),
    });
  }
  return images;
}

function coveredOf(
  { known }: LoadedStudy,
  side: EarSide,
  coverage: Coverage
): Pick<TrainingImage, 'annotation' | 'whole'> {
  const annotation = annotationKind(coverage[side]);
  return { annotation, whole: annotation === 'volume' ? known[side] : wholeOrgans(coverage[side]) };
}

/**
 * Ears of which the locator may be told, as bits of its classes. The middle of an ear is that of all of its organs, and
 * that of one of them alone, or of chosen slices, is another.
 */
function knownSides({ known }: LoadedStudy, coverage: Coverage): number {
  const isKnown = (side: EarSide) =>
    isWholeEar(known, side) && annotationKind(coverage[side]) === 'volume';
  return EAR_SIDES.reduce((bits, side) => bits | (isKnown(side) ? LOCATOR_BITS[side] : 0), 1);
}

/** The whole head on the locator's coarse grid. */
export function coarseHead(
  study: LoadedStudy,
  patient: string,
  plan: TrainingPlan,
  coverage: Coverage
): TrainingImage {
  const { mrc, anatomy } = toAxial(study);
  const known = knownSides(study, coverage);
  const { spacing } = plan.format.inputs.image;
  const axes = [0, 1, 2].map((axis): AxisSampling => {
    const step = spacing[axis]! / mrc.spacing[axis]!;
    const count = Math.max(Math.round(mrc.size[axis]! / step), 1);
    return { start: (mrc.size[axis]! - 1) / 2 - ((count - 1) / 2) * step, step, count };
  }) as [AxisSampling, AxisSampling, AxisSampling];
  return {
    kind: 'head',
    side: null,
    size: axes.map((axis) => axis.count) as Vector3,
    spacing,
    mrc: resampleSeparable(mrc.data, mrc.size, axes),
    anatomy: nearest(anatomy, mrc.size, axes),
    patient,
    known,
    whole: known,
    annotation: 'volume',
  };
}

function nearest(
  data: Uint8Array,
  size: Vector3,
  axes: readonly [AxisSampling, AxisSampling, AxisSampling]
): Uint8Array {
  const indices = mapAxes(axes, (axis, a) =>
    Array.from({ length: axis.count }, (_, n) => {
      const index = Math.round(axis.start + n * axis.step);
      return index >= 0 && index < size[a] ? index : -1;
    })
  );
  const result = new Uint8Array(axes[0].count * axes[1].count * axes[2].count);
  let at = 0;
  for (const k of indices[2]) {
    for (const j of indices[1]) {
      for (const i of indices[0]) {
        if (i >= 0 && j >= 0 && k >= 0) result[at] = data[i + size[0] * (j + size[1] * k)]!;
        at++;
      }
    }
  }
  return result;
}
