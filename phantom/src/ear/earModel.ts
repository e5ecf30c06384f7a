import { createCanal } from './canal';
import { createCochlea, type CochleaModel } from './cochlea';
import { COMPARTMENT } from './compartments';
import type { EarParameters } from './earParameters';
import type { Part } from './part';
import { createAuditoryCanal } from './auditoryCanal';

/** An ear ready to be sampled at points of its own frame. */
export interface EarModel {
  readonly parts: readonly Part[];
  readonly cochlea: CochleaModel;
  /** Compartment at a point; parts that were ruled out may be left out of `mask` (bit per part). */
  classify(x: number, y: number, z: number, mask?: number): number;
  /** Bits of the parts that a sphere may touch. */
  touching(x: number, y: number, z: number, radius: number): number;
  /** No part reaches outside this sphere about the frame's origin. */
  readonly boundingRadius: number;
}

function ellipsoidDepth(
  e: { center: readonly number[]; radii: readonly number[] },
  x: number,
  y: number,
  z: number
): number {
  const dx = (x - e.center[0]!) / e.radii[0]!;
  const dy = (y - e.center[1]!) / e.radii[1]!;
  const dz = (z - e.center[2]!) / e.radii[2]!;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** Bony vestibule as two blended ellipsoids; utricle and saccule distend within it with hydrops. */
function createVestibule(parameters: EarParameters): Part {
  const { utricular, saccular } = parameters.vestibule;
  const h = parameters.hydrops.vestibule;
  const membrane = (
    wall: { center: readonly number[]; radii: readonly number[] },
    share: number,
    shift: readonly number[]
  ): { center: number[]; radii: number[] } => ({
    center: wall.center.map((value, a) => value + shift[a]! * wall.radii[a]! * (1 - share)),
    radii: wall.radii.map((r) => r * share),
  });
  const utricle = membrane(utricular, 0.64 + 0.34 * h, [-0.5, 0.1, 0.6]);
  const saccule = membrane(saccular, 0.52 + 0.46 * Math.pow(h, 0.8), [-0.7, 0, 0]);
  const blend = 0.22;
  const reach = Math.max(...utricular.radii, ...saccular.radii);
  return {
    center: [
      (utricular.center[0] + saccular.center[0]) / 2,
      (utricular.center[1] + saccular.center[1]) / 2,
      (utricular.center[2] + saccular.center[2]) / 2,
    ],
    boundingRadius:
      0.5 * Math.hypot(...utricular.center.map((value, a) => value - saccular.center[a]!)) +
      reach * 1.1,
    classify(x, y, z) {
      const a = ellipsoidDepth(utricular, x, y, z);
      const b = ellipsoidDepth(saccular, x, y, z);
      const overlap = Math.max(0, blend - Math.abs(a - b));
      if (Math.min(a, b) - (overlap * overlap) / (4 * blend) >= 1) return COMPARTMENT.outside;
      return ellipsoidDepth(utricle, x, y, z) < 1 || ellipsoidDepth(saccule, x, y, z) < 1
        ? COMPARTMENT.vestibularEndolymph
        : COMPARTMENT.vestibularPerilymph;
    },
  };
}

function createCanalPart(
  parameters: EarParameters,
  name: 'lateral' | 'anterior' | 'posterior'
): Part {
  const canal = createCanal(parameters.canals[name]);
  const h = parameters.hydrops.vestibule;
  // Membranous duct: about a quarter of the lumen's section when normal; the ampulla fills more.
  const duct = 0.5 + 0.35 * h;
  const ampullaDuct = 0.7 + 0.25 * h;
  const [perilymph, endolymph] =
    name === 'lateral'
      ? [COMPARTMENT.lateralCanalPerilymph, COMPARTMENT.lateralCanalEndolymph]
      : [COMPARTMENT.otherCanalsPerilymph, COMPARTMENT.otherCanalsEndolymph];
  return {
    center: canal.center,
    boundingRadius: canal.boundingRadius,
    mayTouch: (x, y, z, radius) =>
      canal.depth(x, y, z) < 1 + (1.2 * radius) / parameters.canals[name].lumen ||
      canal.ampullaDepth(x, y, z) < 1 + radius / parameters.canals[name].ampulla,
    classify(x, y, z) {
      const depth = canal.depth(x, y, z);
      const ampulla = canal.ampullaDepth(x, y, z);
      if (depth >= 1 && ampulla >= 1) return COMPARTMENT.outside;
      return depth < duct || ampulla < ampullaDuct ? endolymph : perilymph;
    },
  };
}

export function createEarModel(parameters: EarParameters): EarModel {
  const cochlea = createCochlea(parameters);
  // In order of precedence: a point belongs to the first part that holds it.
  const parts: Part[] = [
    createVestibule(parameters),
    cochlea,
    createCanalPart(parameters, 'lateral'),
    createCanalPart(parameters, 'anterior'),
    createCanalPart(parameters, 'posterior'),
    ...createAuditoryCanal(parameters),
  ];
  return {
    parts,
    cochlea,
    classify(x, y, z, mask = -1) {
      for (let i = 0; i < parts.length; i++) {
        if (((mask >> i) & 1) === 0) continue;
        const compartment = parts[i]!.classify(x, y, z);
        if (compartment !== COMPARTMENT.outside) return compartment;
      }
      return COMPARTMENT.outside;
    },
    touching(x, y, z, radius) {
      let mask = 0;
      for (let i = 0; i < parts.length; i++) {
        const { center, boundingRadius } = parts[i]!;
        const reach = boundingRadius + radius;
        const dx = x - center[0];
        const dy = y - center[1];
        const dz = z - center[2];
        if (dx * dx + dy * dy + dz * dz >= reach * reach) continue;
        if (parts[i]!.mayTouch?.(x, y, z, radius) ?? true) mask |= 1 << i;
      }
      return mask;
    },
    boundingRadius: Math.max(...parts.map((p) => Math.hypot(...p.center) + p.boundingRadius)),
  };
}
