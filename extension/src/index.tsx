import { BUILD_ID } from '@inner-ear-hydrops/core';
import {
  COMMANDS_CONTEXT,
  CONTRACT,
  EXTENSION_ID,
  HANGING_PROTOCOL_ID,
  MODE_ID,
  PANEL_ELEMENT,
  PLACEHOLDER_ELEMENT,
} from './id';
import { SESSION_COMMANDS, type Command, type SessionCommand } from './entry/commandNames';
import { fileFault, OtherBuildError } from './entry/fileFault';
import { definePanelElement } from './entry/panelElement';
import { SessionFile } from './entry/SessionFile';
import { definePlaceholderElement } from './layout/placeholder';
import { hydropsProtocol, MI2_ATTRIBUTE, ROLE_ATTRIBUTE } from './layout/hangingProtocol';
import { registerHydropsService, type HydropsService } from './state/HydropsService';
import { keepModeLast } from './host/modeOrder';
import type { DisplaySet, HangingProtocolService, HostManagers } from './host/types';
import { sessionUrl } from './worker/addresses';
import { NOT_THE_SCRIPT } from './worker/download';
import { PolicyWatch } from './worker/policy';
import type { Stay } from './sessionFile';

export { getHydropsService, HydropsService } from './state/HydropsService';
export type { HydropsState } from './state/HydropsState';
export { COMMANDS_CONTEXT };

/** Set by scripts/build.mjs where the session has a file of its own; a source build of the host makes its own files. */
declare const __HYDROPS_SESSION_APART__: true | undefined;
declare const __importFile: (url: string) => Promise<SessionContents>;

type SessionContents = typeof import('./sessionFile');

interface Registration extends HostManagers {
  appConfig?: Record<string, unknown>;
}

/** What the right file exports. */
const SESSION_MARK: keyof SessionContents = 'beginStay';
/** Milliseconds that entering the mode waits for the session's file; then the panel says that it is loading. */
const ENTRY_WAIT_MS = 3000;

let registration: Registration | null = null;
let service: HydropsService | null = null;
/** A mode of ours is open. */
let isEntered = false;
let stay: Stay | null = null;

/** Of the attempt that runs; a browser tells of what a policy blocks to whoever listens at that moment. */
let policy: PolicyWatch | null = null;
const urlOf = (attempt: number) => sessionUrl(attempt > 1 ? `${BUILD_ID}-${attempt}` : BUILD_ID);

const file = new SessionFile<SessionContents>({
  ask: async (attempt) => {
    policy = new PolicyWatch();
    const contents =
      typeof __HYDROPS_SESSION_APART__ === 'boolean'
        ? await __importFile(urlOf(attempt))
        : await import('./sessionFile');
    policy.end();
    if (contents.build !== BUILD_ID) throw new OtherBuildError(NOT_THE_SCRIPT);
    return contents;
  },
  explain: async (error, attempt) => {
    const watch = policy ?? new PolicyWatch();
    try {
      return await fileFault(error, { url: urlOf(attempt), mark: SESSION_MARK, policy: watch });
    } finally {
      watch.end();
    }
  },
});
file.onChange(beginStay);

/** A mode of ours has been entered. */
function beginSession(): void {
  endSession();
  if (!registration || !service) return;
  isEntered = true;
  const held = service;
  try {
    definePanelElement({
      show: () => {
        const { contents } = file;
        return contents && ((root) => contents.showPanel(root, held));
      },
      fault: () => file.fault,
      isComing: () => file.isAsked,
      onChange: (listener) => file.onChange(listener),
      retry: () => void file.load(),
    });
    definePlaceholderElement();
    const { hangingProtocolService } = registration.servicesManager.services;
    if (hangingProtocolService) addAttributes(hangingProtocolService);
  } catch (error) {
    // A throw here would leave the viewer blank.
    console.error('Inner Ear Hydrops:', error);
  }
  if (file.contents) beginStay();
  else void file.load();
}

/** The stay begins as soon as the mode is entered and the session's file is there. */
function beginStay(): void {
  if (!isEntered || stay || !file.contents || !registration || !service) return;
  const { appConfig } = registration;
  stay = file.contents.beginStay({ managers: registration, appConfig, service });
}

function endSession(): void {
  isEntered = false;
  stay = null;
  try {
    file.contents?.endStay();
  } catch (error) {
    // What the host cleans up after us must still be.
    console.error('Inner Ear Hydrops:', error);
  }
}

/** For a mode before it is entered: what it then needs is loaded, as far as that takes no longer than a reader waits. */
async function loadSession(): Promise<void> {
  let limit: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, ENTRY_WAIT_MS);
  });
  await Promise.race([file.load(), patience]);
  clearTimeout(limit);
}

/** What is asked while the session's file is still on its way waits for it; outside a mode nothing is done. */
function commandOf(name: SessionCommand): Command {
  return (options) => {
    if (!isEntered) return undefined;
    const { contents } = file;
    if (contents) return contents.commands[name](options);
    return file.isAsked
      ? file.load().then(() => file.contents?.commands[name](options))
      : undefined;
  };
}

function commandsModule() {
  const actions = {
    /** For a mode, before it is entered, where it can wait (`layoutTemplate`); without it the images come first. */
    loadHydropsSession: loadSession,
    /** For a mode's `onModeEnter`: until then nothing of this extension runs. */
    beginHydropsSession: beginSession,
    /** For the mode's `onModeExit`, before anything that the host destroys. */
    endHydropsSession: endSession,
    ...Object.fromEntries(SESSION_COMMANDS.map((name) => [name, commandOf(name)])),
  };
  return { actions, definitions: actions, defaultContext: COMMANDS_CONTEXT };
}

/**
 * The OHIF extension: what every mode of the viewer loads. The host registers it for every mode and would call its
 * `onModeEnter` and `onModeExit` in every mode, so it has neither and only announces what it holds: `HydropsService`,
 * commands, panel, hanging protocol and the placeholder viewport. All work is done in a session, which a mode begins and
 * ends by command, and whose file is loaded then.
 */
const extension = {
  id: EXTENSION_ID,
  contract: CONTRACT,

  preRegistration(given: Registration): void {
    registration = given;
    service = registerHydropsService(given.servicesManager, given.commandsManager);
    if (given.appConfig) keepModeLast(given.appConfig, MODE_ID);
  },

  getCommandsModule: commandsModule,

  getHangingProtocolModule: () => [{ name: HANGING_PROTOCOL_ID, protocol: hydropsProtocol }],

  getPanelModule: () => [
    {
      name: 'hydrops',
      iconName: 'tab-linear',
      iconLabel: 'Inner Ear',
      label: 'Inner Ear Hydrops',
      // The tag of a custom element renders in any host, whatever its React.
      component: PANEL_ELEMENT,
    },
  ],

  getViewportModule: () => [
    { name: 'placeholder', component: PLACEHOLDER_ELEMENT, isReferenceViewable: () => false },
  ],

  getSopClassHandlerModule: () => [
    {
      name: 'placeholder',
      // No stored object is of this kind: the session makes the only display set itself.
      sopClassUids: [],
      getDisplaySetsFromSeries: () => [],
    },
  ],
};

/** The hanging protocol asks the session for the role that a series has. */
function addAttributes(hangingProtocolService: HangingProtocolService): void {
  for (const [attribute, name] of [
    [ROLE_ATTRIBUTE, 'Role in the hydrops measurement'],
    [MI2_ATTRIBUTE, 'HYDROPS-Mi2 or its placeholder'],
  ] as const) {
    hangingProtocolService.addCustomAttribute(attribute, name, (displaySet) =>
      stay?.attributeOf(displaySet as DisplaySet, attribute)
    );
  }
}

export default extension;
