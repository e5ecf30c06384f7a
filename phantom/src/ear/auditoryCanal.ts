import { cross, normalize, subtract } from '../vector';
import { COMPARTMENT } from './compartments';
import type { EarParameters } from './earParameters';
import type { Part } from './part';

/** How far, in lengths of the canal, CSF and nerves go on beyond the porus into the cistern. */
const CISTERN_REACH = 0.45;

/** Internal auditory canal (widening cone of CSF with four nerves) and, when visible, the aqueduct. */
export function createAuditoryCanal(parameters: EarParameters): Part[] {
  const p = parameters.internalAuditoryCanal;
  const along = subtract(p.porus, p.fundus);
  const canalLength = Math.hypot(...along);
  const axis = normalize(along);
  const across = normalize(cross(axis, [0, 0, 1]));
  const up = cross(across, axis);
  const parts: Part[] = [
    {
      center: [
        p.fundus[0] + along[0] * 0.6,
        p.fundus[1] + along[1] * 0.6,
        p.fundus[2] + along[2] * 0.6,
      ],
      boundingRadius: canalLength * (0.6 + CISTERN_REACH) + p.porusRadius,
      classify(x, y, z) {
        const dx = x - p.fundus[0];
        const dy = y - p.fundus[1];
        const dz = z - p.fundus[2];
        const t = (dx * axis[0] + dy * axis[1] + dz * axis[2]) / canalLength;
        if (t < -0.2 || t > 1 + CISTERN_REACH) return COMPARTMENT.outside;
        const a = dx * across[0] + dy * across[1] + dz * across[2];
        const b = dx * up[0] + dy * up[1] + dz * up[2];
        const wall = p.fundusRadius + (p.porusRadius - p.fundusRadius) * Math.max(0, t);
        // Rounded blind end at the fundus.
        const cap = t < 0 ? t * canalLength : 0;
        if (Math.sqrt(a * a + b * b + cap * cap) >= wall) return COMPARTMENT.outside;
        if (p.nerveRadius > 0) {
          // Facial, cochlear, superior and inferior vestibular nerve, gathering medially.
          const spread = 0.5 * p.fundusRadius * Math.max(0.25, 1 - 0.35 * t);
          const da = Math.abs(a) - spread;
          const db = Math.abs(b) - spread;
          if (da * da + db * db < p.nerveRadius * p.nerveRadius) return COMPARTMENT.nerve;
        }
        return t <= 1 ? COMPARTMENT.internalAuditoryCanal : COMPARTMENT.unlabelledFluid;
      },
    },
  ];
  if (parameters.aqueductRadius > 0) {
    // From the scala tympani near the round window backwards, medially and down to the fossa.
    const from = [-2.4, 0.2, -3.2] as const;
    const to = [-11, 6.5, -5] as const;
    const line = subtract([...to], [...from]);
    const n = Math.hypot(...line) ** 2;
    parts.push({
      center: [-6.7, 3.35, -4.1],
      boundingRadius: Math.sqrt(n) / 2 + 1.5,
      classify(x, y, z) {
        const dx = x - from[0];
        const dy = y - from[1];
        const dz = z - from[2];
        const t = (dx * line[0] + dy * line[1] + dz * line[2]) / n;
        if (t < 0 || t > 1.1) return COMPARTMENT.outside;
        const distance = Math.hypot(dx - t * line[0], dy - t * line[1], dz - t * line[2]);
        return distance < parameters.aqueductRadius * (1 + 3 * t * t)
          ? COMPARTMENT.unlabelledFluid
          : COMPARTMENT.outside;
      },
    });
  }
  return parts;
}
