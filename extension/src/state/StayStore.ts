import type { HydropsState } from './HydropsState';
import type { Store, Transition } from './transitions';

/**
 * The state for one stay in the mode: what a collaborator still says after its end is not heard outside. Work that is
 * still being kept then goes on with the state as it was.
 */
export class StayStore implements Store {
  /** The state since the end. */
  private own: HydropsState | null = null;
  private watch: (state: HydropsState, before: HydropsState) => void = () => undefined;

  constructor(private readonly service: Store) {}

  getState(): HydropsState {
    return this.own ?? this.service.getState();
  }

  apply(transition: Transition): void {
    const before = this.own;
    if (!before) return this.service.apply(transition);
    this.own = { ...before, ...transition(before) };
    this.watch(this.own, before);
  }

  /** @param watch called after each change since the end, which nobody else hears of */
  follow(watch: (state: HydropsState, before: HydropsState) => void): void {
    this.watch = watch;
  }

  end(): void {
    this.own ??= this.service.getState();
  }
}
