import type {
  EarSide,
  ImageReference,
  Method,
  Organ,
  Role,
  Vector3,
} from '@inner-ear-hydrops/core';
import type { HydropsState, SavePart } from '../state/HydropsState';

export interface OrganName {
  ear: EarSide;
  organ: Organ;
}

/** `frameNumber` of a multi-frame image only. */
export interface ImageName {
  sopInstanceUid: string;
  frameNumber?: number;
}

/** An image as commands take it. */
export function commandImage({ sopInstanceUid, frameNumber }: ImageReference): ImageName {
  return { sopInstanceUid, ...(frameNumber === null ? {} : { frameNumber }) };
}

/** For what takes the place of the result on the screen, of which this browser cannot keep what is unsaved. */
interface Discarding {
  discardUnsaved?: true;
}

/** The commands that the panel runs and their options. */
export interface PanelCommands {
  computeHydrops: Discarding | undefined;
  cancelHydrops: undefined;
  cancelSaving: undefined;
  setSeriesRole: { displaySetInstanceUID: string; inversionTime?: number; role: Role };
  resetSeriesRole: { role: Role };
  setHydropsMethod: { method: Method };
  resetHydropsMethod: undefined;
  /** Null lets the ear be located; without `center` the middle of the MRC view is taken. */
  setEarCenter: { ear: EarSide; center?: Vector3 | null };
  showEarCrops: { shown: boolean };
  /** Names an image of MRC. */
  setRepresentativeSlice: OrganName & ImageName;
  resetRepresentativeSlice: OrganName;
  /** Brings the viewports to the organ's representative slice, or to the image that is named. */
  goToOrgan: OrganName & Partial<ImageName>;
  /** Of one organ, or all. */
  resetHydropsSegmentation: OrganName | undefined;
  saveHydropsResults: undefined;
  loadHydropsResults: { seriesInstanceUid: string; sopInstanceUid: string } & Discarding;
  downloadHydropsResults: undefined;
  setSavePart: { part: SavePart; chosen: boolean };
  saveUnsavedResult: { id: string };
  restoreUnsavedResult: { id: string } & Discarding;
  discardUnsavedResult: { id: string };
  /** Without an ear for the fields of the study. */
  setReaderField: { field: string; value: string; ear?: EarSide };
  useSegmentationAsRoi: {
    seriesInstanceUid: string;
    sopInstanceUid: string;
    label: string;
  } & Discarding;
  /** A number of `SEGMENTS`, 0 for none of them, null for what the segment's name says. */
  assignSegment: { sopInstanceUid: string; segment: number; organ: number | null };
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
  ...options: undefined extends PanelCommands[Name] ? [PanelCommands[Name]?] : [PanelCommands[Name]]
): Promise<unknown> {
  const answer = service.runCommand(name, options[0] ? { ...options[0] } : undefined);
  return Promise.resolve(answer).catch((error: unknown) => {
    console.error(`${name} failed`, error);
    return null;
  });
}
