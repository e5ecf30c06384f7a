import {
  ANATOMY,
  collectOrgans,
  DEFAULT_METHOD,
  EAR_SIDES,
  EARS,
  findImageFaults,
  imageFaultWarnings,
  misplacedOrgans,
  nearestAxialMapping,
  offFluid,
  organsOffFluid,
  ORGAN_KEYS,
  ROLE_KEYS,
  samplingOf,
  SEGMENTS,
  type OrganVoxels,
} from '@inner-ear-hydrops/core';
import { checkCoverage } from '../dataset/checkCoverage';
import { chosenSlices, type Coverage } from '../dataset/coverage';
import type { DataProblem, LoadedStudy } from '../dataset/labelledStudy';

/** What is wrong with one study's annotation and with the images under it; empty when nothing is. */
export function checkStudy(name: string, study: LoadedStudy, coverage: Coverage): DataProblem[] {
  const organs = annotatedOrgans(study);
  if (organs.length === 0) {
    return [
      {
        code: 'annotation-empty',
        where: name,
        message: 'The annotation holds no voxel of a cochlea or vestibule.',
      },
    ];
  }
  return [
    ...checkPlaces(name, study, organs),
    ...checkCoverage(name, study.mrc, coverage),
    ...checkImages(name, study, organs),
  ];
}

function annotatedOrgans({ mrc, anatomy }: LoadedStudy): OrganVoxels[] {
  const segments = SEGMENTS.map((segment) => ({
    ...segment,
    number: ANATOMY[segment.organ] + EARS[segment.ear].anatomyOffset,
  }));
  return collectOrgans({ ...mrc.volume, data: anatomy, segments });
}

/** Sides and organs by their places in the patient, and on fluid. */
function checkPlaces(name: string, { mrc }: LoadedStudy, organs: OrganVoxels[]): DataProblem[] {
  const found = misplacedOrgans(mrc.volume, organs);
  if (found) return [{ code: found.code, where: name, message: found.message }];
  return organsOffFluid(mrc.volume, organs).map(({ organ, brightness }) => ({
    ...{ code: 'roi-off-fluid', where: name, message: offFluid(organ, brightness) },
  }));
}

/** Annotated ears on blank images, or on images off the scale of their series: neither teaches nor tests anything. */
function checkImages(
  name: string,
  { mrc, series }: LoadedStudy,
  organs: OrganVoxels[]
): DataProblem[] {
  const grid = mrc.volume;
  const faults = findImageFaults(
    ROLE_KEYS.flatMap((role) => {
      const image = role === 'mrc' ? mrc : series[role];
      return image ? [{ role, series: image, sampling: samplingOf(image.volume, grid) }] : [];
    }),
    grid
  );
  return imageFaultWarnings({ mrc: grid, method: DEFAULT_METHOD, faults }, organs).flatMap(
    ({ code, ear, message }) => (ear ? [{ code, where: name, message }] : [])
  );
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
      message: `Series "${mrc.header.seriesDescription}" is not axial, and organs were annotated on chosen slices of it: the network sees axial slices, and none of them is annotated as a whole. Annotate whole organs (if these are whole, say so with --annotations volume).`,
    },
  ];
}
