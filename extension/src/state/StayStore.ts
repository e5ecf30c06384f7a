import type { HydropsState } from './HydropsState';
import type { Store, Transition } from './transitions';

/** The state for one stay in the mode: what a collaborator still says after its end is not heard. */
export class StayStore implements Store {
  private ended = false;

  constructor(private readonly service: Store) {}

  getState(): HydropsState {
    return this.service.getState();
  }

  apply(transition: Transition): void {
    if (!this.ended) this.service.apply(transition);
  }

  end(): void {
    this.ended = true;
  }
}
