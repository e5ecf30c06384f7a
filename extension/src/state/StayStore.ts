import type { HydropsState } from './HydropsState';
import type { Store, Transition } from './transitions';

/**
 * The state for one stay in the mode: what a collaborator still says after its end is not heard outside. Work that is
 * still being kept then goes on with the state as it was.
 */
export class StayStore implements Store {
  /** The state since the end. */
  private own: HydropsState | null = null;

  constructor(private readonly service: Store) {}

  getState(): HydropsState {
    return this.own ?? this.service.getState();
  }

  apply(transition: Transition): void {
    if (this.own) this.own = { ...this.own, ...transition(this.own) };
    else this.service.apply(transition);
  }

  end(): void {
    this.own ??= this.service.getState();
  }
}
