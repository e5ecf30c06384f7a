import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError } from '../../types';
import { readPart10 as readFile } from '../read/part10';

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

/** The refusal of bytes that no reader takes for DICOM. */
export function notDicom(error: unknown): RefusedInputError {
  return new RefusedInputError(
    'not-dicom',
    `The file could not be read as DICOM: ${error instanceof Error ? error.message : String(error)}`,
    'Fetch the object from the archive again.'
  );
}

/**
 * The standard attributes of a Part 10 file by names, text within sequences too in its character set, which dcmjs
 * reads as Latin-1; without pixel data and private elements.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readAttributes(file: ArrayBuffer): NaturalizedDataset {
  try {
    return readFile(file).dataset;
  } catch (error) {
    throw notDicom(error);
  }
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
