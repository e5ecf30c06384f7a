import { unlessSilent, within } from '../host/within';
import { messageOf } from '../state/problems';
import type { NotificationService } from '../host/types';
import type { StayStore } from '../state/StayStore';
import type { Drafts } from './Drafts';
import type { Keeper } from './Keeper';
import { leftSaveNotice } from './leftSaveNotice';
import type { SaveActions, SaveEnd } from './SaveActions';
import type { Saver } from './Saver';

/** A worker that has not encoded the last changes by then never will; its memory is freed. */
const KEEPING_LIMIT_MS = 60_000;
/** A save that stands still for so long has come to nothing. Silent archives are given up much sooner. */
const SAVING_LIMIT_MS = 600_000;

export interface LeftWorkParts {
  drafts: Pick<Drafts, 'leave'>;
  saving: Pick<SaveActions, 'unfinished'>;
  saver: Pick<Saver, 'end'>;
  /** Of the stay that has ended. */
  store: Pick<StayStore, 'follow'>;
  keeper: Pick<Keeper, 'kept'>;
  /** Whose results they are, for the reader who has gone on to another patient; empty where it is not known. */
  patient: string;
  /** Keeps to the archive that the save was begun with. */
  keepArchive(): void;
  notify: NotificationService['show'];
  /** Milliseconds without progress. */
  savingLimit?: number;
}

/**
 * The mode is left: the reader's last changes are kept, and a save that is running goes on and is reported, done or
 * failed. Nothing else of ours outlives the stay.
 * @returns once that is over; null where there is nothing to wait for. It never rejects.
 */
export function leaveWork(parts: LeftWorkParts): Promise<void> | null {
  const saved = parts.saving.unfinished();
  if (saved) parts.keepArchive();
  const kept = keepChanges(parts);
  if (saved) return finishSave(saved, kept, parts);
  return kept;
}

function keepChanges({ drafts }: Pick<LeftWorkParts, 'drafts'>): Promise<void> | null {
  const kept = drafts.leave();
  const ended = () => undefined;
  return kept && within(kept, KEEPING_LIMIT_MS).then(ended, ended);
}

async function finishSave(
  saved: Promise<SaveEnd>,
  kept: Promise<void> | null,
  parts: LeftWorkParts
): Promise<void> {
  const { saver, store, keeper, patient, notify, savingLimit = SAVING_LIMIT_MS } = parts;
  let end: SaveEnd;
  try {
    end = await unlessSilent((alive) => {
      store.follow(({ saveItems }, before) => {
        if (saveItems !== before.saveItems) alive();
      });
      return saved;
    }, savingLimit);
  } catch (error) {
    saver.end();
    const problem = {
      code: 'archive-no-answer',
      message: `It made no progress: ${messageOf(error)}.`,
    };
    end = { outcome: { ...problem, remedy: '', retry: null }, isResumed: false };
  }
  await kept;
  // A save that failed early leaves the keeping of its work to the drafts.
  await keepChanges(parts);
  notify(leftSaveNotice(end, { patient, isKept: end.isResumed || keeper.kept().length > 0 }));
}
