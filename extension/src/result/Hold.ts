import { NOTICE_MS } from '../host/notices';
import type { NotificationService } from '../host/types';
import { isHeld } from '../state/held';
import type { Store } from '../state/transitions';

type Notice = Parameters<NotificationService['show']>[0];

/** @param title what was not done, in words. */
export function heldNotice(title: string): Notice {
  return {
    id: 'held-back',
    title,
    message:
      'Another result is being computed or opened and will replace this one. Wait until that has finished, or press Cancel.',
    type: 'warning',
    duration: NOTICE_MS,
    // The host keeps back a notice that it has shown in the last half minute.
    allowDuplicates: true,
  };
}

export interface HoldParts {
  store: Pick<Store, 'getState'>;
  notify(notice: Notice): void;
}

/** Holds the reader's changes back while a result is made or opened, whatever they come by: panel, hot key, drag. */
export class Hold {
  constructor(private readonly parts: HoldParts) {}

  isOn(): boolean {
    return isHeld(this.parts.store.getState());
  }

  /** Whether a change may not be made now, which is then said. */
  refuses(): boolean {
    const isOn = this.isOn();
    if (isOn) this.parts.notify(heldNotice('Nothing was changed'));
    return isOn;
  }
}
