import {
  ANATOMY,
  collectOrgans,
  DEFAULT_METHOD,
  EAR_SIDES,
  EARS,
  findImageFaults,
  imageFaultWarnings,
  nearestAxialMapping,
  ORGAN_KEYS,
  ROLE_KEYS,
  samplingOf,
  SEGMENTS,
} from '@inner-ear-hydrops/core';
import { checkCoverage } from '../dataset/checkCoverage';
import { chosenSlices, type Coverage } from '../dataset/coverage';
import type { DataProblem, LoadedStudy } from '../dataset/labelledStudy';
import { annotatedEars, leftOfMiddle, type StudyEar } from './cropStudy';

/** Millimetres that an image must be wide to tell a side by its middle: one ear alone can be anywhere. */
const WIDTH_OF_TWO_EARS = 100;
/** An ear this far on the wrong side of the image's middle is on the wrong side of the head, mm. */
const CLEARLY_WRONG = 12;

/** What is wrong with one study's annotation and with the images under it; empty when nothing is. */
export function checkStudy(name: string, study: LoadedStudy, coverage: Coverage): DataProblem[] {
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
  return [
    ...checkSides(name, study, ears),
    ...checkCoverage(name, study.mrc, coverage),
    ...checkImages(name, study),
  ];
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

/** A network sees axial slices; slices that were chosen in another plane cross all of them. */
export function checkPlane(
  name: string,
  { mrc }: Pick<LoadedStudy, 'mrc'>,
  coverage: Coverage
): DataProblem[] {
  if (nearestAxialMapping(mrc.volume).sourceAxis[2] === 2) return [];
  const chosen = chosenSlices(coverage);
  if (EAR_SIDES.every((ear) => ORGAN_KEYS.every((organ) => chosen[ear][organ] === null))) return [];
  return [
    {
      code: 'annotation-not-axial',
      where: name,
      message: `Series "${mrc.header.seriesDescription}" is not axial, and organs were annotated on chosen slices of it: the network sees axial slices, none of which was annotated wholly. Annotate whole organs (if these are whole, say so with --annotations volume).`,
    },
  ];
}
