import { REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { Choices, EarFinding } from '@inner-ear-hydrops/core';
import { possibleParts } from '@inner-ear-hydrops/core/dicom';
import { downloadZip } from './download';
import { fetchInstance } from '../host/archive';
import { EMPTY_READING, readingOf, type Reading } from '../state/readingFields';
import { encodeParts } from './encodeResult';
import { SAVE_ORDER } from '../state/saveParts';
import type { HydropsSession } from '../session';
import type { OpenResult, OpenResultInput } from './OpenResult';
import type { RestoredStudy } from '../worker';

/** One zip with the measurement and the same files as are saved, as far as the study allows them. */
export async function downloadResult(session: HydropsSession, result: OpenResult): Promise<void> {
  await result.settled();
  const { saveParts } = session.service.getState();
  const mrc = result.input.read.mrc?.series.header;
  if (!mrc) throw new Error('A result needs the MRC series that it belongs to.');
  const chosen = SAVE_ORDER.filter((part) => saveParts[part]);
  const files: Record<string, Uint8Array> = {
    'measurement.json': new TextEncoder().encode(JSON.stringify(result.measurement, null, 2)),
  };
  const parts = possibleParts(mrc, chosen.length > 0 ? chosen : ['segmentation', 'report']);
  for await (const { part, objects } of encodeParts(session, result, parts)) {
    for (const [index, { file }] of objects.entries()) {
      const name =
        objects.length > 1 ? `${part}/${String(index + 1).padStart(4, '0')}.dcm` : `${part}.dcm`;
      files[name] = new Uint8Array(file);
    }
  }
  const stamp = result.created.toISOString().slice(0, 16).replace(/[:T]/g, '-');
  downloadZip(`inner-ear-hydrops-${stamp}.zip`, files);
}

/** A segmentation in the archive: a result of ours, or another software's. */
export interface StoredSegmentation {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
}

/** @throws RefusedInputError `archive-…` */
export function fetchSegmentation(
  session: HydropsSession,
  stored: StoredSegmentation
): Promise<ArrayBuffer> {
  return fetchInstance(
    session.services,
    session.dataSource(),
    {
      studyInstanceUID: session.service.getState().studyInstanceUid ?? '',
      seriesInstanceUID: stored.seriesInstanceUid,
      sopInstanceUID: stored.sopInstanceUid,
    },
    `the stored result "${stored.label}"`,
    session.config.archiveTimeout
  );
}

/**
 * Reads a segmentation file back and measures it again on the images of the study.
 * @throws RefusedInputError of decoding, reading and measuring.
 */
export async function openSegmentation(
  session: HydropsSession,
  file: ArrayBuffer,
  signal: AbortSignal
): Promise<{ input: OpenResultInput; reading: Reading | null }> {
  const { engine, reader } = session;
  const { mrc } = await reader.readRoles(['mrc'], signal);
  if (!mrc) throw new Error('MRC was not read');
  const method = (await engine.storedMethod(mrc, file)) ?? session.service.getState().method;
  const read = await reader.readRoles(REQUIRED_ROLES[method], signal);
  const restored = await engine.restore({ ...read, mrc }, method, file, signal);
  const { choices } = restored.measurement;
  const ears = restored.context.ears ?? [];
  const input: OpenResultInput = {
    read: { ...read, mrc },
    prepared: restored.images,
    held: restored.held,
    labels: restored.labels,
    ears,
    model: restored.context.model,
    backend: restored.backend,
    measurement: restored.measurement,
    measuredWith: {
      method,
      roles: session.assignment.roles,
      earCenters: readersCenters(choices, ears),
    },
    edited: restored.edited,
    created: restored.created ?? new Date(),
    representativeSlices: restored.slices,
  };
  return { input, reading: storedReading(restored) };
}

/** The reader's fields as they were stored; null where nobody has stated anything. */
function storedReading({ reading, reader }: RestoredStudy): Reading | null {
  const stored = readingOf(reading);
  return stored ?? (reader ? { ...EMPTY_READING, reader } : null);
}

/** Where the reader had set the ears of a stored result. */
function readersCenters(choices: Choices, ears: EarFinding[]) {
  const set = ears.filter(({ side }) => choices.ears[side] === 'reader');
  return Object.fromEntries(set.map(({ side, center }) => [side, center]));
}
