// What the entry loads when the mode is entered: all that a stay needs. The build makes a file of its own of it.
import { BUILD_ID, logged } from '@inner-ear-hydrops/core';
import { commandsModule } from './commands';
import { SESSION_COMMANDS, type Command, type SessionCommand } from './entry/commandNames';
import type { HostManagers } from './host/types';
import { HydropsSession } from './session';
import { problemOf } from './state/problems';
import type { HydropsService } from './state/HydropsService';
import { failed } from './state/transitions';

export { showPanel } from './panel';

/** All files of a build carry the same: this one and the entry must be of one build. */
export const build = BUILD_ID;

export type Stay = Pick<HydropsSession, 'attributeOf' | 'end'>;
export interface StayParts {
  managers: HostManagers;
  appConfig: Record<string, unknown> | undefined;
  service: HydropsService;
}

let session: HydropsSession | null = null;

/** Begins a stay; what goes wrong is said in the panel: a throw here would leave the viewer blank. */
export function beginStay({ managers, appConfig, service }: StayParts): Stay | null {
  try {
    session = new HydropsSession(managers, service, appConfig, () => session);
  } catch (error) {
    console.error('Inner Ear Hydrops:', error);
    service.apply(failed(problemOf(error, 'compute')));
  }
  return session;
}

export function endStay(): void {
  const ended = session;
  session = null;
  ended?.end();
}

const actions = commandsModule(() => session);

/** Each noted in the debug log, which the entry has no part in. */
export const commands = Object.fromEntries(
  SESSION_COMMANDS.map((name): [SessionCommand, Command] => [
    name,
    (options) => logged(`command ${name}`, () => actions[name](options)),
  ])
) as Record<SessionCommand, Command>;
