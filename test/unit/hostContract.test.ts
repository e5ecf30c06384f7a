/** @jest-environment jsdom */
import extension, { COMMANDS_CONTEXT } from '../../extension/src';
import { INITIAL_STATE } from '../../extension/src/state/HydropsState';
import mode from '../../mode/src';
import { loadHost, type Host } from './host';

// Extension and mode before the managers of the real @ohif/core: what they register must be found
// under the names that a site's configuration, other extensions and the host itself use.

// A name in these lists is a promise to modes, hot keys and scripts of others: it is neither lost nor changed in passing.
const OF_THE_STAY = ['loadHydropsSession', 'beginHydropsSession', 'endHydropsSession'];
const COMMANDS = [
  'assignSegment',
  'cancelHydrops',
  'cancelSaving',
  'changeHydropsBrushRadius',
  'computeHydrops',
  'createHydropsMi2',
  'discardUnsavedResult',
  'downloadHydropsResults',
  'exportHydropsReport',
  'goToOrgan',
  'loadHydropsResults',
  'resetHydropsMethod',
  'resetHydropsSegmentation',
  'resetRepresentativeSlice',
  'resetSeriesRole',
  'restoreHydropsLayout',
  'restoreUnsavedResult',
  'saveHydropsResults',
  'saveUnsavedResult',
  'setEarCenter',
  'setHydropsBrushRadius',
  'setHydropsMethod',
  'setReaderField',
  'setRepresentativeSlice',
  'setSavePart',
  'setSeriesRole',
  'showEarCrops',
  'useSegmentationAsRoi',
];
/** No options at all, and values of wrong kinds under the names that some command reads. */
const CARELESS: unknown[] = [
  undefined,
  null,
  {},
  {
    ...{
      displaySetInstanceUID: 7,
      role: 'T2',
      method: 3,
      ear: 'left',
      organ: 'semicircular canal',
    },
    ...{ center: [1, NaN], shown: 'no', sopInstanceUid: 1.5, instanceNumber: '4' },
    ...{ seriesInstanceUid: {}, frameNumber: -1, part: 'all', chosen: 1, id: 12 },
    ...{ field: [], value: null, format: 'pdf', radius: 'large', by: '1', label: 3 },
  },
];
/** Longer than any command waits for a screen or an archive that says nothing. */
const LONG_WAIT_MS = 60_000;
const STUDY = '1.2.3';

let host: Host;
beforeEach(async () => {
  // The protocol engine tells every step of its matching.
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  host = await loadHost();
  await host.extensionManager.registerExtensions([extension]);
  // The viewer waits for it before it enters a mode.
  await layoutOf(mode.modeFactory());
});
afterEach(() => {
  host.leave(mode.modeFactory());
  jest.restoreAllMocks();
});

const layoutOf = (made: ReturnType<typeof mode.modeFactory>) =>
  made.routes[0]!.layoutTemplate({
    servicesManager: { services: { hydropsService: bound(host.hydrops()) } },
  });
/** Its methods, whatever they are called on. */
const bound = (service: { runCommand(name: string): unknown }) => ({
  runCommand: (name: string) => service.runCommand(name),
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

/** Rejects where the command throws, too. */
const run = async (name: string, options?: unknown): Promise<unknown> =>
  host.commandsManager.runCommand(name, options, COMMANDS_CONTEXT);

describe('the extension in the host', () => {
  it('registers its modules under the ids that the mode names', async () => {
    const layout = await layoutOf(mode.modeFactory());
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

  it('offers the commands that others rely on, and no other', () => {
    const offered = Object.keys(host.commandsManager.getContext(COMMANDS_CONTEXT));
    expect(offered.sort()).toEqual([...COMMANDS, ...OF_THE_STAY].sort());
  });

  it.each(COMMANDS)('lets %s be called with no options or wrong options', async (name) => {
    enterWith();
    const before = host.hydrops().getState();
    // No screen answers here; what waits for a screen gives up at once instead of after seconds.
    jest.useFakeTimers();
    const answers = CARELESS.map((options) => run(name, options));
    const settled = Promise.allSettled(answers);
    await jest.advanceTimersByTimeAsync(LONG_WAIT_MS);
    jest.useRealTimers();
    const rejections = (await settled).filter(({ status }) => status === 'rejected');
    expect(rejections).toEqual([]);
    // What went wrong is told, and a toggle may be switched without options; nothing else has changed.
    const { problem, cropsShown } = host.hydrops().getState();
    expect(host.hydrops().getState()).toEqual({ ...before, problem, cropsShown });
  });

  it.each(COMMANDS)('has %s do nothing, quietly, outside the mode', async (name) => {
    for (const options of CARELESS) await expect(run(name, options)).resolves.toBeUndefined();
    expect(host.hydrops().getState()).toEqual(INITIAL_STATE);
  });

  it('begins and ends a stay by commands, whatever their options', async () => {
    host.services.displaySetService.addDisplaySets(MRC, PPI, PEI);
    for (const options of CARELESS) {
      await run('beginHydropsSession', options);
      expect(host.hydrops().getState().studyInstanceUid).toBe(STUDY);
      await run('endHydropsSession', options);
      expect(host.hydrops().getState()).toEqual(INITIAL_STATE);
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
  const hang = (): void => {
    const displaySets = host.services.displaySetService.getActiveDisplaySets();
    const study = { StudyInstanceUID: STUDY };
    host.services.hangingProtocolService.run(
      { studies: [study], activeStudy: study, displaySets },
      'inner-ear-hydrops'
    );
  };

  it('hangs MRC, the place of HYDROPS-Mi2, PPI and PEI, in whatever order the series come', () => {
    enterWith(PEI, LOCALISER, PPI, MRC);
    hang();
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
    hang();
    expect(shown()['hydrops-mrc']).toBe(unnamed.displaySetInstanceUID);
  });

  it('has the host link the scrolling of all four places; zoom and pan are linked in millimetres (linkedViews)', () => {
    enterWith(MRC, PPI, PEI);
    hang();
    const details = host.services.hangingProtocolService.getMatchDetails().viewportMatchDetails;
    expect(details.size).toBe(4);
    for (const { viewportOptions } of details.values()) {
      expect(viewportOptions.syncGroups.map(({ type }) => type)).toEqual(['imageslice']);
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
