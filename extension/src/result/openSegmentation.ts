import { DEFAULT_METHOD, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { Choices, EarFinding, Method, Role, Warning } from '@inner-ear-hydrops/core';
import type { RestoreOptions } from '@inner-ear-hydrops/core/dicom';
import { NO_FINDINGS, findingsOf, type Findings } from '../state/findingFields';
import type { Engine, RolesRead } from '../study/Engine';
import type { RestoredStudy } from '../worker';
import type { MeasuredWith } from '../state/HydropsState';
import type { OpenResultInput } from './resultParts';

export interface SegmentationParts {
  engine: Pick<Engine, 'storedMethod' | 'restore'>;
  /** Reads the series of the roles. @throws RefusedInputError `series-missing` */
  read(roles: readonly Role[], method: Method, signal: AbortSignal): Promise<RolesRead>;
  /** The method for what names none. */
  method(): Method;
  /** Several series for one role. */
  roleWarnings(): Warning[];
  /** Display set of each role now. */
  roles(): Record<Role, string | null>;
  /** Milliseconds: of roles for which the reader has chosen some of a series' images. */
  inversionTimes(): MeasuredWith['inversionTimes'];
}

/**
 * Reads a segmentation file back and measures it again on the images of the study.
 * @param foreign what applies to a segmentation of other software alone
 * @throws RefusedInputError of decoding, reading and measuring.
 */
export async function openSegmentation(
  { engine, read: readRoles, ...now }: SegmentationParts,
  file: ArrayBuffer,
  signal: AbortSignal,
  foreign: Pick<RestoreOptions, 'assigned' | 'choices'> = {}
): Promise<{ input: OpenResultInput; findings: Findings | null }> {
  const { mrc: first } = await readRoles(['mrc'], DEFAULT_METHOD, signal);
  if (!first) throw new Error('MRC was not read');
  const method = (await engine.storedMethod(first, file, foreign.assigned)) ?? now.method();
  // Those that are read now, all of them: the reader may choose others meanwhile.
  const [roles, inversionTimes] = [now.roles(), now.inversionTimes()];
  const read = await readRoles(REQUIRED_ROLES[method], method, signal);
  const { mrc } = read;
  if (!mrc) throw new Error('MRC was not read');
  const warnings = [
    ...now.roleWarnings(),
    ...Object.values(read).flatMap((series) => series.warnings),
  ];
  const request = { file, warnings, ...foreign };
  const restored = await engine.restore({ ...read, mrc }, method, request, signal);
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
    measuredWith: { method, roles, inversionTimes, earCenters: readersCenters(choices, ears) },
    edited: restored.edited,
    created: restored.created ?? new Date(),
    representativeSlices: restored.slices,
  };
  return { input, findings: storedFindings(restored) };
}

/** The reader's fields as they were stored; null where nobody has stated anything. */
function storedFindings({ findings, reader }: RestoredStudy): Findings | null {
  const stored = findingsOf(findings);
  return stored ?? (reader ? { ...NO_FINDINGS, reader } : null);
}

/** Where the reader had set the ears of a stored result. */
function readersCenters(choices: Choices, ears: EarFinding[]) {
  const set = ears.filter(({ side }) => choices.ears[side] === 'reader');
  return Object.fromEntries(set.map(({ side, center }) => [side, center]));
}
