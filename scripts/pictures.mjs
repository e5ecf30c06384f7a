// `npm run pictures`: makes the pictures of docs/images again, from the demonstration study in the prebuilt viewer.
// Look at them before you commit them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { buildAll } from './build.mjs';
import { ohifVersions, root, setup } from './setup.mjs';

const IMAGES = join(root, 'docs/images');
const SCREEN = { width: 1440, height: 900 };
const JPEG = { type: 'jpeg', quality: 85 };
const COMPUTE_MS = 180_000;

await setup({ versions: [ohifVersions.default] });
if (!process.argv.includes('--no-build')) await buildAll();
const store = mkdtempSync(join(tmpdir(), 'hydrops-pictures-'));
const server = spawn(
  process.execPath,
  [join(root, 'tools/bin/hydrops.mjs'), 'serve', '--port', '0', '--store', store],
  { stdio: ['ignore', 'pipe', 'inherit'] }
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless=new',
    '--no-sandbox',
    '--enable-unsafe-swiftshader',
    '--disable-dev-shm-usage',
  ],
});
try {
  const page = await browser.newPage({ viewport: SCREEN });
  await page.goto(await addressOf(server));
  await takePictures(browser, page);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(store, { recursive: true, force: true });
}

/** The line that `hydrops serve` prints once it can be opened. */
function addressOf({ stdout }) {
  return new Promise((resolve, reject) => {
    stdout.on('data', (text) => resolve(String(text).trim()));
    stdout.on('end', () => reject(new Error('The viewer has not started.')));
  });
}

async function takePictures(browser, page) {
  const panel = page.locator('inner-ear-hydrops-panel');
  const button = (name) => panel.getByRole('button', { name });
  const to = (name) => join(IMAGES, name);

  await button('Compute EH').waitFor({ timeout: 60_000 });
  await imagesDrawn(page, 3);
  await panel.getByText(/^Ear positions/).click();
  await page.locator('.inner-ear-hydrops-crops').first().waitFor({ state: 'attached' });
  await nextPicture(page);
  const clip = { x: 286, y: 48, width: SCREEN.width - 286, height: 690 };
  await page.screenshot({ ...JPEG, path: to('crops.jpg'), clip });
  await panel.getByText(/^Ear positions/).click();

  await button('Compute EH').click();
  await panel.getByRole('table', { name: 'EH ratio' }).waitFor({ timeout: COMPUTE_MS });
  await imagesDrawn(page, 4);
  await page.screenshot({ ...JPEG, path: to('overview.jpg') });
  await button(/^Go to .*Left vestibule$/).click();
  await earEnlarged(page);
  await page.screenshot({ ...JPEG, path: to('result.jpg') });

  const computed = await wholePanel(page);
  const slice = panel.getByRole('group', { name: 'Left vestibule, slice' });
  await slice.getByRole('button', { name: /^One image towards the head/ }).click();
  await panel.getByText(/^By the reader: slice/).waitFor();
  await panel.getByLabel('Method', { exact: true }).selectOption({ label: 'HYDROPS2-Mi2' });
  await panel.locator('.out-of-date-words').waitFor();
  const changed = await wholePanel(page);
  await sideBySide(browser, [computed, changed], to('panel.jpg'));
}

/** Until so many viewports have drawn an image, and the screen shows it. */
async function imagesDrawn(page, count) {
  await page.waitForFunction(
    (wanted) => {
      const { viewportGridService, cornerstoneViewportService } = globalThis.services;
      const ids = [...viewportGridService.getState().viewports.keys()];
      const drawn = ids.filter((id) =>
        cornerstoneViewportService.getCornerstoneViewport(id)?.getImageData?.()
      );
      return drawn.length >= wanted;
    },
    count,
    { timeout: 60_000 }
  );
  await nextPicture(page);
}

/** Until every image shows the 50 mm around an ear. */
async function earEnlarged(page) {
  await page.waitForFunction(() => {
    const { viewportGridService, cornerstoneViewportService } = globalThis.services;
    return [...viewportGridService.getState().viewports.keys()].every((id) => {
      const camera = cornerstoneViewportService.getCornerstoneViewport(id)?.getCamera();
      return camera && Math.abs(camera.parallelScale - 25) < 0.5;
    });
  });
  await nextPicture(page);
}

/** The panel in its whole height, as PNG. */
async function wholePanel(page) {
  const panel = page.locator('inner-ear-hydrops-panel .panel');
  const { height } = await panel.boundingBox();
  await page.setViewportSize({ ...SCREEN, height: Math.ceil(height) + 150 });
  const png = await panel.screenshot();
  await page.setViewportSize(SCREEN);
  return png;
}

async function sideBySide(browser, pngs, path) {
  const page = await browser.newPage();
  const images = pngs.map((png) => `<img src="data:image/png;base64,${png.toString('base64')}">`);
  await page.setContent(
    `<div style="display:inline-flex;gap:24px;align-items:flex-start;background:#fff">${images.join('')}</div>`
  );
  await page.locator('div').screenshot({ ...JPEG, path });
  await page.close();
}

/** Until what was drawn last is on the screen. */
async function nextPicture(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) =>
        globalThis.requestAnimationFrame(() => globalThis.requestAnimationFrame(resolve))
      )
  );
}
