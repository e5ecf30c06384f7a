import {
  rotationFromDegrees,
  type Geometry,
  type Matrix3,
  type Vector3,
} from '@inner-ear-hydrops/core';

const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vector3, b: Vector3): Vector3 => [
  a[0] - b[0],
  a[1] - b[1],
  a[2] - b[2],
];
const scale = (a: Vector3, s: number): Vector3 => [a[0] * s, a[1] * s, a[2] * s];
const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector3): number => Math.sqrt(dot(a, a));
export const normalize = (a: Vector3): Vector3 => scale(a, 1 / length(a));
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/** Rotation by degrees about x, then y, then z (fixed axes). */
export const rotation = rotationFromDegrees;

export const transform = (m: Matrix3, p: Vector3): Vector3 => [
  m[0] * p[0] + m[1] * p[1] + m[2] * p[2],
  m[3] * p[0] + m[4] * p[1] + m[5] * p[2],
  m[6] * p[0] + m[7] * p[1] + m[8] * p[2],
];

const transpose = (m: Matrix3): Matrix3 => [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];

const multiply = (a: Matrix3, b: Matrix3): Matrix3 => {
  const row = (x: number, y: number, z: number): Vector3 => [
    x * b[0] + y * b[3] + z * b[6],
    x * b[1] + y * b[4] + z * b[7],
    x * b[2] + y * b[5] + z * b[8],
  ];
  return [...row(a[0], a[1], a[2]), ...row(a[3], a[4], a[5]), ...row(a[6], a[7], a[8])];
};

/** p ↦ matrix·p + offset. */
export interface Affine {
  matrix: Matrix3;
  offset: Vector3;
}

export const compose = (outer: Affine, inner: Affine): Affine => ({
  matrix: multiply(outer.matrix, inner.matrix),
  offset: add(transform(outer.matrix, inner.offset), outer.offset),
});

/** Inverse of a rigid (or mirrored rigid) transform: the matrix must be orthogonal. */
export const invertRigid = (a: Affine): Affine => {
  const matrix = transpose(a.matrix);
  return { matrix, offset: scale(transform(matrix, a.offset), -1) };
};

export const apply = (a: Affine, p: Vector3): Vector3 => add(transform(a.matrix, p), a.offset);

/** Voxel indices (fractional) to LPS millimetres. */
export function indexToPatient(geometry: Geometry): Affine {
  const { direction: d, spacing: s } = geometry;
  return {
    matrix: [
      d[0] * s[0],
      d[3] * s[1],
      d[6] * s[2],
      d[1] * s[0],
      d[4] * s[1],
      d[7] * s[2],
      d[2] * s[0],
      d[5] * s[1],
      d[8] * s[2],
    ],
    offset: geometry.origin,
  };
}

/** LPS millimetres to fractional voxel indices. */
export function patientToIndex(geometry: Geometry, point: Vector3): Vector3 {
  const p = subtract(point, geometry.origin);
  const { direction: d, spacing: s } = geometry;
  return [0, 1, 2].map(
    (a) => (d[3 * a]! * p[0] + d[3 * a + 1]! * p[1] + d[3 * a + 2]! * p[2]) / s[a]!
  ) as Vector3;
}

export const voxelCount = (geometry: Geometry): number =>
  geometry.size[0] * geometry.size[1] * geometry.size[2];
