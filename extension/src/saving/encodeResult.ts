import { isDerivedPart, type DerivedPart } from '@inner-ear-hydrops/core';
import type { EncodedObject, EncodedPart, Json, ResultPart } from '@inner-ear-hydrops/core/dicom';
import type { HydropsSession } from '../session';
import type { OpenResult } from '../openResult';
import { isEmptyReading, readingTexts } from '../readingFields';
import { SAVE_ORDER } from './parts';

export type { EncodedPart };

/** The DICOM SEG of a result as it stands; the same UIDs for the same result, so that a retry does not double it. */
export async function segmentationOf(
  session: HydropsSession,
  result: OpenResult
): Promise<EncodedObject> {
  const [encoded] = await encode(session, result, ['segmentation']);
  const [segmentation] = encoded?.objects ?? [];
  if (!segmentation) throw new Error('The worker encoded no segmentation.');
  return segmentation;
}

/** The chosen parts of a result in the order of storing, encoded in the worker. */
export async function* encodeParts(
  session: HydropsSession,
  result: OpenResult,
  parts: readonly ResultPart[],
  signal?: AbortSignal
): AsyncGenerator<EncodedPart> {
  const chosen = SAVE_ORDER.filter((part) => parts.includes(part));
  const derived = chosen.filter(isDerivedPart);
  // No edit changes the derived images: a retry or a later save need not encode them again.
  for (const part of derived) {
    signal?.throwIfAborted();
    yield { part, objects: await derivedOf(session, result, part, signal) };
  }
  const others = chosen.filter((part) => !isDerivedPart(part));
  if (others.length === 0) return;
  signal?.throwIfAborted();
  yield* await encode(session, result, others, signal);
}

const encoded = new WeakMap<OpenResult['input'], Partial<Record<DerivedPart, EncodedObject[]>>>();

async function derivedOf(
  session: HydropsSession,
  result: OpenResult,
  kind: DerivedPart,
  signal: AbortSignal | undefined
): Promise<EncodedObject[]> {
  const known = encoded.get(result.input) ?? {};
  encoded.set(result.input, known);
  return (known[kind] ??= (await encode(session, result, [kind], signal))[0]?.objects ?? []);
}

async function encode(
  session: HydropsSession,
  result: OpenResult,
  parts: ResultPart[],
  signal?: AbortSignal
): Promise<EncodedPart[]> {
  // What is encoded is what was measured, not what is still being drawn.
  await result.settled();
  const { input, measurement, created } = result;
  const { reading } = session.service.getState();
  return input.held.encode(
    {
      parts,
      labels: result.currentLabels(),
      measurement,
      backend: input.backend ?? undefined,
      reader: reading.reader.trim() || undefined,
      readerFields: readingTexts(reading),
      reading: isEmptyReading(reading) ? undefined : (reading as unknown as Json),
      segmentationType: session.config.segmentationType,
      created,
      imagesCreated: input.created,
    },
    signal
  );
}
