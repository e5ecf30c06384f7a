import { logged } from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type HydropsState } from './state';
import { COMMANDS_CONTEXT, SERVICE_NAME } from './id';
import type { CommandsManager, ServicesManager } from './hostTypes';

type Listener = (state: HydropsState) => void;

/**
 * Holds the state of the open study for whoever shows it. Only the extension's commands change it;
 * panels read `getState()`, listen with `subscribe`, and act through `runCommand`.
 */
export class HydropsService {
  /** OHIF asks each service for its events; this one has a single kind of change. */
  readonly EVENTS = { STATE_CHANGED: 'event::hydrops_state_changed' };
  private state: HydropsState = INITIAL_STATE;
  private readonly listeners = new Set<Listener>();
  private readonly observers = new Set<() => void>();

  constructor(private readonly commandsManager: CommandsManager) {}

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
    return logged(`command ${name}`, () =>
      this.commandsManager.runCommand(name, options, COMMANDS_CONTEXT)
    );
  }

  /** For the extension's commands only: replaces the given fields and tells the listeners. */
  update(change: Partial<HydropsState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener(this.state);
  }

  /** Back to no study; the mode has been left. */
  reset(): void {
    this.update(INITIAL_STATE);
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
  servicesManager: ServicesManager,
  commandsManager: CommandsManager
): HydropsService {
  const service = new HydropsService(commandsManager);
  registered = service;
  servicesManager.registerService({ name: SERVICE_NAME, create: () => service });
  return service;
}
