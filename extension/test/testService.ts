import type { HydropsState } from '../src/state/HydropsState';
import type { PanelService } from '../src/panel/service';

/**
 * Stands for HydropsService in tests: holds a state, tells its listeners, and notes the commands that it
 * is asked to run instead of running them.
 */
export class FakeService implements PanelService {
  readonly commands: [string, Record<string, unknown> | undefined][] = [];
  private readonly listeners = new Set<() => void>();
  constructor(private state: HydropsState) {}
  getState = () => this.state;
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  runCommand = (name: string, options?: Record<string, unknown>) => {
    this.commands.push([name, options]);
  };
  update(change: Partial<HydropsState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
