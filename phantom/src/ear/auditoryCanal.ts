import type { Vector3 } from '@inner-ear-hydrops/core';
import { cross, normalize, subtract } from '../vector';
import { COMPARTMENT } from './compartments';
import type { EarParameters } from './earParameters';
import type { Part } from './part';

/** How far, in lengths of the canal, CSF and nerves go on beyond the porus into the cistern. */
const CISTERN_REACH = 0.4;
/** Where the canal begins to flare towards the porus, in its lengths, and by how much of the way from there. */
const FLARE_START = 0.65;
const FLARE = 0.24;

/** Internal auditory canal with four nerves and, when visible, the cochlear aqueduct. */
export function createAuditoryCanal(parameters: EarParameters): Part[] {
  const parts = [createCanalOfNerves(parameters)];
  if (parameters.aqueductRadius > 0) parts.push(createAqueduct(parameters.aqueductRadius));
  return parts;
}

/** A bowed cone of CSF, flaring at the porus, with a branch from its fundus to the modiolus. */
function createCanalOfNerves(parameters: EarParameters): Part {
  const p = parameters.internalAuditoryCanal;
  const along = subtract(p.porus, p.fundus);
  const canalLength = Math.hypot(...along);
  const axis = normalize(along);
  const across = normalize(cross(axis, [0, 0, 1]));
  const up = cross(across, axis);
  const c = parameters.cochlea;
  const branchEnd = c.base.map((v, a) => v - 0.2 * c.axis[a]!) as Vector3;
  const branch = subtract(branchEnd, p.fundus);
  const branch2 = branch[0] ** 2 + branch[1] ** 2 + branch[2] ** 2;
  const branchLength = Math.sqrt(branch2);
  // No point of the cone is farther from its axis: the widest wall, and the bow.
  const farthest =
    Math.max(
      p.fundusRadius,
      p.fundusRadius + (p.porusRadius - p.fundusRadius) * (1 + CISTERN_REACH)
    ) +
    FLARE * (1 - FLARE_START) * canalLength +
    Math.hypot(...p.bow);
  return {
    center: [
      p.fundus[0] + along[0] * 0.6,
      p.fundus[1] + along[1] * 0.6,
      p.fundus[2] + along[2] * 0.6,
    ],
    boundingRadius: canalLength * (0.6 + CISTERN_REACH) + p.porusRadius * 1.8 + 2,
    mayTouch(x, y, z, radius) {
      const dx = x - p.fundus[0];
      const dy = y - p.fundus[1];
      const dz = z - p.fundus[2];
      const square = dx * dx + dy * dy + dz * dz;
      const t = dx * axis[0] + dy * axis[1] + dz * axis[2];
      const from = -0.2 * canalLength - radius;
      const to = (1 + CISTERN_REACH) * canalLength + radius;
      if (t >= from && t <= to && square - t * t <= (farthest + radius) ** 2) return true;
      const s = (dx * branch[0] + dy * branch[1] + dz * branch[2]) / branchLength;
      return (
        s >= -radius &&
        s <= branchLength + radius &&
        square - s * s <= (p.branchRadius + radius) ** 2
      );
    },
    classify(x, y, z) {
      const dx = x - p.fundus[0];
      const dy = y - p.fundus[1];
      const dz = z - p.fundus[2];
      const t = (dx * axis[0] + dy * axis[1] + dz * axis[2]) / canalLength;
      const s = (dx * branch[0] + dy * branch[1] + dz * branch[2]) / branch2;
      if (s > 0 && s <= 1) {
        const ex = dx - s * branch[0];
        const ey = dy - s * branch[1];
        const ez = dz - s * branch[2];
        const distance = Math.sqrt(ex * ex + ey * ey + ez * ez);
        if (distance < p.branchRadius)
          return distance < 0.7 * p.nerveRadius
            ? COMPARTMENT.nerve
            : COMPARTMENT.internalAuditoryCanal;
      }
      if (t < -0.2 || t > 1 + CISTERN_REACH) return COMPARTMENT.outside;
      const sag = 4 * Math.max(0, t) * (1 - Math.min(1, t));
      const a = dx * across[0] + dy * across[1] + dz * across[2] - sag * p.bow[0];
      const b = dx * up[0] + dy * up[1] + dz * up[2] - sag * p.bow[1];
      const inward = Math.max(0, t);
      const flare = t > FLARE_START ? FLARE * (Math.min(t, 1) - FLARE_START) * canalLength : 0;
      const beyond = Math.max(0, t - 1) / CISTERN_REACH;
      const wall =
        (p.fundusRadius + (p.porusRadius - p.fundusRadius) * inward + flare) *
        Math.sqrt(1 - beyond * beyond);
      // Rounded blind end at the fundus.
      const cap = t < 0 ? t * canalLength : 0;
      if (Math.sqrt(a * a + b * b + cap * cap) >= wall) return COMPARTMENT.outside;
      if (p.nerveRadius > 0) {
        // Facial, cochlear, superior and inferior vestibular nerve, gathering medially.
        const spread = 0.55 * p.fundusRadius * Math.max(0.25, 1 - 0.35 * t);
        const da = Math.abs(a + 0.5 * inward) - spread;
        const db = Math.abs(b) - spread;
        if (da * da + db * db < p.nerveRadius * p.nerveRadius) return COMPARTMENT.nerve;
      }
      return t <= 1 ? COMPARTMENT.internalAuditoryCanal : COMPARTMENT.unlabelledFluid;
    },
  };
}

/** From the scala tympani near the round window backwards, medially and down to the fossa. */
function createAqueduct(radius: number): Part {
  const from: Vector3 = [-2.4, 0.2, -3.2];
  const to: Vector3 = [-11, 6.5, -5];
  const line = subtract(to, from);
  const n = line[0] ** 2 + line[1] ** 2 + line[2] ** 2;
  return {
    center: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2],
    boundingRadius: Math.sqrt(n) / 2 + 2,
    mayTouch(x, y, z, reach) {
      const dx = x - from[0];
      const dy = y - from[1];
      const dz = z - from[2];
      const t = (dx * line[0] + dy * line[1] + dz * line[2]) / Math.sqrt(n);
      const farthest = radius * (1 + 3 * 1.1 * 1.1) + reach;
      return (
        t >= -reach &&
        t <= 1.1 * Math.sqrt(n) + reach &&
        dx * dx + dy * dy + dz * dz - t * t <= farthest * farthest
      );
    },
    classify(x, y, z) {
      const dx = x - from[0];
      const dy = y - from[1];
      const dz = z - from[2];
      const t = (dx * line[0] + dy * line[1] + dz * line[2]) / n;
      if (t < 0 || t > 1.1) return COMPARTMENT.outside;
      const ex = dx - t * line[0];
      const ey = dy - t * line[1];
      const ez = dz - t * line[2];
      return Math.sqrt(ex * ex + ey * ey + ez * ez) < radius * (1 + 3 * t * t)
        ? COMPARTMENT.unlabelledFluid
        : COMPARTMENT.outside;
    },
  };
}
