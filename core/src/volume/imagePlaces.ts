import { itemAt } from '../items';
import { lowerMedian } from '../statistics';
import type { SliceInput, Vector3 } from '../types';
import { cross, dot } from './geometry';

// Where images that belong to one series lie, before they are a stack.

/** Direction cosines, rows and columns, pixel spacing: as `assembleSeries` wants them alike. */
export function isOfStack(a: SliceInput, b: SliceInput): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    hasSpacing(b, a.pixelSpacing) &&
    a.imageOrientationPatient.every(
      (value, n) => Math.abs(value - b.imageOrientationPatient[n]!) <= 1e-3
    )
  );
}

/** @param wanted Pixel Spacing (0028,0030), mm */
export function hasSpacing({ pixelSpacing }: SliceInput, wanted: readonly number[]): boolean {
  return wanted.every((value, n) => Math.abs(pixelSpacing[n]! / value - 1) <= 1e-3);
}

/** Whether the steps between the images are alike. */
export function isEven(images: SliceInput[]): boolean {
  const gaps = gapsOf(positionsOf(images)).filter((gap) => gap > 0.01);
  const usual = lowerMedian(gaps);
  return gaps.every((gap) => Math.abs(gap - usual) <= 0.02 + 0.04 * usual);
}

/** Whether all of `others` lie within the stack, half a step of tolerance. */
export function covers(stack: SliceInput[], others: SliceInput[]): boolean {
  const normal = normalOf(itemAt(stack, 0));
  const at = (image: SliceInput) => dot(image.imagePositionPatient, normal);
  const positions = positionsOf(stack);
  const step = lowerMedian(gapsOf(positions).filter((gap) => gap > 0.01)) || 0.01;
  const [from, to] = [positions[0]!, positions[positions.length - 1]!];
  return others.every((image) => at(image) > from - 0.5 * step && at(image) < to + 0.5 * step);
}

/** Pairs of different images at one place; a place with many gives each with the first. */
export function doubled(images: SliceInput[]): [SliceInput, SliceInput][] {
  if (images.length === 0) return [];
  const normal = normalOf(itemAt(images, 0));
  const placed = images
    .map((image) => ({ image, position: dot(image.imagePositionPatient, normal) }))
    .sort((a, b) => a.position - b.position);
  const gaps = gapsOf(placed.map(({ position }) => position)).filter((gap) => gap > 0.01);
  const tolerance = Math.max(0.01, 0.05 * lowerMedian(gaps));
  const pairs: [SliceInput, SliceInput][] = [];
  let first = itemAt(placed, 0);
  for (const next of placed.slice(1)) {
    if (next.position - first.position > tolerance) first = next;
    else if (!samePixels(first.image, next.image)) pairs.push([first.image, next.image]);
  }
  return pairs;
}

function samePixels(a: SliceInput, b: SliceInput): boolean {
  const count = a.rows * a.columns;
  for (let n = 0; n < count; n++) if (a.pixels[n] !== b.pixels[n]) return false;
  return true;
}

function positionsOf(images: SliceInput[]): number[] {
  const normal = normalOf(itemAt(images, 0));
  return images.map((image) => dot(image.imagePositionPatient, normal)).sort((a, b) => a - b);
}

function gapsOf(positions: number[]): number[] {
  return positions.slice(1).map((position, n) => position - positions[n]!);
}

function normalOf({ imageOrientationPatient: o }: SliceInput): Vector3 {
  return cross([o[0], o[1], o[2]], [o[3], o[4], o[5]]);
}
