import { COMMANDS_CONTEXT, SERVICE_NAME } from '../id';
import { INITIAL_STATE, type HydropsState } from './HydropsState';
import type { Store, Transition } from './transitions';

type Listener = (state: HydropsState) => void;

/** The host's commands manager, as far as it is used. */
interface CommandRunner {
  runCommand(name: string, options?: Record<string, unknown>, context?: string): unknown;
}

/** The host's services manager, as far as it is used. */
interface ServiceRegistry {
  registerService(registration: { name: string; create(): HydropsService }): void;
}

/**
 * Holds the state of the open study for whoever shows it. Only the extension's commands change it;
 * panels read `getState()`, listen with `subscribe`, and act through `runCommand`.
 */
export class HydropsService implements Store {
  /** OHIF asks each service for its events; this service has a single kind of change. */
  readonly EVENTS = { STATE_CHANGED: 'event::hydrops_state_changed' };
  private state: HydropsState = INITIAL_STATE;
  private readonly listeners = new Set<Listener>();
  private readonly observers = new Set<() => void>();

  constructor(private readonly commandsManager: CommandRunner) {}

  getState(): HydropsState {
    return this.state;
  }

  /** @returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    for (const observer of [...this.observers]) observer();
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Runs one of the extension's commands; the same as the host's `commandsManager.runCommand`. */
  runCommand(name: string, options: Record<string, unknown> = {}): unknown {
    return this.commandsManager.runCommand(name, options, COMMANDS_CONTEXT);
  }

  /** For the extension's own collaborators: what has happened changes the state, and the listeners are told. */
  apply(transition: Transition): void {
    this.state = { ...this.state, ...transition(this.state) };
    for (const listener of [...this.listeners]) listener(this.state);
  }

  /** Tells the session that someone shows the state, so that a model is loaded only when it may be used. */
  onFirstListener(observer: () => void): () => void {
    const once = () => {
      this.observers.delete(once);
      observer();
    };
    if (this.listeners.size > 0) observer();
    else this.observers.add(once);
    return () => {
      this.observers.delete(once);
    };
  }
}

let registered: HydropsService | null = null;

/**
 * The service of this page's viewer, for code that the host calls without its managers (the panel's
 * custom element).
 * @throws Error before the extension has been registered.
 */
export function getHydropsService(): HydropsService {
  if (!registered) throw new Error('The Inner Ear Hydrops extension is not registered.');
  return registered;
}

export function registerHydropsService(
  servicesManager: ServiceRegistry,
  commandsManager: CommandRunner
): HydropsService {
  const service = new HydropsService(commandsManager);
  registered = service;
  servicesManager.registerService({ name: SERVICE_NAME, create: () => service });
  return service;
}
