import type { Vector3 } from '@inner-ear-hydrops/core';
import type { Random } from '../random';

/**
 * Shape of one ear, in the ear's own frame: millimetres from the vestibule's centre, x lateral,
 * y posterior, z superior (so a left ear has patient directions, a right ear is mirrored in x).
 * Cochlea and vestibule are drawn between two shapes: sizes from the literature, and those fitted to the
 * labels of a real ear (pydsgz/IEVNet); everything varies around that.
 */
export interface EarParameters {
  cochlea: {
    /** Centre of the basal turn's plane on the modiolar axis. */
    base: Vector3;
    /** Unit vector from base to apex. */
    axis: Vector3;
    /** Unit vector, perpendicular to `axis`, from the axis to the start of the basal turn. */
    start: Vector3;
    turns: number;
    /** Shrinking of the spiral's radius, per radian. */
    tightness: number;
    /** Multiplies the radii of the spiral and of the lumen. */
    scale: number;
    /** Axial distance, mm, between the centre lines of the base and the apex. */
    height: number;
    /** Half-width and half-height of the lumen at the base, mm; tapers to `apexTaper` of it. */
    lumen: [number, number];
    apexTaper: number;
    /** Thickness of the septum between turns and of the osseous spiral lamina, mm. */
    septum: number;
    lamina: number;
    /** Share of the lumen's width that the osseous lamina spans at the base. */
    laminaReach: number;
  };
  vestibule: {
    /** Turn of the ellipsoids about y, degrees: positive moves the upper end laterally. */
    tilt: number;
    /** Towards the ampullae of the lateral and anterior canals. */
    recess: { center: Vector3; radii: Vector3 };
    utricular: { center: Vector3; radii: Vector3 };
    saccular: { center: Vector3; radii: Vector3 };
  };
  canals: {
    lateral: CanalParameters;
    anterior: CanalParameters;
    posterior: CanalParameters;
  };
  internalAuditoryCanal: {
    fundus: Vector3;
    porus: Vector3;
    fundusRadius: number;
    /** Radius of the branch from the fundus to the base of the modiolus. */
    branchRadius: number;
    /** Sideways bow of the canal's middle, mm: across (posterior) and up. */
    bow: [number, number];
    porusRadius: number;
    /** Thickness of the nerves, mm; 0 leaves them out. */
    nerveRadius: number;
  };
  /** Radius in mm of a cochlear aqueduct that carries visible fluid; 0 when it does not. */
  aqueductRadius: number;
  /** 0 (normal) to 1 (obliterating), by organ. */
  hydrops: { cochlea: number; vestibule: number };
  /** Gadolinium in the perilymph, mM. */
  gadolinium: number;
  /** Proton density of the fluids relative to CSF: below 1 where flow or partial filling dims them. */
  brightness: { cochlea: number; vestibule: number; lateralCanal: number; otherCanals: number };
}

export interface CanalParameters {
  center: Vector3;
  /** Orthonormal: in-plane axis of angle 0, in-plane axis of angle 90°. */
  axes: [Vector3, Vector3];
  radius: number;
  lumen: number;
  /** Start and end of the arc, degrees. */
  arc: [number, number];
  /** The points inside the vestibule (or common crus) that the arc's ends run to. */
  ends: [Vector3, Vector3];
  /** Radius of the ampulla, at the start of the arc. */
  ampulla: number;
}

/** Half-widths of the uniform ranges anatomy is drawn from; 1 is the default spread. */
export interface EarVariation {
  size: number;
  angle: number;
}

const toRadians = Math.PI / 180;

function jitter(random: Random, v: Vector3, amount: number): Vector3 {
  return [
    v[0] + random.range(-amount, amount),
    v[1] + random.range(-amount, amount),
    v[2] + random.range(-amount, amount),
  ];
}

/** Between a shape from the literature and that fitted to the real ear; -1 is near the first, 1 the second. */
function between(position: number): {
  number(textbook: number, real: number): number;
  vector(textbook: Vector3, real: Vector3): Vector3;
} {
  const share = 0.55 + 0.45 * position;
  const number = (textbook: number, real: number): number => textbook + share * (real - textbook);
  return {
    number,
    vector: (a, b) => [number(a[0], b[0]), number(a[1], b[1]), number(a[2], b[2])],
  };
}

/** Draws one ear. Hydrops, gadolinium and brightness are set by the caller. */
export function drawEarParameters(random: Random, variation: EarVariation): EarParameters {
  const { size, angle } = variation;
  const factor = (spread: number): number => 1 + random.range(-spread, spread) * size;
  const offset = (spread: number): number => random.range(-spread, spread) * size;
  const turn = (spread: number): number => random.range(-spread, spread) * angle * toRadians;
  const whole = factor(0.06);

  const scaled = (v: Vector3): Vector3 => [v[0] * whole, v[1] * whole, v[2] * whole];
  const unit = (v: Vector3): Vector3 => {
    const n = Math.hypot(...v);
    return [v[0] / n, v[1] / n, v[2] / n];
  };

  // Modiolar axis: antero-lateral and downwards, turned within a cone.
  const yaw = turn(14);
  const pitch = turn(12);
  const rotate = (v: Vector3): Vector3 => {
    const x = v[0] * Math.cos(yaw) - v[1] * Math.sin(yaw);
    const y = v[0] * Math.sin(yaw) + v[1] * Math.cos(yaw);
    return [
      x,
      y * Math.cos(pitch) - v[2] * Math.sin(pitch),
      y * Math.sin(pitch) + v[2] * Math.cos(pitch),
    ];
  };
  const cochlea = between(random.range(-1, 1) * size);
  const axis = unit(rotate(cochlea.vector([0.46, -0.78, -0.43], [0.4, -0.9, -0.145])));
  const basalStart = rotate(cochlea.vector([0.8, 0.44, 0.06], [0.62, 0.37, -0.69]));
  const along = axis[0] * basalStart[0] + axis[1] * basalStart[1] + axis[2] * basalStart[2];
  const start = unit([
    basalStart[0] - along * axis[0],
    basalStart[1] - along * axis[1],
    basalStart[2] - along * axis[2],
  ]);
  const vestibule = between(random.range(-1, 1) * size);
  const radii = (textbook: Vector3, real: Vector3): Vector3 => {
    const r = vestibule.vector(textbook, real);
    return [r[0] * factor(0.09) * whole, r[1] * factor(0.09) * whole, r[2] * factor(0.09) * whole];
  };

  return {
    cochlea: {
      base: jitter(
        random,
        scaled(cochlea.vector([-4.55, -3.9, -0.95], [-4.65, -4.39, -0.44])),
        0.4 * size
      ),
      axis,
      start,
      turns: 2.6 + offset(0.15),
      tightness: cochlea.number(0.17, 0.21),
      scale: cochlea.number(1.03, 1.01) * factor(0.045) * whole,
      height: cochlea.number(3.1, 3.55) * factor(0.12) * whole,
      lumen: [cochlea.number(1.06, 1.13) * factor(0.05), cochlea.number(1.12, 1.22) * factor(0.05)],
      apexTaper: cochlea.number(0.66, 0.5) * factor(0.1),
      septum: 0.26 * factor(0.4),
      lamina: 0.16 * factor(0.5),
      laminaReach: 0.52 * factor(0.2),
    },
    vestibule: {
      tilt: vestibule.number(0, 24) + offset(8),
      recess: {
        center: jitter(
          random,
          scaled(vestibule.vector([1.1, -1.1, 1], [1.85, -1.25, 1.15])),
          0.15 * size
        ),
        radii: radii([0.8, 0.8, 0.8], [1.5, 1.2, 1.2]),
      },
      utricular: {
        center: jitter(
          random,
          scaled(vestibule.vector([0.15, 0.5, 0.35], [-0.12, 0.45, -0.05])),
          0.2 * size
        ),
        radii: radii([1.95, 2.7, 2.05], [1.45, 3.5, 2.4]),
      },
      saccular: {
        center: jitter(
          random,
          scaled(vestibule.vector([-0.25, -1.75, -0.75], [-0.63, -1.55, -0.45])),
          0.2 * size
        ),
        radii: radii([1.55, 1.95, 1.55], [1.47, 1.7, 2.05]),
      },
    },
    canals: drawCanals(whole, factor, turn),
    internalAuditoryCanal: {
      fundus: jitter(random, scaled([-4.1, -1.6, 0.9]), 0.4 * size),
      porus: jitter(random, scaled([-14.5, 0.6, 1.1]), 1.2 * size),
      fundusRadius: 1.55 * factor(0.2),
      branchRadius: 0.9 * factor(0.3),
      bow: [offset(1.4), offset(0.8)],
      porusRadius: 2.5 * factor(0.25),
      nerveRadius: random.chance(0.9) ? random.range(0.28, 0.5) : 0,
    },
    aqueductRadius: random.chance(0.35) ? random.range(0.15, 0.35) : 0,
    hydrops: { cochlea: 0, vestibule: 0 },
    gadolinium: 0.08,
    brightness: { cochlea: 1, vestibule: 1, lateralCanal: 1, otherCanals: 1 },
  };
}

function drawCanals(
  whole: number,
  factor: (spread: number) => number,
  turn: (spread: number) => number
): EarParameters['canals'] {
  const scaled = (x: number, y: number, z: number): Vector3 => [x * whole, y * whole, z * whole];
  const lumen = (): number => 0.67 * factor(0.17) * Math.sqrt(whole);

  // Lateral: anterior end up by about 22°; angle 0 points laterally, 90° posteriorly.
  const tilt = 22 * toRadians + turn(6);
  const roll = turn(6);
  const lateral: CanalParameters = {
    center: scaled(3.05, 0.9, 0.45),
    axes: [
      [Math.cos(roll), 0, Math.sin(roll)],
      [Math.sin(roll) * Math.sin(tilt), Math.cos(tilt), -Math.cos(roll) * Math.sin(tilt)],
    ],
    radius: 2.35 * factor(0.1) * whole,
    lumen: lumen(),
    arc: [-118, 118],
    ends: [scaled(1.1, -1.1, 1.15), scaled(1.0, 2.4, -0.25)],
    ampulla: 0.98 * factor(0.12) * whole,
  };

  // Anterior: vertical, its plane running antero-laterally; angle 0 antero-lateral, 90° up.
  const anteriorAzimuth = 56 * toRadians + turn(8);
  const lean = turn(6);
  const anterior: CanalParameters = {
    center: scaled(2.1, 1.5, 4.5),
    axes: [
      [Math.cos(anteriorAzimuth), -Math.sin(anteriorAzimuth), 0],
      [
        Math.sin(lean) * Math.sin(anteriorAzimuth),
        Math.sin(lean) * Math.cos(anteriorAzimuth),
        Math.cos(lean),
      ],
    ],
    radius: 3.2 * factor(0.1) * whole,
    lumen: lumen(),
    arc: [-42, 200],
    ends: [scaled(1.0, -1.0, 1.4), scaled(0.2, 3.1, 1.0)],
    ampulla: 0.88 * factor(0.12) * whole,
  };

  // Posterior: vertical, along the petrous axis; angle 0 postero-lateral, 90° up.
  const posteriorAzimuth = 47 * toRadians + turn(8);
  const posteriorLean = turn(6);
  const posterior: CanalParameters = {
    center: scaled(2.0, 4.9, -0.6),
    axes: [
      [Math.cos(posteriorAzimuth), Math.sin(posteriorAzimuth), 0],
      [
        -Math.sin(posteriorLean) * Math.sin(posteriorAzimuth),
        Math.sin(posteriorLean) * Math.cos(posteriorAzimuth),
        Math.cos(posteriorLean),
      ],
    ],
    radius: 3.0 * factor(0.1) * whole,
    lumen: lumen(),
    arc: [-132, 138],
    ends: [scaled(-0.2, 2.1, -0.9), scaled(0.2, 3.6, 2.0)],
    ampulla: 0.85 * factor(0.12) * whole,
  };
  return { lateral, anterior, posterior };
}
