import { axisOf } from '@inner-ear-hydrops/core';
import type { Geometry, Organ, Vector3 } from '@inner-ear-hydrops/core';
import { COMPARTMENT } from './ear/compartments';
import type { EarModel } from './ear/earModel';
import { apply, invertRigid, patientToIndex } from './vector';
import type { PlacedEar } from './world';

/** Sample distance of the exact volumes, mm, in the ear's own frame: no acquisition grid enters. */
const STEP = 0.1;

/** Endolymph share and fluid volume (mm³) of cochlea and vestibule. */
export function exactRatios(model: EarModel): {
  ratios: Record<Organ, number>;
  volumes: Record<Organ, number>;
} {
  const counts = { cochlea: [0, 0], vestibule: [0, 0] };
  const [vestibule, cochlea] = model.parts;
  for (const [organ, part, perilymph, endolymph] of [
    ['vestibule', vestibule!, COMPARTMENT.vestibularPerilymph, COMPARTMENT.vestibularEndolymph],
    ['cochlea', cochlea!, COMPARTMENT.cochlearPerilymph, COMPARTMENT.cochlearEndolymph],
  ] as const) {
    const n = Math.ceil(part.boundingRadius / STEP);
    for (let c = -n; c <= n; c++)
      for (let b = -n; b <= n; b++)
        for (let a = -n; a <= n; a++) {
          const found = model.classify(
            part.center[0] + a * STEP,
            part.center[1] + b * STEP,
            part.center[2] + c * STEP,
            // Only these two parts compete for the organs' points.
            3
          );
          if (found === endolymph) counts[organ][0]!++;
          else if (found === perilymph) counts[organ][1]!++;
        }
  }
  const ratio = ([e, p]: number[]): number => (e! + p! === 0 ? 0 : e! / (e! + p!));
  const volume = ([e, p]: number[]): number => (e! + p!) * STEP ** 3;
  return {
    ratios: { cochlea: ratio(counts.cochlea), vestibule: ratio(counts.vestibule) },
    volumes: { cochlea: volume(counts.cochlea), vestibule: volume(counts.vestibule) },
  };
}

/** The paper's rules on the continuous anatomy, for the slices of a grid. */
export function representativeSlices(
  geometry: Geometry,
  ear: PlacedEar
): Record<Organ, number | null> {
  return { cochlea: cochlearSlice(geometry, ear), vestibule: vestibularSlice(geometry, ear) };
}

/** The slice that cuts basal, middle and apical turns, and of several such slices, that with the tallest modiolus. */
function cochlearSlice(geometry: Geometry, ear: PlacedEar): number | null {
  const slices = geometry.size[2];
  const { cochlea } = ear.model;
  const toPatient = invertRigid(ear.fromPatient);
  const axis = ear.parameters.cochlea.axis;
  const step = 0.2;
  const n = Math.ceil(cochlea.boundingRadius / step);
  const turns = Array.from({ length: slices }, () => [0, 0, 0]);
  const lowest = new Float64Array(slices).fill(Infinity);
  const highest = new Float64Array(slices).fill(-Infinity);
  for (let c = -n; c <= n; c++)
    for (let b = -n; b <= n; b++)
      for (let a = -n; a <= n; a++) {
        const p: Vector3 = [
          cochlea.center[0] + a * step,
          cochlea.center[1] + b * step,
          cochlea.center[2] + c * step,
        ];
        const inside = cochlea.classify(...p) !== COMPARTMENT.outside;
        const turn = inside ? cochlea.turn() : -1;
        const modiolus = !inside && cochlea.isModiolus(...p);
        if (!inside && !modiolus) continue;
        const index = patientToIndex(geometry, apply(toPatient, p));
        const k = Math.round(index[2]);
        if (k < 0 || k >= slices) continue;
        if (inside) turns[k]![Math.min(2, turn)]!++;
        else {
          const height = p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2];
          lowest[k] = Math.min(lowest[k]!, height);
          highest[k] = Math.max(highest[k]!, height);
        }
      }
  // A turn shows when it covers at least about 0.5 mm² of the slice.
  const enough = (0.5 * geometry.spacing[2]) / step ** 3;
  let best: number | null = null;
  let bestScore = 0;
  for (let k = 0; k < slices; k++) {
    const shown = turns[k]!.filter((count) => count >= enough).length;
    if (shown === 0) continue;
    const tall = Number.isFinite(lowest[k]!) ? highest[k]! - lowest[k]! : 0;
    const score = shown * 100 + tall;
    if (score > bestScore) {
      bestScore = score;
      best = k;
    }
  }
  return best;
}

/** The lowest slice on which the ring of lateral canal and vestibule shows over more than 240°. */
function vestibularSlice(geometry: Geometry, ear: PlacedEar): number | null {
  const slices = geometry.size[2];
  const canal = ear.parameters.canals.lateral;
  const toPatient = invertRigid(ear.fromPatient);
  const bins = 72;
  const visible = new Int32Array(slices);
  // Slice normal and the in-plane ring in the ear's frame.
  const normal = axisOf(geometry, 2);
  const m = ear.fromPatient.matrix;
  const n: Vector3 = [
    m[0] * normal[0] + m[1] * normal[1] + m[2] * normal[2],
    m[3] * normal[0] + m[4] * normal[1] + m[5] * normal[2],
    m[6] * normal[0] + m[7] * normal[1] + m[8] * normal[2],
  ];
  const centerIndex = patientToIndex(geometry, apply(toPatient, canal.center));
  const reach = Math.ceil((canal.radius + 2) / geometry.spacing[2]);
  const middle = Math.round(centerIndex[2]);
  for (let k = Math.max(0, middle - reach); k <= Math.min(slices - 1, middle + reach); k++) {
    for (let bin = 0; bin < bins; bin++) {
      const angle = (bin / bins) * 2 * Math.PI;
      const c = Math.cos(angle) * canal.radius;
      const s = Math.sin(angle) * canal.radius;
      const ring: Vector3 = [0, 1, 2].map(
        (a) => canal.center[a]! + c * canal.axes[0][a]! + s * canal.axes[1][a]!
      ) as Vector3;
      const offset =
        (k - patientToIndex(geometry, apply(toPatient, ring))[2]) * geometry.spacing[2];
      // Share of the slab's thickness that holds fluid where the ring is, seen from above.
      let fluid = 0;
      const steps = 9;
      for (let t = 0; t < steps; t++) {
        const along = offset + ((t + 0.5) / steps - 0.5) * geometry.spacing[2];
        const found = ear.model.classify(
          ring[0] + n[0] * along,
          ring[1] + n[1] * along,
          ring[2] + n[2] * along,
          0b111
        );
        if (found >= COMPARTMENT.vestibularPerilymph && found <= COMPARTMENT.lateralCanalEndolymph)
          fluid++;
      }
      if (fluid / steps >= 0.35) visible[k]!++;
    }
  }
  // "Lowest" in the patient: towards the feet, whichever way the stack runs.
  const upwards = normal[2] >= 0;
  for (let step = 0; step < slices; step++) {
    const k = upwards ? step : slices - 1 - step;
    if ((visible[k]! / bins) * 360 > 240) return k;
  }
  let best: number | null = null;
  for (let k = 0; k < slices; k++)
    if (visible[k]! > 0 && (best === null || visible[k]! > visible[best]!)) best = k;
  return best;
}
