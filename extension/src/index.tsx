import {
  COMMANDS_CONTEXT,
  CONTRACT,
  EXTENSION_ID,
  HANGING_PROTOCOL_ID,
  MODE_ID,
  PANEL_ELEMENT,
  PLACEHOLDER_ELEMENT,
} from './id';
import { HydropsSession } from './session';
import { commandsModule } from './commands';
import { definePanelElement } from './panel';
import { definePlaceholderElement } from './layout/placeholder';
import { hydropsProtocol, MI2_ATTRIBUTE, ROLE_ATTRIBUTE } from './layout/hangingProtocol';
import { problemOf } from './state/problems';
import { failed } from './state/transitions';
import { registerHydropsService, type HydropsService } from './state/HydropsService';
import { keepModeLast } from './host/modeOrder';
import type { DisplaySet, HangingProtocolService, HostManagers } from './host/types';

export { getHydropsService, HydropsService } from './state/HydropsService';
export type { HydropsState } from './state/HydropsState';
export { COMMANDS_CONTEXT };

interface Registration extends HostManagers {
  appConfig?: Record<string, unknown>;
}

let registration: Registration | null = null;
let service: HydropsService | null = null;
let session: HydropsSession | null = null;

/** A mode of ours has been entered. What goes wrong is said in its panel: a throw here would leave the viewer blank. */
function beginSession(): void {
  endSession();
  if (!registration || !service) return;
  try {
    definePanelElement();
    definePlaceholderElement();
    const { hangingProtocolService } = registration.servicesManager.services;
    if (hangingProtocolService) addAttributes(hangingProtocolService);
    session = new HydropsSession(registration, service, registration.appConfig, () => session);
  } catch (error) {
    console.error('Inner Ear Hydrops:', error);
    service.apply(failed(problemOf(error, 'compute')));
  }
}

function endSession(): void {
  const ended = session;
  session = null;
  try {
    ended?.end();
  } catch (error) {
    // What the host cleans up after us must still be.
    console.error('Inner Ear Hydrops:', error);
  }
}

/**
 * The OHIF extension. The host registers it for every mode and would call its `onModeEnter` and
 * `onModeExit` in every mode, so it has neither and only announces what it holds: `HydropsService`, commands, panel, hanging protocol and the placeholder
 * viewport. All work is done in a session, which a mode begins and ends by command.
 */
const extension = {
  id: EXTENSION_ID,
  contract: CONTRACT,

  preRegistration(given: Registration): void {
    registration = given;
    service = registerHydropsService(given.servicesManager, given.commandsManager);
    if (given.appConfig) keepModeLast(given.appConfig, MODE_ID);
  },

  getCommandsModule: () => commandsModule(() => session, { begin: beginSession, end: endSession }),

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
      session?.attributeOf(displaySet as DisplaySet, attribute)
    );
  }
}

export default extension;
