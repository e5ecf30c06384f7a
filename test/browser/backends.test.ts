import type { Browser } from 'playwright-core';
import { hasBrowser, launchBrowser, startViewer } from '../support';
import { halfStudy } from './studies';
import { agreement, ViewerPage, type Labels } from './viewerPage';

// WebGL runs on a software rasteriser here, which is slow but computes what a GPU would: one ear will do.

const LONG = 600_000;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

async function labelsOn(backend: 'wasm' | 'webgl'): Promise<Labels> {
  const study = halfStudy();
  const viewer = await startViewer({ files: study.files, innerEarHydrops: { backend } });
  try {
    const page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
    await page.compute();
    expect(await page.backend()).toContain(backend);
    const labels = await page.labels();
    await page.close();
    return labels;
  } finally {
    await viewer.stop();
  }
}

(hasBrowser() ? it : it.skip)(
  'WASM and forced WebGL give the same labels [needs Chromium]',
  async () => {
    const { share, named } = agreement(await labelsOn('wasm'), await labelsOn('webgl'));
    expect(named).toBeGreaterThan(200);
    expect(share).toBeGreaterThanOrEqual(0.999);
  },
  LONG
);
