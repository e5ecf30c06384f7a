import type { EarSide, Method, Organ, Role, Vector3 } from '@inner-ear-hydrops/core';
import type { HydropsState, SavePart } from '../state';

/** The commands that the panel runs and their options. */
export interface PanelCommands {
  computeHydrops: undefined;
  cancelHydrops: undefined;
  setSeriesRole: { displaySetInstanceUID: string; role: Role };
  setHydropsMethod: { method: Method };
  /** Null lets the ear be located; without `center` the middle of the MRC view is taken. */
  setEarCenter: { ear: EarSide; center?: Vector3 | null };
  showEarCrops: { shown: boolean };
  /** `slice` is the index k on MRC's grid. */
  setRepresentativeSlice: { ear: EarSide; organ: Organ; slice: number };
  /** Brings the viewports to the organ's representative slice. */
  goToOrgan: { ear: EarSide; organ: Organ };
  resetHydropsSegmentation: undefined;
  saveHydropsResults: undefined;
  loadHydropsResults: { seriesInstanceUid: string; sopInstanceUid: string };
  downloadHydropsResults: undefined;
  setSavePart: { part: SavePart; chosen: boolean };
  saveUnsavedResult: { id: string };
  restoreUnsavedResult: { id: string };
  discardUnsavedResult: { id: string };
  /** Without an ear for the fields of the study. */
  setReaderField: { field: string; value: string; ear?: EarSide };
  useSegmentationAsRoi: { seriesInstanceUid: string; sopInstanceUid: string; label: string };
  exportHydropsReport: { format: 'text' | 'print' };
}

/**
 * What the panel needs of `HydropsService`. `getState` returns the same object until something
 * changes; `subscribe` returns the function that ends the subscription.
 */
export interface PanelService {
  getState(): HydropsState;
  subscribe(listener: () => void): () => void;
  runCommand(name: string, options?: Record<string, unknown>): unknown;
}

/** Runs a command; faults of a command arrive as `state.problem`, so a rejection is not shown twice. */
export function run<Name extends keyof PanelCommands>(
  service: PanelService,
  name: Name,
  ...options: PanelCommands[Name] extends undefined ? [] : [PanelCommands[Name]]
): Promise<unknown> {
  const answer = service.runCommand(name, options[0] ? { ...options[0] } : undefined);
  return Promise.resolve(answer).catch((error: unknown) => {
    console.error(`${name} failed`, error);
    return null;
  });
}
