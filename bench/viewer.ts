/** Benchmark: in the viewer, from the address to the first image and from the click to the table */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { InstanceStore } from '../tools/src/archive';
import { addDemonstrationStudy } from '../tools/src/phantom/demonstrationStudy';
import { startServer, viewerPath } from '../tools/src/serve';
import { launchBrowser } from '../test/support/browser';
import versions from '../scripts/ohif-versions.json';
import { median } from '../core/src/statistics';
import { reportTable } from './table';

const RUNS = 3;
/** `--gpu`: WebGL by the machine's graphics card, for the network and for the images. */
const GPU = process.argv.includes('--gpu');
const LIMIT_MS = 300_000;

type Backend = 'wasm' | 'webgl';

interface Times {
  backend: string;
  panel: number;
  image: number;
  table: number;
  again: number;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-viewer-'));
  const archive = await InstanceStore.open(directory);
  const study = await addDemonstrationStudy(archive, { realEar: false, say: () => undefined });
  const browser = await launchBrowser({ gpu: GPU });
  try {
    const rows: string[][] = [];
    for (const backend of GPU ? (['webgl', 'wasm'] as const) : (['wasm'] as const)) {
      rows.push(...(await measureBackend(browser, archive, study, backend)));
    }
    reportTable(
      'viewer',
      {
        columns: [`OHIF ${versions.default}, headless Chromium`, 'backend', 'median s', 'each run'],
        rows,
      },
      [
        `New browser context each run: nothing is cached. The images are drawn by ${GPU ? 'the graphics card' : 'a software renderer'}.`,
      ]
    );
  } finally {
    await browser.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureBackend(
  browser: Browser,
  archive: InstanceStore,
  study: string,
  backend: Backend
): Promise<string[][]> {
  const server = await startServer({
    port: 0,
    archive,
    ohif: versions.default,
    innerEarHydrops: { backend },
  });
  try {
    const runs: Times[] = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await measure(browser, server.address(viewerPath(study))));
    }
    const row = (what: string, pick: (times: Times) => number) => [
      what,
      runs[0]?.backend ?? backend,
      (median(runs.map(pick)) / 1000).toFixed(2),
      runs.map((times) => (pick(times) / 1000).toFixed(2)).join(', '),
    ];
    return [
      row('address to panel', (times) => times.panel),
      row('address to first MRC image', (times) => times.image),
      row('click to table, first time', (times) => times.table),
      row('click to table, images already read', (times) => times.again),
    ];
  } finally {
    await server.close();
  }
}

async function measure(browser: Browser, address: string): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const page = await context.newPage();
  const compute = page.getByRole('button', { name: 'Compute EH' });
  const table = page.getByRole('table', { name: 'EH ratio' });
  const opened = Date.now();
  await page.goto(address);
  await compute.waitFor({ timeout: LIMIT_MS });
  const panel = Date.now() - opened;
  await page.waitForFunction(hasImage, undefined, { timeout: LIMIT_MS, polling: 50 });
  const image = Date.now() - opened;
  // As long as a reader looks at the images before the click; the model loads meanwhile.
  await page.waitForTimeout(8000);
  const click = async () => {
    const clicked = Date.now();
    await compute.click();
    await page.getByRole('progressbar').waitFor({ timeout: LIMIT_MS });
    await table.waitFor({ timeout: LIMIT_MS });
    await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: LIMIT_MS });
    return Date.now() - clicked;
  };
  const first = await click();
  const again = await click();
  const backend =
    (await page
      .getByText(/^Backend /)
      .first()
      .textContent()) ?? '';
  await context.close();
  return { backend: backend.replace('Backend ', ''), panel, image, table: first, again };
}

/** Runs in the page: whether the MRC viewport has drawn an image. */
function hasImage(): boolean {
  const { services } = globalThis as unknown as {
    services?: {
      cornerstoneViewportService: {
        getCornerstoneViewport(id: string): { getImageData?(): unknown } | null;
      };
    };
  };
  const viewport = services?.cornerstoneViewportService.getCornerstoneViewport('hydrops-mrc');
  return Boolean(viewport?.getImageData?.());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
