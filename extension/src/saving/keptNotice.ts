import { NOTICE_MS } from '../host/notices';
import type { NotificationService } from '../host/types';
import type { UnsavedResult } from '../state/HydropsState';
import { localDateTime } from '../state/localDateTime';

/** The word to the reader whose unsaved work has left the screen. */
export function keptNotice({
  created,
}: Pick<UnsavedResult, 'created'>): Parameters<NotificationService['show']>[0] {
  return {
    id: 'unsaved-kept',
    title: 'Your unsaved changes were kept',
    message: `The panel offers them as “Unsaved result of ${localDateTime(created)}”, above Compute EH.`,
    type: 'info',
    duration: NOTICE_MS,
    allowDuplicates: true,
  };
}
