import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError } from '../../types';
import { readPart10, type Part10File } from '../read/part10';

/** Items of a naturalised sequence: none, one or several. */
export function items(value: unknown): NaturalizedDataset[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? [...(value as unknown[])] : [value]) as NaturalizedDataset[];
}

/** Numbers of a naturalised attribute, single or several; NaN where a value is none. */
export function numbers(value: unknown): number[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(Number);
}

/** First value as text; empty when absent. */
export function text(value: unknown): string {
  const first = Array.isArray(value) ? (value as unknown[])[0] : value;
  return first === null || first === undefined ? '' : String(first).trim();
}

/**
 * A stored object, by the reader that images are read with.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readObject(file: ArrayBuffer): Part10File {
  try {
    return readPart10(file);
  } catch (error) {
    throw new RefusedInputError(
      'not-dicom',
      `The file could not be read as DICOM: ${error instanceof Error ? error.message : String(error)}`,
      'Fetch the object from the archive again.'
    );
  }
}

/**
 * The standard attributes of a Part 10 file by names, text in its character set; without pixel data and private
 * elements.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readAttributes(file: ArrayBuffer): NaturalizedDataset {
  return readObject(file).dataset;
}

/** Date of a DA and a TM value, local time; null when there is no date. */
export function dateOf(date: unknown, time: unknown): Date | null {
  const day = /^(\d{4})(\d{2})(\d{2})/.exec(text(date));
  if (!day) return null;
  const clock = /^(\d{2})(\d{2})?(\d{2})?/.exec(text(time));
  return new Date(
    Number(day[1]),
    Number(day[2]) - 1,
    Number(day[3]),
    Number(clock?.[1] ?? 0),
    Number(clock?.[2] ?? 0),
    Number(clock?.[3] ?? 0)
  );
}
