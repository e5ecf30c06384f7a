/** @jest-environment jsdom */
import extension, { COMMANDS_CONTEXT } from '../../extension/src';
import { INITIAL_STATE } from '../../extension/src/state/HydropsState';
import mode from '../../mode/src';
import { loadHost, type Host } from './host';

// Extension and mode before the managers of the real @ohif/core: what they register must be found
// under the names that a site's configuration, other extensions and the host itself use.

/** Begin and end the stay in the mode, which runs them. */
const STAY = ['beginHydropsSession', 'endHydropsSession'];
const COMMANDS = [
  'computeHydrops',
  'cancelHydrops',
  'createHydropsMi2',
  'setSeriesRole',
  'resetSeriesRole',
  'setHydropsMethod',
  'resetHydropsMethod',
  'setEarCenter',
  'showEarCrops',
  'setRepresentativeSlice',
  'resetRepresentativeSlice',
  'goToOrgan',
  'restoreHydropsLayout',
  'saveHydropsResults',
  'setSavePart',
  'saveUnsavedResult',
  'restoreUnsavedResult',
  'discardUnsavedResult',
  'setReaderField',
  'useSegmentationAsRoi',
  'exportHydropsReport',
  'loadHydropsResults',
  'downloadHydropsResults',
  'setHydropsBrushRadius',
  'changeHydropsBrushRadius',
  'resetHydropsSegmentation',
];
const STUDY = '1.2.3';

let host: Host;
beforeEach(async () => {
  // The protocol engine tells every step of its matching.
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  host = await loadHost();
  await host.extensionManager.registerExtensions([extension]);
});
afterEach(() => {
  jest.useRealTimers();
  host.leave(mode.modeFactory());
  jest.restoreAllMocks();
});

/** An MR series as the host's stack handler hands it over. */
function series(uid: string, description: string, attributes: Record<string, unknown> = {}) {
  const instances = Array.from({ length: 20 }, (_, slice) => ({
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: uid,
    SOPInstanceUID: `${uid}.${slice}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Modality: 'MR',
    SeriesDescription: description,
    Rows: 384,
    Columns: 324,
    ImagePositionPatient: [0, 0, slice],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.5, 0.5],
    ...attributes,
  }));
  return {
    displaySetInstanceUID: `set-${uid}`,
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: uid,
    SeriesDescription: description,
    Modality: 'MR',
    instances,
    numImageFrames: instances.length,
  };
}

const MRC = series('1.2.3.1', 'T2 CISS cisternography', { EchoTime: 540 });
const PPI = series('1.2.3.2', 'hT2w 3D FLAIR PPI', { InversionTime: 2250, EchoTime: 540 });
const PEI = series('1.2.3.3', 'hT2w 3D IR PEI', { InversionTime: 2050, EchoTime: 540 });
const LOCALISER = series('1.2.3.4', 'localizer', { EchoTime: 5 });

function enterWith(...displaySets: ReturnType<typeof series>[]): void {
  if (displaySets.length > 0) host.services.displaySetService.addDisplaySets(...displaySets);
  host.enter(mode.modeFactory());
}

describe('the extension in the host', () => {
  it('registers its modules under the ids that the mode names', () => {
    const layout = mode.modeFactory().routes[0]?.layoutTemplate();
    const named = JSON.stringify(layout).match(/@inner-ear-hydrops\/extension\.[\w.]+/g);
    expect(new Set(named)).toEqual(
      new Set([
        '@inner-ear-hydrops/extension.panelModule.hydrops',
        '@inner-ear-hydrops/extension.viewportModule.placeholder',
        '@inner-ear-hydrops/extension.sopClassHandlerModule.placeholder',
      ])
    );
    for (const id of new Set(named)) {
      expect(host.extensionManager.getModuleEntry(id)).toMatchObject({ id });
    }
  });

  it('has no command that this contract does not name', () => {
    const registered = Object.keys(extension.getCommandsModule().definitions);
    expect(registered.sort()).toEqual([...STAY, ...COMMANDS].sort());
  });

  it('offers every command, each callable without options', async () => {
    // There are no viewports to wait for.
    jest.useFakeTimers();
    enterWith();
    for (const name of COMMANDS) {
      expect(host.commandsManager.getCommand(name, COMMANDS_CONTEXT)).toBeTruthy();
      const answer = Promise.resolve(
        host.commandsManager.runCommand(name, undefined, COMMANDS_CONTEXT)
      );
      await jest.advanceTimersByTimeAsync(20_000);
      await expect(answer).resolves.not.toThrow();
    }
  });

  it('does nothing, quietly, when a command is run outside the mode', async () => {
    for (const name of COMMANDS) {
      await expect(
        Promise.resolve(host.commandsManager.runCommand(name, {}, COMMANDS_CONTEXT))
      ).resolves.toBeUndefined();
    }
  });

  it('says which series are missing when it is asked to compute without them', async () => {
    enterWith(MRC);
    await host.commandsManager.runCommand('computeHydrops', {}, COMMANDS_CONTEXT);
    const { problem } = host.hydrops().getState();
    expect(problem).toMatchObject({ code: 'series-missing' });
    expect(problem?.message).toMatch(/PPI and PEI/);
  });

  it('ends with the stay in the mode: no state, no display set is left behind', () => {
    enterWith(MRC, PPI, PEI);
    expect(host.hydrops().getState().roles.mrc).toBe(MRC.displaySetInstanceUID);
    host.leave(mode.modeFactory());
    expect(host.hydrops().getState()).toEqual(INITIAL_STATE);
    host.services.displaySetService.addDisplaySets(LOCALISER);
    expect(host.hydrops().getState().series).toEqual([]);
  });

  it('leaves its display sets to the host: a viewport may still name them when the mode ends', () => {
    enterWith(MRC, PPI, PEI);
    const { displaySetService } = host.services;
    const deleted = jest.spyOn(displaySetService, 'deleteDisplaySet');
    const before = displaySetService.getActiveDisplaySets().length;
    mode.modeFactory().onModeExit({
      servicesManager: { services: { hydropsService: host.hydrops() } },
      extensionManager: host.extensionManager,
    } as unknown as Parameters<ReturnType<typeof mode.modeFactory>['onModeExit']>[0]);
    expect(host.hydrops().getState()).toEqual(INITIAL_STATE);
    expect(displaySetService.getActiveDisplaySets()).toHaveLength(before);
    expect(deleted).not.toHaveBeenCalled();
  });

  it.each(['before ours was entered', 'after ours was left'])(
    'does nothing in another mode, %s',
    (when) => {
      if (when.startsWith('after')) {
        enterWith(MRC, PPI, PEI);
        host.leave(mode.modeFactory());
      }
      const told = jest.fn();
      const { displaySetService, hangingProtocolService } = host.services;
      const ours = host.hydrops();
      const subscribed = jest.spyOn(displaySetService, 'subscribe');
      const stored = jest.spyOn(Storage.prototype, 'getItem');
      const stop = ours.subscribe(told);
      host.enter(null);
      displaySetService.addDisplaySets(LOCALISER, MRC, PPI, PEI);
      const study = { StudyInstanceUID: STUDY };
      const displaySets = displaySetService.getActiveDisplaySets();
      // As where an address names our protocol in that mode.
      const input = { studies: [study], activeStudy: study, displaySets };
      hangingProtocolService.run(input, 'inner-ear-hydrops');
      stop();
      expect(displaySets).toEqual([LOCALISER, MRC, PPI, PEI]);
      expect(told).not.toHaveBeenCalled();
      expect(ours.getState()).toEqual(INITIAL_STATE);
      expect(stored).not.toHaveBeenCalled();
      expect(subscribed).not.toHaveBeenCalled();
    }
  );
});

describe('the hanging protocol in the host', () => {
  const shown = () => {
    const details = host.services.hangingProtocolService.getMatchDetails().viewportMatchDetails;
    return Object.fromEntries(
      [...details].map(([id, { displaySetsInfo }]) => [
        id,
        displaySetsInfo[0]?.displaySetInstanceUID,
      ])
    );
  };
  const run = (): void => {
    const displaySets = host.services.displaySetService.getActiveDisplaySets();
    const study = { StudyInstanceUID: STUDY };
    host.services.hangingProtocolService.run(
      { studies: [study], activeStudy: study, displaySets },
      'inner-ear-hydrops'
    );
  };

  it('hangs MRC, the place of HYDROPS-Mi2, PPI and PEI, in whatever order the series come', () => {
    enterWith(PEI, LOCALISER, PPI, MRC);
    run();
    expect(shown()).toEqual({
      'hydrops-mrc': MRC.displaySetInstanceUID,
      'hydrops-mi2': `hydrops-mi2-place-${STUDY}`,
      'hydrops-ppi': PPI.displaySetInstanceUID,
      'hydrops-pei': PEI.displaySetInstanceUID,
    });
  });

  it('follows the role that the reader gives', () => {
    const unnamed = series('1.2.3.5', 'SPACE 3', { EchoTime: 540 });
    enterWith(PEI, PPI, unnamed, MRC);
    host.commandsManager.runCommand(
      'setSeriesRole',
      { displaySetInstanceUID: unnamed.displaySetInstanceUID, role: 'mrc' },
      COMMANDS_CONTEXT
    );
    run();
    expect(shown()['hydrops-mrc']).toBe(unnamed.displaySetInstanceUID);
  });

  it('links scroll, zoom and pan of all four places', () => {
    enterWith(MRC, PPI, PEI);
    run();
    const details = host.services.hangingProtocolService.getMatchDetails().viewportMatchDetails;
    expect(details.size).toBe(4);
    for (const { viewportOptions } of details.values()) {
      expect(viewportOptions.syncGroups.map(({ type }) => type)).toEqual(['imageslice', 'zoompan']);
    }
  });
});

describe('the mode', () => {
  it('is found by its package name and opens studies that hold MR', () => {
    const made = mode.modeFactory();
    expect([mode.id, made.id]).toEqual(['@inner-ear-hydrops/mode', '@inner-ear-hydrops/mode']);
    expect(made.displayName).toBe('Inner Ear Hydrops');
    expect(made.routeName).toBe('inner-ear-hydrops');
    expect(made.isValidMode({ modalities: 'MR\\SEG' }).valid).toBe(true);
    expect(made.isValidMode({ modalities: 'CT' }).valid).toBe(false);
  });

  it('names a hanging protocol that the extension registers', () => {
    const { hangingProtocol } = mode.modeFactory();
    expect(host.services.hangingProtocolService.getProtocolById(hangingProtocol)).toBeTruthy();
  });
});
