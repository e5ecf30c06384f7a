import type { Browser } from 'playwright-core';
import { hasRealEar, realEarStudy } from '../../tools/src/phantom/realEar';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { hasBrowser, launchBrowser, startViewer } from '../support';
import { once } from './studies';
import { agreement, ViewerPage } from './viewerPage';

// The main job on a study built round a real left ear, which no network was trained on.

const LONG = 300_000;
const SEED = 20260115;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

(hasBrowser() && hasRealEar() ? it : it.skip)(
  'measures, saves and restores the study round a real ear [needs Chromium and ../shared/real-ear]',
  async () => {
    const study = once('browser-real-ear', () =>
      encodePhantomStudy(realEarStudy(SEED), {
        key: 'browser-real-ear',
        givenName: 'Real ear',
        patientId: 'REAL-EAR',
        studyDescription: 'Inner ear MRI, real ear phantom (synthetic)',
      })
    );
    const viewer = await startViewer({
      files: study.files,
      innerEarHydrops: { backend: 'wasm' },
    });
    try {
      const url = viewer.studyUrl(study.studyInstanceUid);
      const first = await ViewerPage.open(browser, url);
      await first.compute();
      const rows = await first.rows();
      expect(rows.filter((cells) => cells.length === 5)).toHaveLength(4);
      await first.button('Save results').click();
      await first.status().filter({ hasText: 'Saved' }).waitFor({ timeout: 60_000 });
      const second = await ViewerPage.open(browser, url);
      await second
        .button(/^Restore the result/)
        .first()
        .click({ timeout: 60_000 });
      await second.outcome();
      expect(await second.rows()).toEqual(rows);
      expect(agreement(await second.labels(), await first.labels()).share).toBe(1);
      await first.close();
      await second.close();
    } finally {
      await viewer.stop();
    }
  },
  LONG
);
