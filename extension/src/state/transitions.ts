import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { EarSide, Method, ModelIdentity, Progress, Vector3 } from '@inner-ear-hydrops/core';
import {
  INITIAL_STATE,
  type HydropsState,
  type Problem,
  type SaveItem,
  type StoredResult,
  type UnsavedResult,
} from './HydropsState';
import { problemOf, type Task } from './problems';
import type { AssignmentsBySegmentation } from './foreignSegments';
import type { Findings } from './findingFields';
import type { SaveParts } from './saveParts';

/** Something that has happened, as the fields of the state that it changes. Each is named after what happened. */
export type Transition = (state: HydropsState) => Partial<HydropsState>;

/** The state as collaborators see it: to be asked, and to be told what has happened. */
export interface Store {
  getState(): HydropsState;
  apply(transition: Transition): void;
}

/** For a result that differs from the saved result, and from that which is being saved. */
const notSaved = ({
  saving,
  saveItems,
}: HydropsState): Pick<HydropsState, 'save' | 'saveItems'> => ({
  save: INITIAL_STATE.save,
  saveItems: saving ? saveItems : [],
});

// The stay in the mode

export interface Entry {
  archiveName: string;
  saveParts: SaveParts;
  keepsUnsaved: boolean;
  /** The site's name for the reader; empty where it has none. */
  reader: string;
  configProblems: string[];
  segmentAssignments: AssignmentsBySegmentation;
}

export const modeEntered =
  ({ reader, ...entry }: Entry): Transition =>
  ({ findings }) => ({ ...entry, findings: { ...findings, reader } });

export const modeLeft: Transition = () => INITIAL_STATE;

/** What the host's display sets hold. */
export type StudyListing = Pick<
  HydropsState,
  | 'studyInstanceUid'
  | 'series'
  | 'roles'
  | 'automaticRoles'
  | 'inversionTimes'
  | 'roleWarnings'
  | 'storedResults'
  | 'foreignSegmentations'
>;

/** In another study the positions of the ears are not known yet. */
export const studyListed =
  (listing: StudyListing): Transition =>
  ({ studyInstanceUid: before }) => {
    const isOther = listing.studyInstanceUid && listing.studyInstanceUid !== before;
    return isOther ? { ...listing, earCenters: {}, foundEars: {} } : { ...listing };
  };

/** A viewport draws a series with rounded values; the measurement has those of the files. */
export const seriesDrawnRounded =
  (displaySetInstanceUid: string): Transition =>
  ({ roundedSeries }) => ({ roundedSeries: [...roundedSeries, displaySetInstanceUid] });

// What the next computation rests on

export const methodChosen =
  (method: Method): Transition =>
  () => ({ method });

/** @param center LPS mm; null: the ear is to be located. */
export const earPlaced =
  (ear: EarSide, center: Vector3 | null): Transition =>
  (state) => {
    const earCenters = { ...state.earCenters };
    if (center) earCenters[ear] = center;
    else delete earCenters[ear];
    return { earCenters };
  };

export const cropsShown =
  (shown: boolean): Transition =>
  () => ({ cropsShown: shown });

/** Of every segmentation: what the reader takes its segments for. */
export const segmentAssigned =
  (segmentAssignments: AssignmentsBySegmentation): Transition =>
  () => ({ segmentAssignments });

// Work, and what goes wrong

export const workBegun: Transition = () => ({
  status: 'running',
  problem: null,
  progress: { stage: 'read', fraction: 0 },
});

export const workAdvanced =
  (progress: Progress): Transition =>
  () => ({ progress });

export const workEnded =
  (hasResult: boolean): Transition =>
  () => ({ status: hasResult ? 'ready' : 'idle', progress: null });

export const failed =
  (problem: Problem): Transition =>
  () => ({ problem });

/** Something comes first. */
export const refused = (
  message: string,
  task: Task,
  remedy = 'Press Compute EH first, or restore a stored result.'
): Transition => failed(problemOf(new RefusedInputError('no-result', message, remedy), task));

interface LoadedModel {
  model: ModelIdentity;
  cropSize: Vector3;
  passedOver: string;
  /** As its manifest says it. */
  trainedOn: string;
}

/** The model of the next computation; a result on the screen names its own. */
export const modelLoaded =
  ({ model, cropSize, passedOver, trainedOn }: LoadedModel): Transition =>
  (state) => ({
    model: state.model ?? model,
    cropSize,
    passedOver,
    modelNotice: `Training data of ${model.name} ${model.version}: ${trainedOn}`,
  });

/** Never in place of a problem that the reader has met already. */
export const modelFailed =
  (problem: Problem): Transition =>
  (state) => ({ problem: state.problem ?? problem });

// The result on the screen

/** A measurement with the images that its areas are measured on. */
export type Measured = Pick<HydropsState, 'measurement' | 'edited' | 'representativeImages'>;

export const resultShown =
  (shown: Measured & Pick<HydropsState, 'measuredWith' | 'stack'>): Transition =>
  () => ({ ...shown });

/** After an edit: what is on the screen is no longer what was saved. */
export const measuredAgain =
  (measured: Measured): Transition =>
  (state) => ({ ...measured, ...notSaved(state) });

export interface ComputedResult {
  backend: string;
  passedOver: string;
  model: ModelIdentity | null;
  /** LPS mm: the ears that the network has located. */
  foundEars: Partial<Record<EarSide, Vector3>>;
}

export const resultComputed =
  ({ backend, passedOver, model, foundEars }: ComputedResult): Transition =>
  (state) => ({
    status: 'ready',
    backend,
    passedOver,
    model,
    foundEars: { ...state.foundEars, ...foundEars },
    shownStored: null,
    ...notSaved(state),
  });

/**
 * Method, places of the ears and the reader's findings are those of a stored result, before it is shown.
 * @param foundEars LPS mm: where the software had found the ears, as far as the result says it
 */
export const choicesRestored =
  ({
    method,
    earCenters,
    findings,
    foundEars,
  }: Pick<HydropsState, 'method' | 'earCenters' | 'findings' | 'foundEars'>): Transition =>
  (state) => ({
    method,
    earCenters,
    findings,
    foundEars: { ...state.foundEars, ...foundEars },
  });

/** @param stored the object that it was restored from, where the archive holds it; else it is not saved yet. */
export const resultRestored =
  (
    result: { backend: string | null; model: ModelIdentity | null },
    stored?: Pick<StoredResult, 'label' | 'sopInstanceUid'>
  ): Transition =>
  (state) => ({
    status: 'ready',
    backend: result.backend,
    model: result.model ?? state.model,
    shownStored: stored?.sopInstanceUid ?? null,
    ...notSaved(state),
    ...(stored && {
      save: { status: 'saved', message: `Restored from the archive: ${stored.label}` },
    }),
  });

/** A finding of the reader's, where there is no result that it belongs to. */
export const findingStated =
  (findings: Findings): Transition =>
  () => ({ findings });

/** A finding of the reader's about the result on the screen. */
export const resultFindingStated =
  (findings: Findings): Transition =>
  (state) => ({ findings, ...notSaved(state) });

// Saving

export const savePartsChosen =
  (saveParts: SaveParts): Transition =>
  () => ({ saveParts });

export const savingBegun: Transition = () => ({
  saving: true,
  savingStalls: false,
  saveItems: [],
  problem: null,
});

export const savingAdvanced =
  (saveItems: readonly SaveItem[]): Transition =>
  () => ({ savingStalls: false, saveItems: saveItems.map((item) => ({ ...item })) });

/** The archive does not answer: the reader is told so, and may cancel. */
export const savingStalled: Transition = ({ saving }) => ({ savingStalls: saving });

/** The reader has cancelled a save. @param said what is stored and what is not. */
export const savingCancelled =
  (said: string, isShown: boolean): Transition =>
  ({ save }) => ({
    saving: false,
    savingStalls: false,
    save: isShown ? { status: 'none', message: said } : { ...save, message: said },
  });

/** @param segmentation SOP Instance UID, by which the archive's list names the result on the screen; null: not stored. */
export const resultStored =
  (segmentation: string | null): Transition =>
  () => ({ shownStored: segmentation });

/**
 * What was stored is, of the result on the screen: this result as it stands; as it stood before a change of the
 * reader's; or another result.
 */
export type StoredOfShown = 'as it stands' | 'as it stood' | 'another';

/** @param said what was stored, a sentence for the reader. */
export const savingDone =
  (said: string, stored: StoredOfShown): Transition =>
  ({ save }) => ({
    saving: false,
    save: {
      'as it stands': { status: 'saved' as const, message: said },
      'as it stood': {
        status: 'none' as const,
        message: `${said} What was changed since the save began is not saved yet.`,
      },
      another: { status: save.status, message: said },
    }[stored],
  });

/** @param isShown whether it is the result on the screen that was not stored. */
export const savingFailed =
  (problem: Problem, isShown: boolean): Transition =>
  ({ save }) => ({
    saving: false,
    save: isShown ? { status: 'failed', message: 'Not stored.' } : save,
    problem,
  });

// What this browser keeps

export const unsavedListed =
  (unsavedResults: UnsavedResult[]): Transition =>
  () => ({ unsavedResults });

/** One of them is the open result now. */
export const unsavedOpened =
  (id: string): Transition =>
  (state) => ({ unsavedResults: state.unsavedResults.filter((result) => result.id !== id) });

/** @param why in words. */
export const keepingFailed =
  (why: string): Transition =>
  () => ({ keepingProblem: why });
