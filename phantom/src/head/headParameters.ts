import type { Vector3 } from '@inner-ear-hydrops/core';
import type { Random } from '../random';

/**
 * A head in its own frame: millimetres in patient directions (x left, y posterior, z superior) about
 * the midpoint between the vestibules. Grey levels are relative to cerebrospinal fluid on MRC.
 */
export interface HeadParameters {
  /** Multiplies all extents except the distance between the ears. */
  size: Vector3;
  noiseSeed: number;
  brain: number;
  muscle: number;
  fat: number;
  skin: number;
  bone: number;
  mucosa: number;
  /** Strength of the texture of brain and muscle, relative to their level. */
  texture: number;
  /** Thickness of CSF over the brain, mm, and width of sulci and fissures between folia, mm. */
  csfLayer: number;
  sulcus: number;
  /** CSF between temporal lobe and bone, and depth of the cerebellopontine cistern, mm. */
  temporalGap: number;
  cistern: number;
  /** Height of the undulations of the petrous faces, mm. */
  relief: number;
  /** Level of marrow at the petrous apex and skull base. */
  marrow: number;
  /** Distance from the vestibule to the posterior and to the upper face of the petrous bone, mm. */
  petrousPosterior: number;
  petrousSuperior: number;
  /** Share of sinuses and of the mastoid (left, right) that hold fluid, 0–1. */
  sinusFluid: number;
  mastoidFluid: [number, number];
  eyes: boolean;
  ventricles: number;
  /** Vitreous relative to CSF. */
  vitreous: number;
  /** Share of CSF signal lost to flow near the vessels, 0–1. */
  flowVoid: number;
}

export function drawHeadParameters(random: Random, variation: number): HeadParameters {
  const factor = (spread: number): number => 1 + random.range(-spread, spread) * variation;
  const whole = factor(0.05);
  return {
    size: [whole * factor(0.04), whole * factor(0.06), whole * factor(0.05)],
    noiseSeed: Math.floor(random.next() * 0xffffffff),
    brain: random.range(0.08, 0.28),
    muscle: random.range(0.03, 0.2),
    fat: random.range(0.03, 0.25),
    skin: random.range(0.03, 0.2),
    bone: random.range(0, 0.05),
    mucosa: random.range(0.15, 0.6),
    texture: random.range(0.05, 0.35),
    csfLayer: random.range(0.5, 3.5),
    temporalGap: random.range(0.1, 1.6),
    cistern: random.range(2, 10),
    relief: random.range(0.5, 4) * variation,
    marrow: random.range(0.02, 0.3),
    sulcus: random.range(0.4, 1.6),
    petrousPosterior: 11.5 * factor(0.15),
    petrousSuperior: 11.5 * factor(0.15),
    sinusFluid: random.chance(0.4) ? random.range(0.1, 1) : 0,
    mastoidFluid: [
      random.chance(0.2) ? random.range(0.2, 0.9) : 0,
      random.chance(0.2) ? random.range(0.2, 0.9) : 0,
    ],
    eyes: random.chance(0.95),
    ventricles: factor(0.4),
    vitreous: random.range(0.85, 1.1),
    flowVoid: random.range(0, 0.7),
  };
}
