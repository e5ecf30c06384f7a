import {
  ANATOMY,
  collectOrgans,
  DEFAULT_METHOD,
  EARS,
  findImageFaults,
  imageFaultWarnings,
  misplacedOrgans,
  ROLE_KEYS,
  samplingOf,
  SEGMENTS,
  voxelVolume,
  type OrganVoxels,
} from '@inner-ear-hydrops/core';
import type { DataProblem, LoadedStudy } from '../dataset/labelledStudies';

/** mm³: no organ is larger. */
const MAX_VOLUME = 400;

/** What is wrong with one study's annotation and with the images under it; empty when nothing is. */
export function checkStudy(name: string, study: LoadedStudy): DataProblem[] {
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
    ...checkSizes(name, study, organs),
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

/** Sides and organs by their places in the patient. */
function checkPlaces(name: string, { mrc }: LoadedStudy, organs: OrganVoxels[]): DataProblem[] {
  const found = misplacedOrgans(mrc.volume, organs);
  return found ? [{ code: found.code, where: name, message: found.message }] : [];
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

function checkSizes(name: string, { mrc }: LoadedStudy, organs: OrganVoxels[]): DataProblem[] {
  return organs.flatMap(({ ear, organ, indices }) => {
    const volume = indices.length * voxelVolume(mrc.volume);
    if (volume <= MAX_VOLUME) return [];
    return [
      {
        code: 'annotation-too-large',
        where: name,
        message: `The ${ear} ${organ} measures ${volume.toFixed(0)} mm³; no ${organ} is larger than ${MAX_VOLUME} mm³.`,
      },
    ];
  });
}
