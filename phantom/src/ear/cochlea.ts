import { cross } from '../vector';
import { COMPARTMENT } from './compartments';
import type { EarParameters } from './earParameters';

/** Angle, radians, by which the basal turn reaches back towards the vestibule (hook region). */
const HOOK = 0.35;
const TAU = 2 * Math.PI;

export interface CochleaModel {
  /** Compartment of a point of the ear's frame, and (in `turn`) the 0-based turn it lies in. */
  classify(x: number, y: number, z: number): number;
  /** Turn (0 basal, 1 middle, 2 apical) of the last point that `classify` found inside. */
  readonly turn: () => number;
  /** Whether the point lies on the modiolus: the bony core inside the spiral. */
  isModiolus(x: number, y: number, z: number): boolean;
  readonly center: readonly [number, number, number];
  readonly boundingRadius: number;
}

/**
 * Conical spiral lumen with interscalar septa, osseous spiral lamina and a scala media that is a
 * wedge over the basilar membrane, widening into the scala vestibuli as hydrops grows from 0 to 1
 * and, when obliterating, pressing into the scala tympani.
 */
export function createCochlea(parameters: EarParameters): CochleaModel {
  const c = parameters.cochlea;
  const [wx, wy, wz] = c.axis;
  const [ux, uy, uz] = c.start;
  let [vx, vy, vz] = cross(c.axis, c.start);
  // The basal turn descends first, then runs forwards and medially.
  if (vz > 0) [vx, vy, vz] = [-vx, -vy, -vz];
  const end = c.turns * TAU;
  const hydrops = parameters.hydrops.cochlea;
  const limbus = 0.05 - 0.8 * hydrops;
  const upper = ((42 + 138 * Math.min(1, hydrops / 0.75)) * Math.PI) / 180;
  const lower = ((hydrops <= 0.6 ? 0 : (95 * (hydrops - 0.6)) / 0.4) * Math.PI) / 180;

  const radiusAt = (theta: number): number =>
    c.scale *
    (0.66 + 2.75 * Math.exp(-c.tightness * theta) + 1.1 * Math.exp(-1.6 * Math.max(theta, -0.2)));
  const heightAt = (theta: number): number =>
    theta <= 0 ? 0 : c.height * Math.pow(theta / end, 1.1);
  const taperAt = (theta: number): number =>
    c.scale * (1 - (1 - c.apexTaper) * Math.min(1, Math.max(0, theta / end)));

  // Tables over the angle: the functions above are too dear to call for every sample.
  const perRadian = 40;
  const entries = Math.ceil((end + HOOK) * perRadian) + 2;
  const angleOf = (i: number): number => i / perRadian - HOOK;
  const radii = Float64Array.from({ length: entries }, (_, i) => radiusAt(angleOf(i)));
  const heights = Float64Array.from({ length: entries }, (_, i) => heightAt(angleOf(i)));
  const tapers = Float64Array.from({ length: entries }, (_, i) => taperAt(angleOf(i)));

  const reach = envelope(radii, heights, tapers, c.lumen);
  let lastTurn = 0;

  function classify(x: number, y: number, z: number): number {
    const px = x - c.base[0];
    const py = y - c.base[1];
    const pz = z - c.base[2];
    const w = px * wx + py * wy + pz * wz;
    if (w < -2 || w > c.height + 2) return COMPARTMENT.outside;
    const u = px * ux + py * uy + pz * uz;
    const v = px * vx + py * vy + pz * vz;
    const rho = Math.sqrt(u * u + v * v);
    if (rho > reach(w)) return COMPARTMENT.outside;
    let phi = Math.atan2(v, u);
    if (phi < 0) phi += TAU;
    let best = Infinity;
    let second = Infinity;
    let bestTheta = 0;
    let bestE = 0;
    let bestF = 0;
    for (let theta = phi > TAU - HOOK ? phi - TAU : phi; theta <= end; theta += TAU) {
      const position = (theta + HOOK) * perRadian;
      const entry = Math.floor(position);
      const t = position - entry;
      const taper = tapers[entry]! + t * (tapers[entry + 1]! - tapers[entry]!);
      const radius = radii[entry]! + t * (radii[entry + 1]! - radii[entry]!);
      const height = heights[entry]! + t * (heights[entry + 1]! - heights[entry]!);
      const e = (rho - radius) / (c.lumen[0] * taper);
      const f = (w - height) / (c.lumen[1] * taper);
      const q = Math.sqrt(e * e + f * f);
      if (q < best) {
        second = best;
        best = q;
        bestTheta = theta;
        bestE = e;
        bestF = f;
      } else if (q < second) second = q;
    }
    if (best >= 1) return COMPARTMENT.outside;
    const size = taperAt(bestTheta);
    if ((second - best) * c.lumen[1] * size < c.septum) return COMPARTMENT.bone;
    lastTurn = bestTheta < 0 ? 0 : Math.floor(bestTheta / TAU);
    const lamina = c.laminaReach * (1 - (0.5 * Math.max(0, bestTheta)) / end);
    if (bestE < 2 * lamina - 1 && Math.abs(bestF) * c.lumen[1] * size < c.lamina / 2)
      return COMPARTMENT.cochlearLamina;
    const psi = Math.atan2(bestF, bestE - limbus);
    return psi <= upper && psi >= -lower
      ? COMPARTMENT.cochlearEndolymph
      : COMPARTMENT.cochlearPerilymph;
  }

  const boundingRadius = radiusAt(0) + c.lumen[0] * c.scale + 0.6;
  return {
    classify,
    turn: () => lastTurn,
    isModiolus(x, y, z) {
      const px = x - c.base[0];
      const py = y - c.base[1];
      const pz = z - c.base[2];
      const w = px * wx + py * wy + pz * wz;
      if (w < 0 || w > c.height) return false;
      const u = px * ux + py * uy + pz * uz;
      const v = px * vx + py * vy + pz * vz;
      const theta = Math.pow(w / c.height, 1 / 1.1) * end;
      const inner = Math.max(0.3, radiusAt(theta) - c.lumen[0] * taperAt(theta));
      return u * u + v * v < inner * inner && classify(x, y, z) === COMPARTMENT.outside;
    },
    center: [
      c.base[0] + (wx * c.height) / 2,
      c.base[1] + (wy * c.height) / 2,
      c.base[2] + (wz * c.height) / 2,
    ],
    boundingRadius,
  };
}

/**
 * Greatest distance from the axis, mm, at which the lumen may lie at a height `w`; −1 where it does not reach. Never
 * less than the tables give: most points that are asked about lie outside, and need no more than this.
 */
function envelope(
  radii: Float64Array,
  heights: Float64Array,
  tapers: Float64Array,
  lumen: readonly number[]
): (w: number) => number {
  const perMillimetre = 20;
  const rounding = 1e-6;
  const from = -2;
  const bins = new Float64Array(
    Math.ceil((Math.max(...heights) - from + 2) * perMillimetre) + 1
  ).fill(-1);
  for (let i = 0; i + 1 < radii.length; i++) {
    const radius = Math.max(radii[i]!, radii[i + 1]!);
    const taper = Math.max(tapers[i]!, tapers[i + 1]!);
    const low = Math.min(heights[i]!, heights[i + 1]!);
    const high = Math.max(heights[i]!, heights[i + 1]!);
    for (let bin = 0; bin < bins.length; bin++) {
      const bottom = from + bin / perMillimetre;
      const away = Math.max(0, low - bottom - 1 / perMillimetre, bottom - high) - rounding;
      const f = Math.max(0, away) / (lumen[1]! * taper);
      if (f >= 1) continue;
      const rho = radius + lumen[0]! * taper * Math.sqrt(1 - f * f) + rounding;
      if (rho > bins[bin]!) bins[bin] = rho;
    }
  }
  return (w) => bins[Math.floor((w - from) * perMillimetre)] ?? -1;
}
