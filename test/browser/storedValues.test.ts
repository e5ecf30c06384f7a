import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { unzipSync } from 'fflate';
import type { Measurement } from '@inner-ear-hydrops/core';
import { isSameObject } from '@inner-ear-hydrops/core/dicom/stored';
import { parseInstance } from '../../tools/src/archive';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import {
  hasBrowser,
  launchBrowser,
  simulateEars,
  startViewer,
  type RunningViewer,
} from '../support';
import { buildTools, hydrops } from '../support/hydrops';
import { toJpeg2000 } from '../support/jpeg2000';
import { hasTools, PYTHON, runTool } from '../support/tools';
import { ImagesPage } from './imagesPage';
import { picture } from './pictures';
import { newContext, ViewerPage } from './viewerPage';

// The viewer measures what the files hold: pixel by pixel the numbers of `hydrops compute` on the same files, however
// they store their values. The host's own pixels are rounded or wrapped for some of them.

const LONG = 180_000;
/** By what they need beside pydicom; each series is another case, a difference in any of them moves the numbers. */
const VARIANTS: Record<string, string[]> = {
  'eight-bits': [],
  compressed: ['dcmcjpeg', 'dcmcrle', 'dcmcjpls'],
  'per-frame': ['dcmcjpls'],
};

const possible = hasBrowser() && hasTools('pydicom');
(possible ? describe : describe.skip)('stored values [needs Chromium and pydicom]', () => {
  let folder: string;
  let made: string[];
  let viewer: RunningViewer;
  let browser: Browser;

  beforeAll(async () => {
    buildTools();
    folder = mkdtempSync(join(tmpdir(), 'hydrops-values-'));
    const source = join(folder, 'source');
    mkdirSync(source);
    const study = encodePhantomStudy(simulateEars(11, { hydrops: { left: 0.5, right: 0.2 } }), {
      key: 'stored-values',
      givenName: 'Values',
      patientId: 'VALUES',
      studyDescription: 'Small phantom (synthetic)',
    });
    study.forEach(({ file }, index) =>
      writeFileSync(join(source, `${String(index).padStart(4, '0')}.dcm`), new Uint8Array(file))
    );
    const script = join(__dirname, 'makeEncodings.py');
    const { status, output } = runTool(PYTHON, [script, source, folder]);
    if (status !== 0) throw new Error(output);
    made = output.trim().split(' ');
    for (const name of readdirSync(join(folder, 'tenth'))) {
      if (!name.startsWith('MRC')) continue;
      const path = join(folder, 'tenth', name);
      writeFileSync(path, await toJpeg2000(new Uint8Array(readFileSync(path))));
    }
    browser = await launchBrowser();
    viewer = await startViewer({
      files: made.flatMap((variant) => filesOf(variant)),
      innerEarHydrops: { backend: 'wasm' },
    });
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const filesOf = (variant: string): Uint8Array[] =>
    readdirSync(join(folder, variant)).map(
      (name) => new Uint8Array(readFileSync(join(folder, variant, name)))
    );
  const addressOf = (variant: string): string =>
    viewer.studyUrl(parseInstance(filesOf(variant)[0]!).studyInstanceUid);
  const onCommandLine = (variant: string, ...options: string[]): Measurement => {
    const found = hydrops('compute', join(folder, variant), '--json', '--quiet', ...options);
    if (found.status !== 0) throw new Error(found.stderr);
    return JSON.parse(found.stdout) as Measurement;
  };
  const inViewer = async (page: ViewerPage): Promise<Measurement> => {
    await page.compute();
    const measurement = await page.page.evaluate(
      () =>
        (globalThis as unknown as HostWindow).services.hydropsService.getState()
          .measurement as Measurement
    );
    if (!measurement) throw new Error('the viewer shows no measurement');
    return measurement;
  };

  /** Computes; the numbers and warnings are those of the command line, which writes its objects with `--out`. */
  async function expectSameNumbers(
    page: ViewerPage,
    variant: string,
    ...options: string[]
  ): Promise<void> {
    const shown = await inViewer(page);
    const expected = onCommandLine(variant, ...options);
    for (const ear of ['left', 'right'] as const) {
      for (const organ of ['cochlea', 'vestibule'] as const) {
        const found = expected.ears[ear]?.[organ];
        expect(found?.volume.endolymphVoxels).toBeGreaterThan(0);
        expect(found?.area?.totalPixels).toBeGreaterThan(5);
      }
    }
    expect(shown.ears).toEqual(expected.ears);
    expect(shown.warnings).toEqual(expected.warnings);
    expect(shown.study).toEqual(expected.study);
    await picture(page, `values-${variant}`);
    expect(page.crashes).toEqual([]);
  }

  for (const [variant, tools] of Object.entries(VARIANTS)) {
    (hasTools(...tools) ? it : it.skip)(
      `${variant}: the viewer gives the numbers of the command line`,
      async () => {
        const page = await ViewerPage.open(browser, addressOf(variant));
        try {
          await expectSameNumbers(page, variant);
          const images = new ImagesPage(page);
          if (variant === 'compressed') expect(await notices(images, 0)).toEqual([]);
          if (variant === 'per-frame') await expectSameOrder(images);
        } finally {
          await page.close();
        }
      },
      LONG
    );
  }

  /** The series that the panel says are drawn rounded, once the four images are drawn and so many are named. */
  async function notices(images: ImagesPage, count: number): Promise<string[]> {
    await images.untilFour();
    const notes = images.viewer.page.locator('inner-ear-hydrops-panel').getByRole('note');
    if (count > 0) await notes.nth(count - 1).waitFor();
    const texts = await notes.allInnerTexts();
    return texts.map(
      (text) =>
        /^The viewer rounds the values of \d · (\w+) .* for display.* use the stored values\.$/s.exec(
          text
        )?.[1] ?? text
    );
  }

  /** HYDROPS-Mi2 shows the place of MRC at every step through the stack, though that is not the order in space. */
  async function expectSameOrder(images: ImagesPage): Promise<void> {
    for (const name of ['MRC', 'HYDROPS-Mi2', 'PPI', 'PEI']) await images.viewer.waitForImage(name);
    const [mrc = [], mi2 = []] = await Promise.all(
      ['hydrops-mrc', 'hydrops-mi2'].map((id) => images.places(id))
    );
    const rises = mrc.slice(1).filter((z, n) => z > (mrc[n] as number)).length;
    expect(rises).toBeGreaterThan(0);
    expect(rises).toBeLessThan(mrc.length - 1);
    expect(mi2).toEqual(mrc);
    const shown = async () => (await images.views()).map(({ focalPoint }) => focalPoint[2]);
    const [before] = await shown();
    const pane = images.viewer.page.locator('[data-cy="viewport-pane"]').first();
    await pane.hover();
    await images.viewer.page.mouse.wheel(0, 100);
    await images.until('the next frame in all four images', (views) =>
      views.every(
        ({ focalPoint }) =>
          Math.abs(focalPoint[2] - views[0]!.focalPoint[2]) < 0.01 &&
          Math.abs(focalPoint[2] - (before ?? NaN)) > 0.5
      )
    );
  }

  // One page from here on; the tests follow each other.
  describe('a slope of a tenth', () => {
    let page: ViewerPage;
    const out = () => join(folder, 'out');

    beforeAll(async () => {
      const context = await newContext(browser);
      // The page's own worker, so that a test can end it behind the extension's back.
      await context.addInitScript(() => {
        const window = globalThis as unknown as WorkerWindow;
        const Original = window.Worker;
        window.Worker = class extends Original {
          constructor(url: string | URL, options?: WorkerOptions) {
            super(url, options);
            if (options?.name === 'inner-ear-hydrops') (window.hydropsWorkers ??= []).push(this);
          }
        };
      });
      page = await ViewerPage.openIn(context, addressOf('tenth'));
    }, LONG);
    afterAll(() => page?.close());

    it(
      'the viewer gives the numbers of the command line, and says that it draws others',
      async () => {
        await expectSameNumbers(page, 'tenth', '--out', out());
        expect(await notices(new ImagesPage(page), 3)).toEqual(['MRC', 'PPI', 'PEI']);
      },
      LONG
    );

    it(
      'an unedited result is stored as the same objects by viewer and command line',
      async () => {
        const download = page.page.waitForEvent('download');
        await page.button('Download').click();
        const zip = unzipSync(readFileSync(await (await download).path()));
        const names = Object.keys(zip).filter((name) => /^(hydrops-mi2|segmentation)/.test(name));
        expect(names).toHaveLength(readdirSync(join(out(), 'hydrops-mi2')).length + 1);
        for (const name of names) {
          const [ours, theirs] = [zip[name]!, new Uint8Array(readFileSync(join(out(), name)))];
          expect(parseInstance(ours).sopInstanceUid).toBe(parseInstance(theirs).sopInstanceUid);
          expect(isSameObject(bufferOf(ours), bufferOf(theirs))).toBe(true);
        }
      },
      LONG
    );

    it(
      'a worker that the browser has ended without a word is noticed and replaced, and the result still saved',
      async () => {
        const workers = () =>
          page.page.evaluate(() => (globalThis as unknown as WorkerWindow).hydropsWorkers?.length);
        expect(await workers()).toBe(1);
        await page.page.evaluate(() =>
          (globalThis as unknown as WorkerWindow).hydropsWorkers?.[0]!.terminate()
        );
        await page.button('Save results').click();
        await page.status().filter({ hasText: 'Saved in' }).waitFor({ timeout: 60_000 });
        expect(await workers()).toBe(2);
        expect(page.crashes).toEqual([]);
      },
      LONG
    );
  });
});

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;

interface WorkerWindow {
  Worker: typeof Worker;
  hydropsWorkers?: Worker[];
}

interface HostWindow {
  services: { hydropsService: { getState(): { measurement: Measurement | null } } };
}
