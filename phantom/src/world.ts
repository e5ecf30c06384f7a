import { EAR_SIDES } from '@inner-ear-hydrops/core';
import type { EarSide, Matrix3, Vector3 } from '@inner-ear-hydrops/core';
import type { Motion, PhantomCase } from './case';
import { createEarModel, type EarModel } from './ear/earModel';
import type { EarParameters } from './ear/earParameters';
import { createHeadModel, type HeadModel } from './head/headModel';
import { apply, compose, invertRigid, rotation, type Affine } from './vector';

export interface PlacedEar {
  side: EarSide;
  parameters: EarParameters;
  model: EarModel;
  /** LPS mm to the ear's frame (mirrored in x for the right ear). */
  fromPatient: Affine;
  /** Centre of the vestibule, LPS mm. */
  center: Vector3;
}

/** A case placed in patient space, ready to be sampled at any point. */
export interface World {
  head: HeadModel;
  headFromPatient: Affine;
  ears: PlacedEar[];
}

function motionToAffine(motion: Motion, center: Vector3): Affine {
  const matrix = rotation(motion.rotation);
  const turned = apply({ matrix, offset: [0, 0, 0] }, center);
  return {
    matrix,
    offset: [0, 1, 2].map((a) => center[a]! - turned[a]! + motion.translation[a]!) as Vector3,
  };
}

export function createWorld(phantom: PhantomCase, motion?: Motion): World {
  const still: Affine = {
    matrix: rotation(phantom.pose.rotation),
    offset: phantom.pose.translation,
  };
  const toPatient = motion
    ? compose(motionToAffine(motion, phantom.pose.translation), still)
    : still;
  const ears: PlacedEar[] = [];
  for (const side of EAR_SIDES) {
    const parameters = phantom.ears[side];
    if (!parameters) continue;
    const [x, y, z, ...rest] = rotation(phantom.earRotations[side]);
    // Turn in the ear's frame, then mirror the right ear: a mirrored case has mirrored anatomy.
    const matrix: Matrix3 = side === 'right' ? [-x, -y, -z, ...rest] : [x, y, z, ...rest];
    const earToPatient = compose(toPatient, { matrix, offset: phantom.earPositions[side] });
    ears.push({
      side,
      parameters,
      model: createEarModel(parameters),
      fromPatient: invertRigid(earToPatient),
      center: earToPatient.offset,
    });
  }
  return {
    head: createHeadModel(phantom.head, [phantom.earPositions.left, phantom.earPositions.right]),
    headFromPatient: invertRigid(toPatient),
    ears,
  };
}
