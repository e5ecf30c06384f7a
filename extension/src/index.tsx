import {
  COMMANDS_CONTEXT,
  EXTENSION_ID,
  HANGING_PROTOCOL_ID,
  PANEL_ELEMENT,
  PLACEHOLDER_ELEMENT,
} from './id';
import { HydropsSession } from './session';
import { commandsModule } from './commands';
import { definePanelElement } from './panel';
import { definePlaceholderElement } from './layout/placeholder';
import { hydropsProtocol, MI2_ATTRIBUTE, ROLE_ATTRIBUTE } from './layout/hangingProtocol';
import { registerHydropsService, type HydropsService } from './HydropsService';
import type { DisplaySet, HangingProtocolService, HostManagers } from './hostTypes';

export { getHydropsService, HydropsService } from './HydropsService';
export type { HydropsState } from './state';
export { COMMANDS_CONTEXT };

interface Registration extends HostManagers {
  appConfig?: Record<string, unknown>;
}

let service: HydropsService | null = null;
let session: HydropsSession | null = null;
let appConfig: Record<string, unknown> | undefined;

/**
 * The OHIF extension. It registers `HydropsService`, commands, panel, hanging protocol and the
 * placeholder viewport; all work is done in a session that lasts as long as the stay in a mode.
 */
const extension = {
  id: EXTENSION_ID,

  preRegistration(registration: Registration): void {
    const { servicesManager, commandsManager } = registration;
    appConfig = registration.appConfig;
    service = registerHydropsService(servicesManager, commandsManager);
    definePanelElement();
    definePlaceholderElement();
    const { hangingProtocolService } = servicesManager.services;
    if (hangingProtocolService) addAttributes(hangingProtocolService);
  },

  onModeEnter(managers: HostManagers): void {
    session?.end();
    session = service ? new HydropsSession(managers, service, appConfig) : null;
  },

  onModeExit(): void {
    session?.end();
    session = null;
  },

  getCommandsModule: () => commandsModule(() => session),

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
    [MI2_ATTRIBUTE, 'HYDROPS-Mi2 or its empty place'],
  ] as const) {
    hangingProtocolService.addCustomAttribute(attribute, name, (displaySet) =>
      session?.attributeOf(displaySet as DisplaySet, attribute)
    );
  }
}

export default extension;
