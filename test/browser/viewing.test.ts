import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import { measurementSchema, type Measurement } from '@inner-ear-hydrops/core';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { phantomStudy } from './studies';
import { ImagesPage, PLACES } from './imagesPage';
import { ViewerPage } from './viewerPage';

// What a reader does besides the main job: stops a computation, scrolls, reformats.

const LONG = 300_000;

(hasBrowser() ? describe : describe.skip)('reading a study [needs Chromium]', () => {
  let browser: Browser;
  let viewer: RunningViewer;
  let page: ViewerPage;
  const study = phantomStudy();
  beforeAll(async () => {
    browser = await launchBrowser();
    viewer = await startViewer({
      files: study.files,
      innerEarHydrops: { backend: 'wasm' },
      // The short form: two lines that a site adds to the configuration of a prebuilt viewer.
      install: false,
      viewerConfig: {
        extensions: ['/plugins/extension/inner-ear-hydrops.js'],
        modes: ['/plugins/mode/mode.js'],
      },
    });
    page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
  }, LONG);
  afterAll(async () => {
    await page?.close();
    await browser?.close();
    await viewer?.stop();
  });

  it(
    'Cancel stops a computation at once, and leaves nothing behind',
    async () => {
      await page.button('Compute EH').click();
      await page.button('Cancel').click();
      await page.page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 10_000 });
      expect(await page.table().isVisible()).toBe(false);
      expect(await page.alert().isVisible()).toBe(false);
      expect(await page.button('Compute EH').getAttribute('aria-disabled')).toBe('false');
    },
    LONG
  );

  it(
    'a result opens on the representative slice in all four images, and they scroll together',
    async () => {
      await page.compute();
      const image = Number((await page.rows())[0]?.[1]?.match(/image (\d+)/)?.[1]);
      expect(image).toBeGreaterThan(0);
      await untilAll((shown) => shown === image);
      await page.page.locator('[data-cy="viewport-pane"]').nth(2).hover();
      for (let step = 0; step < 3; step++) await page.page.mouse.wheel(0, 100);
      await untilAll((shown) => shown !== image);
    },
    LONG
  );

  it(
    'the command line measures the same on the same files, to the last pixel',
    async () => {
      const saved = page.page.waitForEvent('download');
      await page.button('Download').click();
      const zip = unzipSync(readFileSync(await (await saved).path()));
      const shown = measurementIn(strFromU8(zip['measurement.json'] as Uint8Array));

      const folder = mkdtempSync(join(tmpdir(), 'same-measurement-'));
      try {
        study.files.forEach((file, n) => writeFileSync(join(folder, String(n)), file));
        const program = resolve(__dirname, '../../tools/bin/hydrops.mjs');
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [program, 'compute', folder, '--json'],
          { encoding: 'utf8', maxBuffer: 1 << 28 }
        );
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        const printed = measurementIn(stdout);
        expect(Object.keys(printed.ears)).toEqual(['left', 'right']);
        expect(printed).toEqual(shown);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    LONG
  );

  it(
    'the slice of an organ opens with its ear enlarged, in all four images',
    async () => {
      await page.button(/^Go to .*image \d+, Right vestibule/).click();
      // 50 mm of the right ear: the patient's right is negative.
      const views = await new ImagesPage(page).until('the right ear in all four images', (all) =>
        all.every(
          ({ halfHeight, focalPoint }) => Math.abs(halfHeight - 25) < 0.5 && focalPoint[0] < -20
        )
      );
      expect(views.map(({ id }) => id).sort()).toEqual([...PLACES].sort());
    },
    LONG
  );

  it(
    'an ear can be set by hand: the middle of the MRC view is where the network looks',
    async () => {
      const total = async (row: number) => Number((await page.rows())[row]?.[4]);
      const before = await total(3);
      await page.page.getByText(/^Ear positions/).click();
      await page.button('Set here, Right ear').click();
      await page.page.getByText('Ear positions: set by the reader').waitFor();
      await page.compute();
      // The same ear from a crop that lies a little otherwise.
      expect(Math.abs((await total(3)) - before) / before).toBeLessThan(0.1);
      await page.button('Reset position, Right ear').click();
      await page.page.getByText('Ear positions: found automatically').waitFor();
    },
    LONG
  );

  it(
    'HYDROPS-Mi2 can be reformatted: the volume viewports show its own voxels',
    async () => {
      await page.page.evaluate(() => {
        const { services } = globalThis as unknown as HostWindow;
        services.viewportGridService.setActiveViewportId('hydrops-mi2');
      });
      // The grid's state is React's: it follows with the next rendering.
      await page.page.waitForFunction(() => {
        const { services } = globalThis as unknown as HostWindow;
        return services.viewportGridService.getState().activeViewportId === 'hydrops-mi2';
      });
      await page.page.evaluate(async () => {
        const { commandsManager } = globalThis as unknown as HostWindow;
        await commandsManager.runCommand('setHangingProtocol', { protocolId: 'mpr' });
      });
      const extremes = await page.page.waitForFunction(
        () => {
          const { services } = globalThis as unknown as HostWindow;
          const found: [number, number][] = [];
          for (const { viewportId } of services.viewportGridService.getState().viewports.values()) {
            const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
            const voxels = viewport?.getImageData?.()?.voxelManager?.getCompleteScalarDataArray?.();
            if (viewport?.type !== 'orthographic' || !voxels) return null;
            let [low, high] = [0, 0];
            for (let index = 0; index < voxels.length; index++) {
              const value = voxels[index] as number;
              if (value < low) low = value;
              if (value > high) high = value;
            }
            if (low === 0 && high === 0) return null;
            found.push([low, high]);
          }
          return found.length > 0 ? found : null;
        },
        undefined,
        { timeout: 60_000, polling: 500 }
      );
      for (const [low, high] of (await extremes.jsonValue()) ?? []) {
        // Signed, and far beyond what eight or sixteen bits would have wrapped to.
        expect(low).toBeLessThan(-32_768);
        expect(high).toBeGreaterThan(0);
      }
      expect(page.crashes).toEqual([]);
    },
    LONG
  );

  /** Until the four images show the same Instance Number, and one that is meant. */
  async function untilAll(isMeant: (shown: number) => boolean): Promise<void> {
    await new ImagesPage(page).until('one image number in all four places', (views) => {
      const numbers = new Set(views.map(({ instanceNumber }) => instanceNumber));
      const [shown] = numbers;
      return numbers.size === 1 && Number.isFinite(shown) && isMeant(shown as number);
    });
  }
});

/** Everything but what the clock says. */
function measurementIn(json: string): Omit<Measurement, 'timings'> {
  const { timings: _, ...rest } = measurementSchema.parse(JSON.parse(json)) as Measurement;
  return rest;
}

interface HostViewport {
  type?: string;
  getImageData?():
    { voxelManager?: { getCompleteScalarDataArray?(): ArrayLike<number> } } | undefined;
}

interface HostWindow {
  commandsManager: { runCommand(name: string, options: unknown): Promise<unknown> };
  services: {
    viewportGridService: {
      getState(): {
        activeViewportId: string;
        viewports: Map<string, { viewportId: string }>;
      };
      setActiveViewportId(id: string): void;
    };
    cornerstoneViewportService: { getCornerstoneViewport(id: string): HostViewport | null };
  };
}
