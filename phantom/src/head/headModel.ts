import type { Vector3 } from '@inner-ear-hydrops/core';
import type { HeadParameters } from './headParameters';
import {
  ellipsoid,
  TRIGEMINAL,
  MEDULLA,
  MIDBRAIN,
  PEDUNCLE,
  TEMPORAL_HORN,
  BASILAR,
  VERTEBRAL,
  AICA,
  AICA_LOOP,
  SIGMOID_SINUS,
  EAR_CANAL,
  CAROTID,
  OPTIC_NERVE,
  capsule,
  column,
} from './headShapes';
import { createNoiseField } from './noiseField';

/** What the head outside the labyrinth holds at a point. */
export interface HeadSample {
  /** Share of water-like fluid, 0–1 (may exceed 1 a little for vitreous). */
  fluid: number;
  /** Signal of all other tissue relative to CSF on MRC. */
  grey: number;
}

/**
 * Samples the head. `edge` (mm) is the width over which borders between tissues blend: give about the
 * voxel's size, so that one sample a voxel stands for its partial volume. The result object is reused.
 */
export type HeadModel = (x: number, y: number, z: number, edge: number) => HeadSample;

/** `ears`: centres of the vestibules in the head's frame, [left, right]. */
export function createHeadModel(p: HeadParameters, ears: [Vector3, Vector3]): HeadModel {
  const noise = createNoiseField(p.noiseSeed);
  const [sx, sy, sz] = p.size;
  const out: HeadSample = { fluid: 0, grey: 0 };
  const paint = (alpha: number, fluid: number, grey: number): void => {
    out.fluid += (fluid - out.fluid) * alpha;
    out.grey += (grey - out.grey) * alpha;
  };
  const cover = (distance: number, edge: number): number =>
    Math.min(1, Math.max(0, 0.5 - distance / edge));

  return (x, y, z, edge) => {
    out.fluid = 0;
    out.grey = 0;
    // Normalised head coordinates; the petrous bones are attached to the ears in true millimetres.
    const hx = x / sx;
    const hy = y / sy;
    const hz = z / sz;
    const ax = Math.abs(hx);
    const cranium = ellipsoid(hx, hy, hz, 0, 8, 22, 76, 96, 98);
    const face = ellipsoid(ax, hy, hz, 0, -32, -40, 62, 62, 80);
    const neck = column(hx, hy, hz, 27, -30, 56);
    const head = Math.min(cranium, face, neck);
    const inHead = cover(head, edge);
    if (inHead <= 0) return out;

    const side = x >= 0 ? 0 : 1;
    const ear = ears[side];
    const lx = side === 0 ? x - ear[0] : ear[0] - x;
    const ly = y - ear[1];
    const lz = z - ear[2];
    // Cranial cavity: posterior fossa behind the petrous bones, middle fossae above them, cerebrum.
    // The faces of the petrous bone undulate.
    const relief = p.relief * noise(lx / 9 + 7, ly / 9 + 11 * side, lz / 9);
    const posteriorFace = p.petrousPosterior - (-0.55 * lx + 0.7 * ly + 0.45 * lz) + relief;
    const superiorFace = p.petrousSuperior - (0.41 * lx - 0.62 * ly + 0.68 * lz) - relief;
    const clivus = -12 - 0.25 * hz - hy;
    const innerTable = ellipsoid(hx, hy, hz, 0, 8, 22, 66, 86, 88);
    const posteriorFossa = Math.max(
      ellipsoid(hx, hy, hz, 0, 34, -6, 57, 44, 44),
      posteriorFace,
      clivus,
      innerTable
    );
    const middleFossa = Math.max(
      ellipsoid(ax, hy, hz, 42, -16, 16, 25, 36, 24),
      superiorFace,
      innerTable
    );
    const tentorium = 16 + 0.12 * hy - hz + 0.1 * ax;
    const cerebral = Math.max(innerTable, tentorium, superiorFace);
    const canalOfSpine = column(hx, hy, hz, 21, -28, 9);
    const inCavity = cover(Math.min(posteriorFossa, middleFossa, cerebral, canalOfSpine), edge);
    if (inCavity < 1) {
      paintSoftTissue(x, y, z, hx, hy, hz, ax, edge, head, side, lx, ly, lz);
      paintFace(x, y, z, hx, hy, hz, ax, edge, side, lx, ly, lz);
    }
    if (inCavity > 0) {
      paintCavity(
        x,
        y,
        z,
        hx,
        hy,
        hz,
        ax,
        edge,
        inCavity,
        posteriorFossa,
        middleFossa,
        cerebral,
        posteriorFace
      );
    }
    // Meckel's cave and the nerve that runs into it.
    if (ax < 30 && hy < 0 && hy > -34 && Math.abs(hz) < 12) {
      paint(cover(ellipsoid(ax, hy, hz, 20, -19, 1, 3, 5.5, 3.6), edge), 0.95, 0.02);
      const trigeminal = capsule(ax, hy, hz, TRIGEMINAL, 1.3);
      paint(cover(trigeminal, edge) * 0.8, 0, p.brain);
    }
    out.fluid *= inHead;
    out.grey *= inHead;
    return out;
  };

  function paintSoftTissue(
    x: number,
    y: number,
    z: number,
    hx: number,
    hy: number,
    hz: number,
    ax: number,
    edge: number,
    head: number,
    side: number,
    lx: number,
    ly: number,
    lz: number
  ): void {
    // Skin, fat, then muscle with fat planes.
    const coarse = noise(x / 9, y / 9, z / 9);
    paint(1, 0, p.skin);
    paint(cover(head + 2.5, edge), 0, p.fat * (1 + 0.3 * coarse));
    const base = ellipsoid(ax, hy, hz, 0, 5, 2, 66, 58, 17) + 2.5 * coarse;
    const vault = Math.max(ellipsoid(hx, hy, hz, 0, 8, 22, 71, 91, 93), -hz - 8);
    const bone = cover(Math.min(vault, base), edge);
    if (bone < 1) {
      const muscle = p.muscle * (1 + p.texture * (coarse + noise(x / 2.3, y / 2.3, z / 2.3)));
      paint(cover(head + 7 + 2 * coarse, edge), 0, muscle);
      const plane = Math.abs(noise(x / 14 + 40, y / 14, z / 20));
      paint(cover((plane - 0.07) * 14, edge) * cover(head + 8, edge), 0, p.fat);
    }
    paint(bone, 0, p.bone * (1 + coarse));
    // Marrow of the clivus, the petrous apex and the skull base in front of the ear.
    const front = Math.min(lx + 9, ly + 6.5 + 0.25 * (lx + 9));
    const apex = Math.max(front, -18 - lx - side * 0.01, ly - 4, Math.abs(lz + 2) - 12);
    const marrowBone = Math.min(
      ellipsoid(hx, hy, hz, 0, -20, -8, 13, 8, 15),
      Math.max(apex, ly + 1.5 + 0.3 * lx + 4),
      Math.max(Math.abs(lx + 4) - 22, ly + 13, -24 - ly, Math.abs(lz + 4) - 10)
    );
    if (marrowBone < edge) {
      const spongy = Math.max(
        0,
        0.2 + 0.5 * noise(x / 1.8 + 9, y / 1.8, z / 1.8) + noise(x / 4.5, y / 4.5 + 9, z / 4.5)
      );
      paint(bone * cover(marrowBone, edge), 0, p.bone + p.marrow * spongy);
    }
  }

  function paintCavity(
    x: number,
    y: number,
    z: number,
    hx: number,
    hy: number,
    hz: number,
    ax: number,
    edge: number,
    inCavity: number,
    posteriorFossa: number,
    middleFossa: number,
    cerebral: number,
    posteriorFace: number
  ): void {
    const fine = noise(x / 1.7 + 5, y / 1.7, z / 1.7);
    const medium = noise(x / 6 + 15, y / 6, z / 6);
    const tissue = p.brain * (1 + p.texture * (0.5 * fine + 0.7 * medium));
    // Everything within the dura that is not brain is CSF, dimmed by flow here and there.
    const flow = 1 - p.flowVoid * Math.max(0, noise(x / 7 + 77, y / 7, z / 11) - 0.35);
    paint(inCavity, flow, 0);

    const infratentorial = posteriorFossa < Math.min(middleFossa, cerebral);
    const pons = ellipsoid(hx, hy, hz, 0, 6, 0, 14.5, 13.5, 17);
    const medulla = hz > 14 ? Infinity : capsule(hx, hy, hz, MEDULLA, 6.8);
    const midbrain = hz < -12 ? Infinity : capsule(hx, hy, hz, MIDBRAIN, 12);
    const peduncle = capsule(ax, hy, hz, PEDUNCLE, 7);
    const stem = Math.min(pons, medulla, midbrain, peduncle);
    paint(inCavity * cover(stem + 0.7 * medium, edge), 0, tissue);

    const hemisphere = ellipsoid(ax, hy, hz, 25, 37, -4, 36, 36, 34);
    const vermis = ellipsoid(hx, hy, hz, 0, 46, -2, 16, 30, 30);
    const cerebellum = Math.max(
      Math.min(hemisphere, vermis),
      // The hemispheres keep off the angle's cistern in front and lie close to the bone behind.
      Math.max(
        posteriorFossa + p.csfLayer,
        posteriorFace + p.cistern * Math.exp(-((ax - 22) ** 2) / 200)
      ),
      9 + 0.2 * ax + 2.5 * medium - hy,
      -(stem + 0.5)
    );
    const flocculus = ellipsoid(ax, hy, hz, 21.5, 9.5 + 2 * medium, -2, 4.5, 3.2, 4) + 2.5 * medium;
    if (flocculus < edge) paint(inCavity * cover(flocculus, edge), 0, tissue * 1.1);
    const cerebellar = cover(cerebellum + 0.6 * medium, edge);
    if (cerebellar > 0) {
      paint(inCavity * cerebellar, 0, tissue);
      // Folia: fissures in sheets that roughly follow the surface, deeper at some places.
      const depth = -cerebellum;
      if (depth < 16) {
        const phase = hy * 0.22 + hz * 0.34 - ax * 0.1 + 0.55 * noise(x / 8, y / 8, z / 8 + 31);
        const sheet = Math.abs(phase - Math.round(phase)) / 0.4;
        const width = p.sulcus * Math.max(0, 1 - depth / (9 + 6 * medium));
        paint(inCavity * cerebellar * cover(sheet - width * 0.5, edge), 1, 0);
      }
    }
    if (!infratentorial) {
      const lobe = Math.max(Math.min(middleFossa, cerebral) + p.temporalGap, -(stem + 1.5));
      const cerebrum = cover(lobe + 0.8 * medium, edge);
      paint(inCavity * cerebrum, 0, tissue);
      // Sulci: zero crossings of a smooth field, closing with depth.
      const depth = -lobe;
      if (depth < 18) {
        const ridge = Math.abs(noise(x / 11 + 3, y / 11, z / 13)) * 11;
        const width = p.sulcus * Math.max(0, 1 - depth / 16);
        paint(inCavity * cerebrum * cover(ridge - width, edge), 1, 0);
      }
      const v = p.ventricles;
      const ventricle = Math.min(
        ellipsoid(ax, hy, hz, 13, 2, 42, 6 * v, 32, 9 * v),
        capsule(ax, hy, hz, TEMPORAL_HORN, 1.6 * v),
        ellipsoid(hx, hy, hz, 0, -2, 26, 2.2 * v, 12, 8)
      );
      paint(inCavity * cover(ventricle, edge), 1, 0);
    }
    const fourth = ellipsoid(hx, hy, hz, 0, 22, -1, 6.5 * p.ventricles, 4.2 * p.ventricles, 10);
    paint(inCavity * cover(fourth + 0.4 * medium, edge), 1, 0);

    // Flow voids: basilar and vertebral arteries, a loop of the AICA, the sigmoid sinus.
    if (hy > 6 || ax > 28) return;
    const bend = 1.5 * noise(hz / 12, 3, 7);
    const vessels = Math.min(
      capsule(hx + bend, hy, hz, BASILAR, 1.7),
      capsule(ax + bend, hy, hz, VERTEBRAL, 1.4),
      capsule(ax, hy, hz + bend, AICA, 0.6),
      capsule(ax, hy + bend, hz, AICA_LOOP, 0.55)
    );
    paint(inCavity * cover(vessels, edge), 0, 0.01);
  }

  function paintFace(
    x: number,
    y: number,
    z: number,
    hx: number,
    hy: number,
    hz: number,
    ax: number,
    edge: number,
    side: number,
    lx: number,
    ly: number,
    lz: number
  ): void {
    // Mastoid and middle ear: air cells, black, or with fluid; the ear canal is air.
    const mastoid = ellipsoid(lx, ly, lz, 16, 14, -6, 11, 14, 16);
    if (mastoid < edge) {
      paint(cover(mastoid, edge), 0, p.bone * 0.6);
      const fluid = p.mastoidFluid[side]!;
      if (fluid > 0) {
        const cell = noise(x / 2.6, y / 2.6, z / 2.6);
        paint(cover(mastoid, edge) * cover((1 - 2 * fluid - cell) * 1.5, edge), 0.85, 0.1);
      }
    }
    if (hy > 10) {
      const sigmoid = capsule(ax, hy, hz, SIGMOID_SINUS, 4);
      paint(cover(sigmoid, edge), 0, 0.02);
      return;
    }
    const earCanal = capsule(ax, hy, hz, EAR_CANAL, 3.5);
    paint(cover(earCanal, edge), 0, 0);
    const carotid = capsule(ax, hy, hz, CAROTID, 2.8);
    paint(cover(carotid, edge), 0, 0);
    const middleEar = ellipsoid(lx, ly, lz, 8, -4, -3, 3, 5, 6);
    paint(cover(middleEar, edge), 0, 0);
    if (hy > -20) return;

    // Orbits, sinuses and nose.
    if (p.eyes && hz > -22 && hz < 28 && hy < -40) {
      paint(cover(ellipsoid(ax, hy, hz, 31, -58, 3, 18, 24, 17), edge), 0, p.fat * 1.2);
      const opticNerve = capsule(ax, hy, hz, OPTIC_NERVE, 2.4);
      paint(cover(opticNerve, edge), 0.5, p.brain * 0.5);
      paint(cover(opticNerve + 1, edge), 0, p.brain);
      const globe = ellipsoid(ax, hy, hz, 32, -65, 3, 12, 12, 12);
      paint(cover(globe - 0.8, edge), 0, 0.03);
      paint(cover(globe, edge), p.vitreous, 0);
      paint(cover(ellipsoid(ax, hy, hz, 32, -73.5, 3, 4.6, 2, 4.6), edge), 0.03, 0.02);
    }
    const wobble = 2.5 * noise(x / 6 + 50, y / 6, z / 6);
    const airSpaces = Math.min(
      ellipsoid(ax, hy, hz, 29, -60, -27, 14, 17, 16),
      ellipsoid(ax, hy, hz, 8, -38, -4, 8, 11, 8),
      ellipsoid(ax, hy, hz, 9, -62, 2, 7, 18, 12),
      ellipsoid(ax, hy, hz, 9, -68, -28, 7, 26, 16),
      ellipsoid(hx, hy, hz, 0, -32, -34, 15, 9, 18)
    );
    if (airSpaces < 2 * edge + 4) {
      paint(cover(airSpaces - 0.8, edge), 0, p.bone);
      const lining = cover(airSpaces, edge);
      paint(lining, 0.3 * p.mucosa, 0.7 * p.mucosa);
      paint(cover(airSpaces + 1.4 + wobble, edge), 0, 0);
      // Fluid stands at the back of some of them, lying patient: up to a level.
      if (p.sinusFluid > 0) {
        const level = hy + 30 + 45 * (1 - p.sinusFluid) - 12 * noise(hx / 30, 4, 4);
        paint(cover(Math.max(airSpaces + 1.2 + wobble, -level), edge), 0.9, 0.05);
      }
    }
  }
}
