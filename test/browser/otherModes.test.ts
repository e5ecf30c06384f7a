import { firstItems } from '@inner-ear-hydrops/core';
import type { Browser, CDPSession, Page } from 'playwright-core';
import {
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { becomes } from './becomes';
import { goWithin, snapshot, type HostSnapshot } from './hostSnapshot';
import { earsStudy, MRC, otherStudy, PEI, PPI, smallStudy, type TestStudy } from './studies';
import { newContext, ViewerPage, WORK_LIST_SCREEN } from './viewerPage';

// A hospital that adds the plugin keeps the viewer that it had: in every other mode the same series, the
// same images on the screen, the same requests and the same storage, and nothing of ours that runs.

const LONG = 300_000;
const VERSIONS = TESTED_VERSIONS;

const OURS = 'inner-ear-hydrops';

const MR = smallStudy('other-modes', [
  { description: 'localizer', inversionTime: null },
  MRC,
  PPI,
  PEI,
]);
const OTHERS = otherStudy('other-modes-others');
const MEASURED = earsStudy();
const files = [MR, OTHERS, MEASURED].flatMap((study) => study.files);

const address = (route: string, study: TestStudy) =>
  `/${route}?StudyInstanceUIDs=${study.studyInstanceUid}`;
/** Addresses that are opened in one page, one after the other. */
const CASES: Record<string, string[]> = {
  'in the Basic Viewer an MR study that could be measured, and one of CT, PET, radiographs, ultrasound and a report,':
    [address('viewer', MR), address('viewer', OTHERS)],
  'in the segmentation mode an MR study that could be measured': [address('segmentation', MR)],
};

/**
 * Addresses that the page asks for, beside the plugin's own files. How many images of a series that it
 * shows the viewer fetches ahead is a race of its own timers, so images count as their series.
 */
function listen(page: Page, origin: string): Set<string> {
  const requests = new Set<string>();
  page.on('request', (request) => {
    const asked = request.url().replace(origin, '');
    const ours = asked.startsWith('/plugins/') || asked.startsWith('blob:');
    const what = asked
      .replace(/\/instances\/[\d.]+\/frames\/\d+/, '/frames')
      .replace(/[?&]hydrops-token=[\w-]+/, '');
    if (!ours) requests.add(`${request.method()} ${what}`);
  });
  return requests;
}

const QUIET_MS = 1500;

/** Until nothing new has been asked for in a while: the viewer fetches thumbnails and images ahead late. */
async function quiet(requests: ReadonlySet<string>): Promise<void> {
  let known = -1;
  let since = 0;
  await becomes(
    async () => requests.size,
    (size) => {
      if (size !== known) since = Date.now();
      known = size;
      return Date.now() - since > QUIET_MS;
    }
  );
}

for (const ohif of VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`other modes of OHIF ${ohif} [needs Chromium]`, () => {
    let browser: Browser;
    let bare: RunningViewer;
    let ours: RunningViewer;
    beforeAll(async () => {
      browser = await launchBrowser();
      bare = await startViewer({ ohif, files, install: false });
      ours = await startViewer({ ohif, files, innerEarHydrops: { backend: 'wasm' } });
    }, LONG);
    afterAll(async () => {
      await browser?.close();
      await bare?.stop();
      await ours?.stop();
    });

    async function open(
      viewer: RunningViewer,
      [first, ...further]: string[]
    ): Promise<{ seen: HostSnapshot[]; requests: string[] }> {
      const context = await newContext(browser);
      try {
        const page = await context.newPage();
        const requests = listen(page, viewer.url);
        await page.goto(viewer.address(first ?? '/'));
        const seen = [await snapshot(page)];
        for (const path of further) {
          await goWithin(page, path);
          seen.push(await snapshot(page));
        }
        await quiet(requests);
        return { seen, requests: [...requests].sort() };
      } finally {
        await context.close();
      }
    }

    it.each(Object.entries(CASES))(
      '%s looks as without the plugin',
      async (_name, paths) => {
        const without = await open(bare, paths);
        for (const { viewports } of without.seen) {
          expect(viewports.some(({ bright }) => bright > 1000)).toBe(true);
        }
        expect(await open(ours, paths)).toEqual(without);
      },
      LONG
    );

    it.each([false, true])(
      'the work list opens the mode that it opened without the plugin (groupEnabledModesFirst %s)',
      async (groupEnabledModesFirst) => {
        const viewerConfig = { groupEnabledModesFirst };
        const lists: WorkList[] = [];
        for (const install of [false, true]) {
          const viewer = await startViewer({ ohif, files, install, viewerConfig });
          lists.push(await openFromWorkList(viewer).finally(() => viewer.stop()));
        }
        const [without, withOurs] = firstItems(lists, 2);
        expect(without.opened).toBe('/viewer');
        expect(withOurs.opened).toBe(without.opened);
        expect(withOurs.modes.filter((mode) => mode !== OURS)).toEqual(without.modes);
        // Where the host puts those that suit the study first, ours is the last of them.
        const before = groupEnabledModesFirst ? ['viewer', 'basic', 'segmentation'] : without.modes;
        for (const mode of before) {
          expect(withOurs.modes.indexOf(OURS)).toBeGreaterThan(withOurs.modes.indexOf(mode));
        }
      },
      LONG
    );

    /** Opens the MR study as a reader does who chooses no mode: a double click, or the first button where there is none. */
    async function openFromWorkList(viewer: RunningViewer): Promise<WorkList> {
      const context = await newContext(browser, WORK_LIST_SCREEN);
      try {
        const page = await context.newPage();
        await page.goto(viewer.address('/'));
        const row = page.getByText('OTHER-MODES', { exact: true }).first();
        await row.waitFor();
        const modes = await page.evaluate(() => {
          const { extensionManager } = globalThis as unknown as {
            extensionManager: { _appConfig: { loadedModes: { routeName: string }[] } };
          };
          return extensionManager._appConfig.loadedModes.map(({ routeName }) => routeName);
        });
        if (ohif.startsWith('3.12.')) {
          await row.click();
          const buttons = page.locator(`[data-cy$="-${MR.studyInstanceUid}"][data-cy^="mode-"]`);
          await buttons.and(page.locator(':enabled')).first().click();
        } else {
          await row.dblclick();
        }
        await page.waitForURL(/StudyInstanceUIDs/);
        return { modes, opened: new URL(page.url()).pathname };
      } finally {
        await context.close();
      }
    }

    it(
      'both look so after a stay in our mode with a computed result',
      async () => {
        const paths = [address('viewer', MEASURED), address('segmentation', MEASURED)];
        const without = await stayIn(bare, paths);
        const context = await newContext(browser, WORK_LIST_SCREEN);
        const page = await ViewerPage.openIn(context, ours.studyUrl(MEASURED.studyInstanceUid));
        try {
          const profiler = await watchPlugins(page.page);
          await page.compute();
          await page.waitForImage('HYDROPS-Mi2');
          await goWithin(page.page, '/');
          await page.page.getByText('BROWSER-').first().waitFor();
          const left = await storageOf(page.page);
          const requests = listen(page.page, ours.url);
          await ranSince(profiler);
          for (const [index, path] of paths.entries()) {
            await goWithin(page.page, path);
            const seen = await snapshot(page.page);
            // What our own mode has stored may stay; nothing is added to it.
            expect(seen.storage.filter((key) => !left.includes(key))).toEqual(
              without.snapshots[index]!.storage.filter((key) => !left.includes(key))
            );
            expect({ ...seen, storage: [] }).toEqual({ ...without.snapshots[index], storage: [] });
            expect(await ranSince(profiler)).toEqual([]);
          }
          const known = new Set(without.requests);
          expect([...requests].filter((request) => !known.has(request))).toEqual([]);
          expect(page.crashes).toEqual([]);
        } finally {
          await context.close();
        }
      },
      LONG
    );

    /** The same way through a viewer without the plugin. */
    async function stayIn(viewer: RunningViewer, paths: string[]) {
      const context = await newContext(browser, WORK_LIST_SCREEN);
      try {
        const page = await context.newPage();
        const requests = listen(page, viewer.url);
        await page.goto(viewer.address('/'));
        await page.getByText('BROWSER-').first().waitFor();
        const snapshots: HostSnapshot[] = [];
        for (const path of paths) {
          await goWithin(page, path);
          snapshots.push(await snapshot(page));
        }
        return { snapshots, requests };
      } finally {
        await context.close();
      }
    }
  });
}

interface WorkList {
  /** Route names, in the order of the work list. */
  modes: string[];
  /** Path of the page that was opened. */
  opened: string;
}

async function storageOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...(await indexedDB.databases()).map(({ name }) => `indexedDB ${name}`),
  ]);
}

/** Has the browser count the calls of every function. */
async function watchPlugins(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  return session;
}

/** Functions of ours that ran since the last question. */
async function ranSince(session: CDPSession): Promise<string[]> {
  const { result } = await session.send('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.includes('/plugins/'))
    .flatMap(({ url, functions }) =>
      functions
        .filter(({ ranges }) => ranges.some(({ count }) => count > 0))
        .map(({ functionName, ranges }) => `${url} ${functionName || ranges[0]!.startOffset}`)
    );
}
