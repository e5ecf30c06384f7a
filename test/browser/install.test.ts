import type { Browser, Page, Route } from 'playwright-core';
import {
  DEFAULT_VERSION,
  TESTED_VERSIONS,
  hasBrowser,
  launchBrowser,
  startViewer,
  type RunningViewer,
} from '../support';
import { allDrawn, goWithin } from './hostSnapshot';
import { MRC, PEI, PPI, smallStudy } from './studies';
import { newContext, ViewerPage, WORK_LIST_SCREEN } from './viewerPage';

// What a site can get wrong when it puts the plugin beside its viewer: the viewer itself must work all
// the same, and say what is wrong. `hydrops serve` sends the same install.js as a site appends.

const LONG = 120_000;
const VERSIONS = TESTED_VERSIONS;
const EXTENSION = '/plugins/extension/inner-ear-hydrops.js';
const SESSION = '/plugins/extension/session.js';
const MODE = '/plugins/mode/mode.js';
const study = smallStudy('install', [MRC, PPI, PEI]);

interface Fault {
  file: string;
  answer(route: Route): Promise<void> | undefined;
  says: string;
  /** It shows when a mode is entered, and the mode is offered until then. */
  onEntry?: true;
  /** The mode is among those of the host, which shows no button for it. */
  offered?: true;
  /** Another reason for the same refusal as one above: what the viewer does without the plugin is seen there. */
  asAbove?: true;
}

const script = (body: string) => (route: Route) =>
  route.fulfill({ contentType: 'text/javascript', body });

/** The file as it is, but for one function of the plugin. */
const throwing = (name: string) => async (route: Route) => {
  const body = `import plugin from '${new URL(route.request().url()).pathname}?as-built';
    export default { ...plugin, ${name}() { throw new Error('as it was made to'); } };`;
  await script(body)(route);
};

const FAULTS: Record<string, Fault> = {
  'the extension is missing': {
    file: EXTENSION,
    answer: (route) => route.fulfill({ status: 404, body: 'Not found' }),
    says: 'inner-ear-hydrops.js: the server answers 404',
  },
  'the mode is missing': {
    file: MODE,
    answer: (route) => route.fulfill({ status: 404, body: 'Not found' }),
    says: 'mode.js: the server answers 404',
  },
  'the extension is sent as text/plain': {
    file: EXTENSION,
    answer: async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { 'content-type': 'text/plain' } });
    },
    says: 'inner-ear-hydrops.js: the server sends it as text/plain',
  },
  'the extension has a syntax error': {
    file: EXTENSION,
    answer: script('export default {'),
    says: 'inner-ear-hydrops.js: it is not valid JavaScript',
  },
  'the extension fails while it is registered': {
    file: EXTENSION,
    answer: throwing('preRegistration'),
    says: 'inner-ear-hydrops.js: preRegistration fails (as it was made to)',
  },
  'a module of the extension fails': {
    file: EXTENSION,
    answer: throwing('getPanelModule'),
    says: 'inner-ear-hydrops.js: getPanelModule fails (as it was made to)',
  },
  'the extension fails whenever a mode is entered': {
    file: EXTENSION,
    answer: throwing('onModeEnter'),
    says: 'inner-ear-hydrops.js: onModeEnter fails (as it was made to)',
    onEntry: true,
  },
  'the mode cannot be made': {
    file: MODE,
    answer: throwing('modeFactory'),
    says: 'mode.js: modeFactory fails (as it was made to)',
  },
  'the mode cannot say which studies suit it': {
    file: MODE,
    answer: script(
      `export default { id: "@inner-ear-hydrops/mode", contract: 1, modeFactory: () => ({
        id: "@inner-ear-hydrops/mode", routeName: "inner-ear-hydrops", displayName: "Inner Ear Hydrops", routes: [],
        isValidMode() { throw new Error("as it was made to"); } }) }`
    ),
    says: 'mode.js: isValidMode fails (as it was made to)',
    offered: true,
  },
  // nginx before a single-page application answers so for every address that it does not know.
  'a web page is sent in the place of the mode': {
    file: MODE,
    answer: (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>OHIF</title>' }),
    says: 'mode.js: the server answers with a web page; there is no such file',
    asAbove: true,
  },
  'the extension stops with an error': {
    file: EXTENSION,
    answer: script('throw new Error("half a download")'),
    says: 'inner-ear-hydrops.js: half a download',
    asAbove: true,
  },
  'the mode is of another version': {
    file: MODE,
    answer: script('export default { id: "@inner-ear-hydrops/mode", modeFactory() {} }'),
    says: 'mode.js: its version does not match install.js',
    asAbove: true,
  },
  'another plugin lies under the name of the extension': {
    file: EXTENSION,
    answer: script('export default { id: "@site/other", getPanelModule() {} }'),
    says: 'inner-ear-hydrops.js: it is not @inner-ear-hydrops/extension',
    asAbove: true,
  },
  'the server never sends the extension': {
    file: EXTENSION,
    answer: () => undefined,
    says: 'inner-ear-hydrops.js: the server has not delivered it within 10 seconds',
    asAbove: true,
  },
};

/** What our mode alone loads: the rest of the viewer is not to notice that it is wrong. */
const SESSION_FAULTS: Record<string, Pick<Fault, 'answer' | 'says'>> = {
  'is missing': {
    answer: (route) => route.fulfill({ status: 404, body: 'Not found' }),
    says: 'its server answers 404',
  },
  'has a syntax error': { answer: script('export const {'), says: 'it is not valid JavaScript' },
  'stops with an error': {
    answer: script('throw new Error("half a download")'),
    says: 'it is empty, another file, or of another build',
  },
  'is of another build': {
    answer: script('export const build = "0123";'),
    says: 'it is empty, another file, or of another build',
  },
};
/** What the two viewers do not share is how they load and call plugins; how install.js judges a file is its own. */
const ofBoth = Object.keys(FAULTS).slice(0, 6);

for (const ohif of VERSIONS) {
  (hasBrowser() ? describe : describe.skip)(`OHIF ${ohif} works where [needs Chromium]`, () => {
    let browser: Browser;
    let viewer: RunningViewer;
    beforeAll(async () => {
      browser = await launchBrowser();
      viewer = await startViewer({ ohif, files: study.files });
    }, LONG);
    afterAll(async () => {
      await browser?.close();
      await viewer?.stop();
    });

    it.each(ohif === DEFAULT_VERSION ? Object.keys(FAULTS) : ofBoth)(
      '%s',
      async (name) => {
        const { file, answer, says, onEntry, offered, asAbove } = FAULTS[name]!;
        const context = await newContext(browser, WORK_LIST_SCREEN);
        try {
          const page = await context.newPage();
          const crashes: string[] = [];
          page.on('pageerror', (error) => crashes.push(String(error)));
          await page.route(`**${file}`, answer);
          await page.goto(viewer.address('/'));
          const row = page.getByText('INSTALL', { exact: true }).first();
          await row.waitFor();
          const viewing = `/viewer?StudyInstanceUIDs=${study.studyInstanceUid}`;
          // The host asks a mode about a study when its row is opened.
          if (offered) await row.click();
          if (onEntry) await goWithin(page, viewing);
          const notice = page.getByRole('status').filter({ hasText: 'Inner Ear Hydrops' });
          expect(await notice.innerText()).toContain(says);
          expect((await modes(page)).includes('inner-ear-hydrops')).toBe(
            onEntry === true || offered === true
          );
          await notice.getByRole('button', { name: 'Close' }).click();
          await notice.waitFor({ state: 'detached' });
          if (!asAbove) {
            await goWithin(page, viewing);
            await allDrawn(page);
          }
          expect(crashes).toEqual([]);
        } finally {
          await context.close();
        }
      },
      LONG
    );

    it.each(Object.entries(SESSION_FAULTS).slice(0, ohif === DEFAULT_VERSION ? undefined : 1))(
      'the file that our mode alone loads %s',
      async (_name, { answer, says }) => {
        const context = await newContext(browser);
        try {
          const page = await context.newPage();
          const crashes: string[] = [];
          page.on('pageerror', (error) => crashes.push(String(error)));
          await page.route(`**${SESSION}*`, answer);
          await page.goto(viewer.studyUrl(study.studyInstanceUid));
          const panel = page.locator('inner-ear-hydrops-panel');
          const alert = panel.getByRole('alert');
          const words = await alert.innerText();
          expect(words).toContain(`could not be loaded from ${viewer.url}${SESSION}?`);
          expect(words).toContain(says);
          expect(words).toContain('serve all files of extension/dist from one build');
          // The images are there to be read all the same, and so is every other mode.
          await allDrawn(page);
          await goWithin(page, `/viewer?StudyInstanceUIDs=${study.studyInstanceUid}`);
          await allDrawn(page);
          await goWithin(page, `/inner-ear-hydrops?StudyInstanceUIDs=${study.studyInstanceUid}`);
          await alert.waitFor();
          await page.unroute(`**${SESSION}*`);
          // The Basic Viewer's tour may lie over it.
          await alert.getByRole('button', { name: 'Retry' }).dispatchEvent('click');
          await panel.getByRole('button', { name: 'Compute EH' }).waitFor();
          await everyPlace(page);
          expect(crashes).toEqual([]);
        } finally {
          await context.close();
        }
      },
      LONG
    );

    it(
      'the file that our mode alone loads comes late, and the extension is the UMD bundle',
      async () => {
        const context = await newContext(browser);
        try {
          const page = await context.newPage();
          const crashes: string[] = [];
          page.on('pageerror', (error) => crashes.push(String(error)));
          await page.route(`**${EXTENSION}`, script(OF_UMD));
          let release = (): void => undefined;
          const seen = new Promise<void>((resolve) => (release = resolve));
          await page.route(`**${SESSION}*`, async (route) => {
            await seen;
            await route.continue();
          });
          await page.goto(viewer.studyUrl(study.studyInstanceUid));
          const panel = page.locator('inner-ear-hydrops-panel');
          await panel.getByText('Inner Ear Hydrops is loading').waitFor();
          release();
          await panel.getByRole('button', { name: 'Compute EH' }).waitFor();
          await everyPlace(page);
          expect(crashes).toEqual([]);
        } finally {
          await context.close();
        }
      },
      LONG
    );

    it(
      'a setting is wrong: our mode opens, names it, and applies the rest',
      async () => {
        const wrong = await startViewer({
          ohif,
          files: study.files,
          innerEarHydrops: {
            backend: 'gpu',
            roleRules: { roles: { mrc: { names: [{ pattern: '(mrc', score: 10 }] } } },
          },
        });
        try {
          const page = await ViewerPage.open(browser, wrong.studyUrl(study.studyInstanceUid));
          const panel = page.page.locator('inner-ear-hydrops-panel');
          await panel.getByText('settings of this viewer are wrong').click();
          const words = await panel.locator('details.problems li').allInnerTexts();
          expect(words).toEqual([
            expect.stringContaining(
              'innerEarHydrops.backend: "gpu" is not one of auto, webgl, wasm'
            ),
            expect.stringContaining('innerEarHydrops.roleRules.roles.mrc.names[0].pattern: "(mrc"'),
          ]);
          // The built-in names stand in for the one that is no expression.
          await page.waitForImage('MRC');
          expect(page.crashes).toEqual([]);
          await page.close();
        } finally {
          await wrong.stop();
        }
      },
      LONG
    );
  });
}

/** A host with the runtime contract for plugins runs it as a classic script, and takes the plugin from `window`. */
const OF_UMD = `await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { src: '/plugins/extension/index.umd.js', onload: resolve, onerror: reject });
    document.head.append(script);
  });
  export default window['@inner-ear-hydrops/extension'];`;

/** Waits until MRC, PPI and PEI are drawn, each in its own place. */
async function everyPlace(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { services } = globalThis as unknown as {
      services: {
        viewportGridService: {
          getState(): { viewports: Map<string, { displaySetInstanceUIDs?: string[] }> };
        };
        displaySetService: {
          getDisplaySetByUID(uid: string): { SeriesDescription?: string } | undefined;
        };
        cornerstoneViewportService: {
          getCornerstoneViewport(id: string): { getImageData?(): unknown } | null;
        };
      };
    };
    const { viewports } = services.viewportGridService.getState();
    return ['MRC', 'PPI', 'PEI'].every((series) => {
      const id = `hydrops-${series.toLowerCase()}`;
      const [uid = ''] = viewports.get(id)?.displaySetInstanceUIDs ?? [];
      const shown = services.displaySetService.getDisplaySetByUID(uid)?.SeriesDescription ?? '';
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(id);
      return shown.includes(series) && Boolean(viewport?.getImageData?.());
    });
  });
}

/** Route names of the modes that the viewer offers. */
async function modes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { extensionManager } = globalThis as unknown as {
      extensionManager: { _appConfig: { loadedModes: { routeName: string }[] } };
    };
    return extensionManager._appConfig.loadedModes.map(({ routeName }) => routeName);
  });
}
