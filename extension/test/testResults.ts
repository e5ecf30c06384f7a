import type { EncodedObject, EncodedPart } from '@inner-ear-hydrops/core/dicom';
import { DONE, MEASUREMENT } from './testState';
import { HydropsService } from '../src/state/HydropsService';
import { INITIAL_STATE, type HydropsState } from '../src/state/HydropsState';
import type { SavedResult } from '../src/saving/savedResult';

// Results and a state for the tests of saving. Nothing of them is of a patient.

export const STUDY = '1.2.3';

/** The state of an open study. */
export function openStudy(change: Partial<HydropsState> = {}): HydropsService {
  const service = new HydropsService({ runCommand: () => undefined });
  service.apply(() => ({ ...INITIAL_STATE, studyInstanceUid: STUDY, ...change }));
  return service;
}

export const object = (uid: string, series: string, description: string): EncodedObject => ({
  sopClassUid: '1.2',
  sopInstanceUid: uid,
  seriesInstanceUid: series,
  description,
  file: new ArrayBuffer(100),
  dataset: { StudyInstanceUID: STUDY },
});

export const SEGMENTATION = object('seg', 's.seg', 'EH segmentation');
export const MI2 = ['m1', 'm2', 'm3'].map((uid) => object(uid, 's.mi2', `HYDROPS-Mi2 ${uid}`));
export const PARTS: EncodedPart[] = [
  { part: 'hydrops-mi2', objects: MI2 },
  { part: 'segmentation', objects: [SEGMENTATION] },
  { part: 'report', objects: [object('sr', 's.sr', 'EH report')] },
];

export function savedResult(change: Partial<SavedResult> = {}): SavedResult {
  return {
    input: {
      held: { encode: () => Promise.reject(new Error('not asked')) },
      backend: DONE.backend,
      created: new Date(2026, 4, 4),
    },
    measurement: MEASUREMENT,
    created: new Date(2026, 4, 4),
    edited: false,
    hasChosenSlices: () => false,
    settled: () => Promise.resolve(),
    isSettled: () => true,
    currentLabels: () => {
      throw new Error('not asked');
    },
    ...change,
  };
}
