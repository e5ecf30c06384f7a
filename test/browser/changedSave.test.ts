import type { Browser } from 'playwright-core';
import { parseInstance } from '../../tools/src/archive';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { picture } from './pictures';
import { earsStudy } from './studies';
import { ViewerPage } from './viewerPage';

// The reader goes on working while a save runs.

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
    page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
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
      store.list({ studyInstanceUid: study.studyInstanceUid }).map((one) => store.file(one))
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
});
