import type { Browser } from 'playwright-core';
import {
  hasBrowser,
  launchBrowser,
  startFaultyArchive,
  startViewer,
  type Fault,
  type RunningViewer,
} from '../support';
import { phantomStudy } from './studies';
import { ViewerPage } from './viewerPage';

// An archive that does not take the result must not cost the reader the result.

const LONG = 300_000;

let browser: Browser;
let upstream: RunningViewer;
const study = phantomStudy();

(hasBrowser() ? describe : describe.skip)('a store that fails [needs Chromium]', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
    upstream = await startViewer({ files: study.files });
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await upstream?.stop();
  });

  it(
    'keeps the result, offers Download, and succeeds on Retry',
    async () => {
      const archive = await startFaultyArchive(upstream.dicomweb);
      const viewer = await startViewer({
        archive: archive.url,
        innerEarHydrops: { backend: 'wasm', archiveTimeout: 5000 },
      });
      try {
        const page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
        await page.compute();
        const rows = await page.rows();
        const faults: [Fault, string][] = [
          [{ kind: 'status', status: 500 }, 'archive-error'],
          [{ kind: 'status', status: 401 }, 'archive-unauthorized'],
          [{ kind: 'partial-store', accept: 0 }, 'archive-'],
          [{ kind: 'silence' }, 'archive-no-answer'],
        ];
        for (const [fault, code] of faults) {
          archive.rules = [{ method: 'POST', path: /studies/, fault }];
          await page.button('Save results').click();
          await page.page
            .locator(`inner-ear-hydrops-panel [data-code^="${code}"]`)
            .waitFor({ timeout: 30_000 });
          await page.page.locator('inner-ear-hydrops-panel .status.failed').waitFor();
          expect(await page.rows()).toEqual(rows);
        }
        const saved = page.page.waitForEvent('download');
        await page.alert().getByRole('button', { name: 'Download' }).click();
        expect((await saved).suggestedFilename()).toMatch(/\.zip$/);

        archive.rules = [];
        await page.button('Retry').click();
        await page.status().filter({ hasText: 'Saved' }).waitFor({ timeout: 30_000 });
        expect(await page.alert().isVisible()).toBe(false);
        await page.close();
      } finally {
        await viewer.stop();
        await archive.stop();
      }
    },
    LONG
  );
});
