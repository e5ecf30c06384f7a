import type { Browser } from 'playwright-core';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { HOSPITAL } from '../support/browser';
import { AS_OLD_BROWSER, asOldBrowser } from '../support/oldBrowser';
import { forFolder, startSite, type Site, type SiteOptions } from '../support/site';
import { picture } from './pictures';
import { earsStudy } from './studies';
import { newContext, ViewerPage } from './viewerPage';

// Where a site may put viewer, plugins and model; docs/install.md promises that no setting is needed for it.

const LONG = 180_000;
const study = earsStudy();
const page = `inner-ear-hydrops?StudyInstanceUIDs=${study.studyInstanceUid}`;
/** As in docs/install.md. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'";
const isOurs = (path: string) => /^\/(plugins|models)\//.test(path);

(hasBrowser() ? describe : describe.skip)(
  'Compute EH gives the table where [needs Chromium]',
  () => {
    let browser: Browser;
    let viewer: RunningViewer;
    const sites: Site[] = [];
    const site = async (options: Omit<SiteOptions, 'viewer'>): Promise<Site> => {
      const started = await startSite({ ...options, viewer: viewer.url });
      sites.push(started);
      return started;
    };
    beforeAll(async () => {
      browser = await launchBrowser();
      viewer = await startViewer({ files: study.files, token: false });
    }, LONG);
    afterEach(async () => {
      for (const started of sites.splice(0)) await started.stop();
    });
    afterAll(async () => {
      await browser?.close();
      await viewer?.stop();
    });

    it(
      'the viewer lies under a sub-path, with plugins and model below it',
      async () => {
        const hospital = await site({
          locate: (path) =>
            path.startsWith('/ohif/') ? path.slice(5) : path.startsWith('/dicomweb/') ? path : null,
          edit: (path, text) => (isOurs(path) ? text : forFolder('/ohif/', path, text)),
        });
        const mode = await ViewerPage.open(browser, `${hospital.url}/ohif/${page}`);
        await mode.compute();
        expect(await mode.rows()).toHaveLength(4);
        // The viewer's own files of a build for the root apart.
        expect(hospital.requests.filter(isOurs)).toEqual([]);
        expect(hospital.requests).toContain('/ohif/models/inner-ear-unet/manifest.json');
        expect(mode.crashes).toEqual([]);
        await mode.close();
      },
      LONG
    );

    it(
      'plugins and model lie on another server, in a folder of their version',
      async () => {
        const files = await site({
          locate: (path) => {
            const inside = path.replace('/hydrops/0.1.0/', '/');
            return inside !== path && isOurs(inside) ? inside : null;
          },
          headers: { 'access-control-allow-origin': '*' },
        });
        const hospital = await site({
          locate: (path) => (isOurs(path) ? null : path),
          // As docs/install.md says: the two addresses at the top of install.js.
          edit: (path, text) =>
            path === '/app-config.js'
              ? text.replaceAll("= 'plugins/", `= '${files.url}/hydrops/0.1.0/plugins/`)
              : text,
        });
        const mode = await ViewerPage.open(browser, `${hospital.url}/${page}`);
        await mode.compute();
        expect(await mode.rows()).toHaveLength(4);
        expect(hospital.requests.filter(isOurs)).toEqual([]);
        expect(files.requests).toContain('/hydrops/0.1.0/models/inner-ear-unet/manifest.json');
        expect(mode.crashes).toEqual([]);
        await mode.close();
      },
      LONG
    );

    it(
      'the viewer comes without TLS, to the oldest browsers that are promised',
      async () => {
        const hospital = await site({
          locate: (path) => path,
          // Its parts are run before the worker's own script.
          edit: (path, text) =>
            /\/(worker|part-\w+)\.js$/.test(path) ? AS_OLD_BROWSER + text : text,
        });
        const context = await newContext(browser);
        await asOldBrowser(context);
        const address = hospital.url.replace('localhost', HOSPITAL);
        const mode = await ViewerPage.openIn(context, `${address}/${page}`);
        const missing = await mode.page.evaluate(() => [
          globalThis.isSecureContext,
          'any' in AbortSignal,
          'caches' in globalThis,
        ]);
        expect(missing).toEqual([false, false, false]);
        await mode.compute();
        expect(await mode.rows()).toHaveLength(4);
        await mode.page
          .getByText('WebGL is not used: this browser offers no WebGL 2 to background workers.')
          .waitFor();
        await picture(mode, 'old-browser');
        await mode.button('Copy report text').click();
        await mode.page.getByText('Copied.').waitFor();
        await mode.button('Save results').click();
        await mode.status().filter({ hasText: 'Saved in' }).waitFor();
        // The viewer's own service worker script fails without TLS, and stops nothing.
        expect(mode.crashes.filter((crash) => !crash.includes('init-service-worker'))).toEqual([]);
        await mode.close();
      },
      LONG
    );

    it(
      'a Content Security Policy allows no more than docs/install.md asks for',
      async () => {
        const hospital = await site({
          locate: (path) => path,
          headers: { 'content-security-policy': POLICY },
        });
        const mode = await ViewerPage.open(browser, `${hospital.url}/${page}`);
        await mode.compute();
        expect(await mode.rows()).toHaveLength(4);
        const download = mode.page.waitForEvent('download');
        await mode.button('Download').click();
        expect(await (await download).failure()).toBeNull();
        await mode.button('Print report').click();
        const report = mode.page.frameLocator('#inner-ear-hydrops-report').locator('body');
        await report.getByText('Vestibule').first().waitFor({ state: 'attached' });
        expect(mode.crashes).toEqual([]);
        await mode.close();
      },
      LONG
    );

    it(
      'a Content Security Policy that forbids what is needed is named, and nobody is sent to try again',
      async () => {
        const told = async (policy: string) => {
          const hospital = await site({
            locate: (path) => path,
            headers: { 'content-security-policy': policy },
            edit: (path, text) =>
              path === '/app-config.js'
                ? text.replace('"backend":"auto"', '"backend":"wasm"')
                : text,
          });
          const mode = await ViewerPage.open(browser, `${hospital.url}/${page}`);
          await mode.alert().waitFor();
          const problem = await mode.problem();
          await mode.close();
          return problem;
        };
        const noWorker = await told(POLICY.replace("worker-src 'self'", "worker-src 'none'"));
        expect(noWorker.code).toBe('worker-unavailable');
        expect(noWorker.text).toContain("worker-src 'none'");
        expect(noWorker.text).toContain('Trying again does not help');
        expect(noWorker.text).not.toContain('Ctrl+Shift+R');

        const noWasm = await told(POLICY.replace(" 'wasm-unsafe-eval'", ''));
        expect(noWasm.code).toBe('backend-unavailable');
        expect(noWasm.text).toMatch(/Content Security Policy.*script-src.*'wasm-unsafe-eval'/s);

        const noModel = await told(
          POLICY.replace("connect-src 'self'", 'connect-src http://localhost:*/dicomweb/')
        );
        expect(noModel.code).toBe('model-unreachable');
        expect(noModel.text).toContain('connect-src');
      },
      LONG
    );

    it(
      'a file that was missing is there at last; until then the panel names it and says why',
      async () => {
        const hospital = await site({
          locate: (path) => path,
          // Threads may be started and not get their script: the computation then takes one.
          headers: {
            'content-security-policy': POLICY.replace(
              "worker-src 'self'",
              "worker-src 'self' blob:"
            ),
          },
          edit: (path, text) =>
            path === '/app-config.js' ? text.replace('"backend":"auto"', '"backend":"wasm"') : text,
        });
        const plugins = `${hospital.url}/plugins/extension/`;
        const model = `${hospital.url}/models/inner-ear-unet/`;
        hospital.faults.set('/worker.js', script(''));
        const mode = await ViewerPage.open(browser, `${hospital.url}/${page}`);
        const told = async (code: string, ...words: string[]) => {
          // In the place of the problem before.
          await mode.alert().filter({ hasText: words[0] }).waitFor();
          const problem = await mode.problem();
          expect(problem.code).toBe(code);
          for (const word of words) expect(problem.text).toContain(word);
          // Nothing goes on beside it.
          expect(await mode.page.getByRole('progressbar').count()).toBe(0);
          hospital.faults.clear();
        };
        const retry = () => mode.button('Retry').click();
        await told(
          'worker-unavailable',
          `${plugins}worker.js: what its server sends is not its script`
        );

        hospital.faults.set('/worker.js', { status: 404, type: 'text/plain', body: '' });
        await retry();
        await told(
          'worker-unavailable',
          `${plugins}worker.js: its server answers 404 (text/plain)`
        );

        hospital.faults.set('.wasm', webPage);
        await retry();
        await told(
          'backend-unavailable',
          `could not be loaded from ${plugins}tfjs-backend-wasm`,
          '.wasm: its server sends a web page in its place (text/html)',
          'serve all files of extension/dist'
        );

        hospital.faults.set('/segmentation.bin', { status: 403, type: 'text/plain', body: '' });
        await retry();
        await told('model-unauthorized', `${model}segmentation.bin: its server answers 403`);

        await retry();
        await mode.outcome();
        expect(await mode.rows()).toHaveLength(4);
        expect(mode.crashes).toEqual([]);
        await mode.close();
      },
      LONG
    );
  }
);

const script = (body: string) => ({ status: 200, type: 'text/javascript', body });
const webPage = { status: 200, type: 'text/html', body: '<!doctype html><p>OHIF' };
