import { NOTICE_MS } from '../host/notices';
import type { NotificationService } from '../host/types';
import type { SaveEnd } from './SaveActions';

/** Work is at stake. */
const FAILED_MS = 60_000;

interface LeftSave {
  /** Whose results they are; empty where it is not known. */
  patient: string;
  /** Whether this browser keeps what is not stored. */
  isKept: boolean;
}

/** The word to the reader who left the mode while a save was running. */
export function leftSaveNotice(
  { outcome }: SaveEnd,
  { patient, isKept }: LeftSave
): Parameters<NotificationService['show']>[0] {
  const whose = patient ? ` of ${patient}` : '';
  const common = { id: 'left-save', allowDuplicates: true };
  const offered = 'The study offers it as “Unsaved result” when you open it again';
  if ('said' in outcome) {
    const later =
      outcome.stored === 'as it stood'
        ? ` What was changed since the save began is not stored.${isKept ? ` ${offered}.` : ''}`
        : '';
    return {
      ...common,
      title: `Inner Ear Hydrops: the results${whose} are saved`,
      message: `${outcome.said}${later}`,
      type: 'success',
      duration: NOTICE_MS,
    };
  }
  const next = isKept
    ? `This browser keeps the result. ${offered}; save it there.`
    : 'This browser does not keep the result. Open the study, compute and save it again.';
  return {
    ...common,
    title: `Inner Ear Hydrops: the results${whose} are not saved`,
    message: `${outcome.message} ${next}`,
    type: 'error',
    duration: FAILED_MS,
  };
}
