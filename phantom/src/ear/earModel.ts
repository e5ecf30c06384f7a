import type { Vector3 } from '@inner-ear-hydrops/core';
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

interface Ellipsoid {
  center: readonly number[];
  radii: readonly number[];
}

/**
 * Bony vestibule: two blended ellipsoids, tilted together, and the recess that leads to the lateral and
 * anterior ampullae. Utricle and saccule distend within them with hydrops.
 */
function createVestibule(parameters: EarParameters): Part {
  const { utricular, saccular, recess, tilt } = parameters.vestibule;
  const cos = Math.cos((tilt * Math.PI) / 180);
  const sin = Math.sin((tilt * Math.PI) / 180);
  const depth = ({ center, radii }: Ellipsoid, x: number, y: number, z: number): number => {
    const dx = x - center[0]!;
    const dz = z - center[2]!;
    const a = (cos * dx - sin * dz) / radii[0]!;
    const b = (y - center[1]!) / radii[1]!;
    const c = (sin * dx + cos * dz) / radii[2]!;
    return Math.sqrt(a * a + b * b + c * c);
  };
  /** The sac, `share` of the wall's size, moved towards the wall along the ellipsoid's own axes. */
  const membrane = (wall: Ellipsoid, share: number, shift: readonly number[]): Ellipsoid => {
    const [a, b, c] = wall.radii.map((r, axis) => shift[axis]! * r * (1 - share));
    const [x, y, z] = wall.center;
    return {
      center: [x! + cos * a! + sin * c!, y! + b!, z! - sin * a! + cos * c!],
      radii: wall.radii.map((r) => r * share),
    };
  };
  const h = parameters.hydrops.vestibule;
  const utricle = membrane(utricular, 0.64 + 0.34 * h, [-0.5, 0.1, 0.6]);
  const saccule = membrane(saccular, 0.52 + 0.46 * Math.pow(h, 0.8), [-0.7, 0, 0]);
  const utricleInRecess = membrane(recess, 0.64 + 0.34 * h, [0, 0, 0]);
  const blend = 0.22;
  const reach = Math.max(...utricular.radii, ...saccular.radii);
  const middle: Vector3 = [
    (utricular.center[0] + saccular.center[0]) / 2,
    (utricular.center[1] + saccular.center[1]) / 2,
    (utricular.center[2] + saccular.center[2]) / 2,
  ];
  const away = (center: readonly number[]): number =>
    Math.hypot(...middle.map((value, a) => value - center[a]!));
  return {
    center: middle,
    boundingRadius: Math.max(
      away(utricular.center) + reach * 1.1,
      away(recess.center) + Math.max(...recess.radii)
    ),
    classify(x, y, z) {
      const a = depth(utricular, x, y, z);
      const b = depth(saccular, x, y, z);
      const overlap = Math.max(0, blend - Math.abs(a - b));
      if (Math.min(a, b) - (overlap * overlap) / (4 * blend) >= 1 && depth(recess, x, y, z) >= 1)
        return COMPARTMENT.outside;
      return depth(utricle, x, y, z) < 1 ||
        depth(saccule, x, y, z) < 1 ||
        depth(utricleInRecess, x, y, z) < 1
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
