import type { Browser } from 'playwright-core';
import { parseInstance } from '../../tools/src/archive';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { picture } from './pictures';
import { goWithin } from './hostSnapshot';
import { becomes } from './becomes';
import { earsStudy } from './studies';
import { newContext, ViewerPage, WORK_LIST_SCREEN } from './viewerPage';

// The reader goes on working while a save runs, or leaves for the next patient.

const LONG = 300_000;
const REPORT = '1.2.840.10008.5.1.4.1.1.88.33';
const NOT_YET = 'What was changed since the save began is not saved yet.';

(hasBrowser() ? describe : describe.skip)('a save that takes long [needs Chromium]', () => {
  const study = earsStudy();
  let browser: Browser;
  let viewer: RunningViewer;
  let page: ViewerPage;
  beforeAll(async () => {
    browser = await launchBrowser();
    viewer = await startViewer({
      files: study.files,
      innerEarHydrops: { backend: 'wasm', saveParts: { hydrops: false, 'hydrops-mi2': false } },
    });
    const context = await newContext(browser, WORK_LIST_SCREEN);
    page = await ViewerPage.openIn(context, viewer.studyUrl(study.studyInstanceUid));
    await page.compute();
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
  });

  /** The reports in the archive, as text. */
  async function reports(): Promise<string[]> {
    const { store } = viewer;
    if (!store) throw new Error('the archive cannot be looked into');
    const files = await Promise.all(
      store
        .list({ studyInstanceUid: study.studyInstanceUid })
        .map((instance) => store.file(instance))
    );
    return files
      .filter((file) => parseInstance(file).sopClassUid === REPORT)
      .map((file) => Buffer.from(file).toString('latin1'));
  }

  it(
    'what is changed meanwhile is not said to be saved, and the next save stores it',
    async () => {
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => (answer = resolve));
      await page.page.route('**/studies**', async (route) => {
        if (route.request().method() === 'POST') await answered;
        await route.continue();
      });
      const impression = page.page.getByLabel('Impression');
      await page.page.locator('summary', { hasText: 'findings' }).click();
      await impression.fill('Before the save.');
      await impression.blur();
      await page.button('Save results').click();
      await page.status().filter({ hasText: 'Saving… Segmentation' }).waitFor();
      await impression.fill('During the save.');
      await impression.blur();
      // It is still running: a second save would store everything twice.
      expect(await page.button('Save results').getAttribute('aria-disabled')).toBe('true');
      answer();
      await page.status().filter({ hasText: NOT_YET }).waitFor();
      await picture(page, 'changed-during-save');
      const [first = '', ...others] = await reports();
      expect(others).toEqual([]);
      expect(first).toContain('Before the save.');

      await page.button('Save results').click();
      await page
        .status()
        .filter({ hasText: /Saved in [^.]*\.$/ })
        .waitFor();
      const stored = await reports();
      expect(stored).toHaveLength(2);
      expect(stored.some((text) => text.includes('During the save.'))).toBe(true);
      expect(page.crashes).toEqual([]);
    },
    LONG
  );

  it(
    'goes on after the mode is left, and the viewer says that it is done',
    async () => {
      const before = await reports();
      /** What lets each request through, in the order in which they come. */
      const gates: (() => void)[] = [];
      await page.page.unroute('**/studies**');
      await page.page.route('**/studies**', async (route) => {
        if (route.request().method() === 'POST') {
          await new Promise<void>((resolve) => gates.push(resolve));
        }
        await route.continue();
      });
      if (!(await page.page.getByLabel('Impression').isVisible())) {
        await page.page.locator('summary', { hasText: 'findings' }).click();
      }
      await page.page.getByLabel('Impression').fill('Left while saving.');
      await page.page.getByLabel('Impression').blur();
      await page.button('Save results').click();
      await becomes(
        async () => gates.length,
        (count) => count === 1
      );
      const { pathname, search } = new URL(page.page.url());
      await goWithin(page.page, '/');
      await page.page.locator('inner-ear-hydrops-panel').waitFor({ state: 'detached' });
      await page.page.getByText('BROWSER-EARS').first().waitFor();
      await picture(page, 'left-while-saving');
      // The segmentation is taken, and the report follows it though the reader is in the work list.
      gates[0]?.();
      await becomes(
        async () => gates.length,
        (count) => count === 2
      );

      // The study is opened again before the save is done: what is not confirmed is offered until it is.
      await goWithin(page.page, pathname + search);
      const unsaved = page.page.getByRole('region', { name: 'Unsaved results' });
      await unsaved.waitFor({ timeout: 60_000 });
      gates[1]?.();
      await page.page.getByText(/Inner Ear Hydrops: the results of .+ are saved/).waitFor();
      await picture(page, 'saved-after-leaving');
      await unsaved.waitFor({ state: 'detached' });
      const stored = await reports();
      expect(stored).toHaveLength(before.length + 1);
      expect(stored.some((text) => text.includes('Left while saving.'))).toBe(true);
      expect(page.crashes).toEqual([]);
    },
    LONG
  );
});
