import type { EarSide, Method, Role, Vector3 } from '@inner-ear-hydrops/core';
import { earPlaced, methodChosen, refused, type Store } from '../state/transitions';
import type { StudyList } from './StudyList';

export interface ChoosingParts {
  store: Store;
  list: Pick<StudyList, 'setRole' | 'resetRole'>;
  /** LPS mm: the middle of the view of MRC; null where MRC is not on the screen. */
  middleOfMrc(): Vector3 | null;
}

/** The commands by which the reader chooses what the next computation rests on. */
export class Choosing {
  constructor(private readonly parts: ChoosingParts) {}

  setRole(displaySetInstanceUID: string, role: Role | null, inversionTime?: number): void {
    this.parts.list.setRole(displaySetInstanceUID, role, inversionTime);
  }

  /** Gives a role back to the series that was recognised for it. */
  resetRole(role: Role): void {
    this.parts.list.resetRole(role);
  }

  setMethod(method: Method): void {
    this.parts.store.apply(methodChosen(method));
  }

  /** @param center LPS mm; null lets the ear be located again; absent: the middle of the MRC view. */
  setEarCenter(ear: EarSide, center?: Vector3 | null): void {
    const chosen = center === undefined ? this.parts.middleOfMrc() : center;
    if (chosen === null && center !== null) {
      const remedy = 'Show the MRC series, then set the ear.';
      return this.parts.store.apply(refused('MRC is not on the screen.', 'compute', remedy));
    }
    this.parts.store.apply(earPlaced(ear, chosen));
  }
}
