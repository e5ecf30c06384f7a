import type { HydropsState } from '../state/HydropsState';
import {
  canBeKept,
  NOT_KEPT,
  replacedChoices,
  unsavedWork,
  type Replacement,
} from '../state/unsavedWork';
import { list } from './words';

export interface ReplaceQuestion {
  question: string;
  /** Of the command, where what is unsaved is discarded because this browser cannot keep it. */
  options: { discardUnsaved: true } | undefined;
}

/** What is asked before another result takes the place of that on the screen; null where nothing of the reader's goes. */
export function replaceQuestion(state: HydropsState, by: Replacement): ReplaceQuestion | null {
  const work = unsavedWork(state, by);
  // An edit that could not be measured is in no list.
  if (work.length === 0 && state.problem?.code === NOT_KEPT) work.push('changes');
  const choices = by === 'opened' ? replacedChoices(state) : [];
  const subject = by === 'computed' ? 'Computing again' : 'Opening a result';
  const isKept = canBeKept(state);
  const sentences: string[] = [];
  if (work.length > 0) {
    sentences.push(
      isKept
        ? `${subject} replaces your unsaved ${list(work)}. They are kept in this browser as an unsaved result.`
        : `${subject} discards your unsaved ${list(work)}: this browser cannot keep them.`
    );
  }
  if (choices.length > 0) {
    sentences.push(`${subject} replaces the ${list(choices)} that you have chosen.`);
  }
  if (sentences.length === 0) return null;
  const discards = work.length > 0 && !isKept;
  return {
    question: sentences.join(' '),
    options: discards ? { discardUnsaved: true } : undefined,
  };
}
