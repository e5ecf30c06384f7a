import {
  ANATOMY,
  collectOrgans,
  DEFAULT_METHOD,
  EARS,
  findImageFaults,
  imageFaultWarnings,
  ORGAN_KEYS,
  ROLE_KEYS,
  samplingOf,
  SEGMENTS,
} from '@inner-ear-hydrops/core';
import type { DataProblem, LoadedStudy } from '../dataset/labelledStudies';
import { annotatedEars, leftOfMiddle, type StudyEar } from './cropStudy';

/** Millimetres that an image must be wide to tell a side by its middle: one ear alone can be anywhere. */
const WIDTH_OF_TWO_EARS = 100;
/** An ear this far on the wrong side of the image's middle is on the wrong side of the head, mm. */
const CLEARLY_WRONG = 12;
/** mm³: no organ is larger. */
const MAX_VOLUME = 400;

/** What is wrong with one study's annotation and with the images under it; empty when nothing is. */
export function checkStudy(name: string, study: LoadedStudy): DataProblem[] {
  const ears = annotatedEars(study);
  if (ears.length === 0) {
    return [
      {
        code: 'annotation-empty',
        where: name,
        message: 'The annotation holds no voxel of a cochlea or vestibule.',
      },
    ];
  }
  return [...checkSides(name, study, ears), ...checkSizes(name, ears), ...checkImages(name, study)];
}

/** Annotated ears on blank images, or on images off the scale of their series: neither teaches nor tests anything. */
function checkImages(name: string, { mrc, series, anatomy }: LoadedStudy): DataProblem[] {
  const grid = mrc.volume;
  const faults = findImageFaults(
    ROLE_KEYS.flatMap((role) => {
      const image = role === 'mrc' ? mrc : series[role];
      return image ? [{ role, series: image, sampling: samplingOf(image.volume, grid) }] : [];
    }),
    grid
  );
  const segments = SEGMENTS.map((segment) => ({
    ...segment,
    number: ANATOMY[segment.organ] + EARS[segment.ear].anatomyOffset,
  }));
  const organs = collectOrgans({ ...grid, data: anatomy, segments });
  return imageFaultWarnings({ mrc: grid, method: DEFAULT_METHOD, faults }, organs).flatMap(
    ({ code, ear, message }) => (ear ? [{ code, where: name, message }] : [])
  );
}

/** Sides in patient coordinates (LPS: the left ear has the larger x), never by the side of the picture. */
function checkSides(name: string, study: LoadedStudy, ears: StudyEar[]): DataProblem[] {
  const left = ears.find((ear) => ear.side === 'left');
  const right = ears.find((ear) => ear.side === 'right');
  if (left && right) {
    if (left.center[0] > right.center[0]) return [];
    return [
      {
        code: 'laterality-wrong',
        where: name,
        message: `The ear annotated as left lies at x = ${left.center[0].toFixed(0)} mm and the ear annotated as right at x = ${right.center[0].toFixed(0)} mm; the patient's left has the larger x. The sides are exchanged.`,
      },
    ];
  }
  const { volume } = study.mrc;
  const width = Math.max(
    ...[0, 1, 2].map(
      (axis) => volume.size[axis]! * volume.spacing[axis]! * Math.abs(volume.direction[3 * axis]!)
    )
  );
  if (width < WIDTH_OF_TWO_EARS) return [];
  return ears.flatMap((ear) => {
    const offset = leftOfMiddle(volume, ear.center) * (ear.side === 'left' ? 1 : -1);
    if (offset > -CLEARLY_WRONG) return [];
    return [
      {
        code: 'laterality-wrong',
        where: name,
        message: `The ear annotated as ${ear.side} lies ${(-offset).toFixed(0)} mm beyond the middle of the image, on the patient's other side.`,
      },
    ];
  });
}

function checkSizes(name: string, ears: StudyEar[]): DataProblem[] {
  return ears.flatMap((ear) =>
    ORGAN_KEYS.flatMap((organ) =>
      ear.volumes[organ] > MAX_VOLUME
        ? [
            {
              code: 'annotation-too-large',
              where: name,
              message: `The ${ear.side} ${organ} measures ${ear.volumes[organ].toFixed(0)} mm³; no ${organ} is larger than ${MAX_VOLUME} mm³.`,
            },
          ]
        : []
    )
  );
}
