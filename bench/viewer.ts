/** Benchmark: in the viewer, from the address to the first image and from the click to the table */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { InstanceStore } from '../tools/src/archive';
import { addDemonstrationStudy } from '../tools/src/phantom/demonstrationStudy';
import { startServer, viewerPath } from '../tools/src/serve';
import { launchBrowser } from '../test/support/browser';
import versions from '../scripts/ohif-versions.json';
import { median } from '../core/src/statistics';
import { reportTable } from './table';
import { measureAlone } from './viewer/alone';
import { HeapMeter, type Heap } from './viewer/heap';
import { longestTask, watchTasks } from './viewer/longTasks';
import { sizesOf } from './viewer/sizes';

const RUNS = 3;
/** `--gpu`: WebGL by the machine's graphics card, for the network and for the images. */
const GPU = process.argv.includes('--gpu');
const LIMIT_MS = 300_000;
/** Computations in one stay whose heaps are compared. */
const COMPUTED = 12;
const SETTLE_MS = 3000;

type Backend = 'wasm' | 'webgl';

interface Times {
  backend: string;
  panel: number;
  image: number;
  table: number;
  again: number;
  /** Milliseconds of the longest task of the main thread: while opening, and while computing. */
  openingTask: number;
  computingTask: number;
  sizes: ReturnType<typeof sizesOf>;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-viewer-'));
  const archive = await InstanceStore.open(directory);
  const study = await addDemonstrationStudy(archive, { realEar: false, say: () => undefined });
  const browser = await launchBrowser({ gpu: GPU });
  try {
    const rows: string[][] = [];
    for (const backend of GPU ? (['webgl', 'wasm'] as const) : (['wasm'] as const)) {
      const alone = measureAlone(join(directory, study));
      rows.push(...(await measureBackend(browser, archive, study, backend, alone)));
    }
    reportTable(
      'viewer',
      {
        columns: [`OHIF ${versions.default}, headless Chromium`, 'backend', 'median', 'each run'],
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
  backend: Backend,
  alone: number
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
    const on = runs[0]?.backend ?? backend;
    const row = (what: string, pick: (times: Times) => number, unit = 's', digits = 2) => {
      const scale = unit === 's' ? 1000 : 1;
      const shown = (value: number) => (value / scale).toFixed(digits);
      const each = runs.map((times) => shown(pick(times))).join(', ');
      return [what, on, `${shown(median(runs.map(pick)))} ${unit}`, each];
    };
    const heaps = await measureHeap(browser, server.address(viewerPath(study)));
    const heapRow = (
      what: string,
      heap: Heap | undefined,
      before: Heap = { page: 0, worker: 0 }
    ) => [
      what,
      on,
      `${(((heap?.page ?? 0) + (heap?.worker ?? 0) - before.page - before.worker) / 1e6).toFixed(1)} MB`,
      `page ${(((heap?.page ?? 0) - before.page) / 1e6).toFixed(1)}, worker ${(((heap?.worker ?? 0) - before.worker) / 1e6).toFixed(1)}`,
    ];
    const { computed, left } = heaps;
    return [
      row('address to panel', (times) => times.panel),
      row('address to first MRC image', (times) => times.image),
      row('click to table, first time', (times) => times.table),
      row('click to table, images already read', (times) => times.again),
      row('… of what the command line takes to measure', (times) => times.again / alone, '×'),
      row('longest main-thread task while opening', (times) => times.openingTask, 'ms', 0),
      row('longest main-thread task while computing', (times) => times.computingTask, 'ms', 0),
      row('loaded by every mode, gzip', ({ sizes }) => sizes.entry, 'kB', 1),
      row('page of our mode, gzip', ({ sizes }) => sizes.session, 'kB', 1),
      row('worker and what it loads, gzip', ({ sizes }) => sizes.worker, 'kB', 1),
      heapRow('heap after computing once', computed[0]),
      heapRow(`… and ${COMPUTED - 1} times more`, computed.at(-1), computed[0]),
      heapRow('heap after leaving the mode', left),
    ];
  } finally {
    await server.close();
  }
}

/** Heaps after each of several computations in one stay, and after it. */
async function measureHeap(
  browser: Browser,
  address: string
): Promise<{ computed: Heap[]; left: Heap }> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const page = await context.newPage();
  await page.goto(address);
  const compute = page.getByRole('button', { name: 'Compute EH' });
  await compute.waitFor({ timeout: LIMIT_MS });
  const meter = await HeapMeter.of(page);
  const computed: Heap[] = [];
  for (let time = 0; time < COMPUTED; time++) {
    await clickToTable(page);
    // The browser keeps the result as a draft.
    await page.waitForTimeout(SETTLE_MS);
    computed.push(await meter.measure());
  }
  await page.evaluate(() => {
    history.pushState(null, '', '/');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await page.waitForTimeout(SETTLE_MS);
  const left = await meter.measure();
  await context.close();
  return { computed, left };
}

/** Milliseconds. */
async function clickToTable(page: Page): Promise<number> {
  const clicked = Date.now();
  await page.getByRole('button', { name: 'Compute EH' }).click();
  await page.getByRole('progressbar').waitFor({ timeout: LIMIT_MS });
  await page.getByRole('table', { name: 'EH ratio' }).waitFor({ timeout: LIMIT_MS });
  await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: LIMIT_MS });
  return Date.now() - clicked;
}

async function measure(browser: Browser, address: string): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const page = await context.newPage();
  const compute = page.getByRole('button', { name: 'Compute EH' });
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  await watchTasks(page);
  const opened = Date.now();
  await page.goto(address);
  await compute.waitFor({ timeout: LIMIT_MS });
  const panel = Date.now() - opened;
  await page.waitForFunction(hasImage, undefined, { timeout: LIMIT_MS, polling: 50 });
  const image = Date.now() - opened;
  // As long as a reader looks at the images before the click; the model loads meanwhile.
  await page.waitForTimeout(8000);
  const openingTask = await longestTask(page);
  const first = await clickToTable(page);
  const again = await clickToTable(page);
  await page.waitForTimeout(SETTLE_MS);
  const computingTask = await longestTask(page);
  const backend =
    (await page
      .getByText(/^Backend /)
      .first()
      .textContent()) ?? '';
  await context.close();
  return {
    backend: backend.replace('Backend ', ''),
    panel,
    image,
    table: first,
    again,
    openingTask,
    computingTask,
    sizes: sizesOf(requests),
  };
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
