import type { Browser } from 'playwright-core';
import {
  hasBrowser,
  launchBrowser,
  startFaultyArchive,
  startViewer,
  type Fault,
  type RunningViewer,
} from '../support';
import { ImagesPage } from './imagesPage';
import { picture } from './pictures';
import { ResultPage } from './resultPage';
import { earsStudy, MRC, oneSeriesStudy, PEI, PPI, smallStudy, type TestStudy } from './studies';
import { ViewerPage } from './viewerPage';

// Each study or archive is wrong in one way; the reader must learn which, and what to do.

const LONG = 120_000;
const described = hasBrowser() ? describe : describe.skip;

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launchBrowser();
}, LONG);
afterAll(() => browser?.close());

async function problemOf(
  study: TestStudy,
  start: () => Promise<RunningViewer>
): Promise<{ code: string; text: string; crashes: string[] }> {
  const viewer = await start();
  try {
    const page = await ViewerPage.open(browser, viewer.studyUrl(study.studyInstanceUid));
    await page.button('Compute EH').click();
    await page.page
      .getByRole('progressbar')
      .waitFor({ state: 'detached', timeout: LONG })
      .catch(() => undefined);
    const problem = await page.problem();
    // The panel still works.
    expect(await page.button('Compute EH').getAttribute('aria-disabled')).toBe('false');
    await page.close();
    return { ...problem, crashes: page.crashes };
  } finally {
    await viewer.stop();
  }
}

described('a study that cannot be measured [needs Chromium]', () => {
  const SIGNED = (index: number) => ((index * 7919) % 401) - 200;
  const cases: [string, TestStudy, string, RegExp][] = [
    [
      'with a PEI that lies elsewhere',
      smallStudy('elsewhere', [MRC, PPI, { ...PEI, origin: [400, 400, 400] }]),
      'no-overlap',
      /PEI/,
    ],
    [
      'with a signed PPI',
      smallStudy('signed', [
        MRC,
        { ...PPI, value: SIGNED, imageType: ['ORIGINAL', 'PRIMARY', 'R', 'ND'] },
        PEI,
      ]),
      'not-magnitude',
      /PPI/,
    ],
    ['without an ear in view', smallStudy('no-ear', [MRC, PPI, PEI]), 'no-ear-found', /ear/i],
  ];
  it.each(cases)(
    '%s',
    async (_name, study, code, names) => {
      const { files } = study;
      const problem = await problemOf(study, () =>
        startViewer({ files, innerEarHydrops: { backend: 'wasm' } })
      );
      expect(problem).toMatchObject({ code, text: expect.stringMatching(names), crashes: [] });
    },
    LONG
  );

  it.each([
    ['PEI', smallStudy('no-pei', [MRC, PPI])],
    ['PPI', smallStudy('no-ppi', [MRC, PEI])],
  ])(
    'without %s: Compute EH is switched off with the reason beside it, and the command refuses',
    async (role, { studyInstanceUid, files }) => {
      const viewer = await startViewer({ files, innerEarHydrops: { backend: 'wasm' } });
      try {
        const page = await ViewerPage.open(browser, viewer.studyUrl(studyInstanceUid));
        const button = page.button('Compute EH');
        expect(await button.isEnabled()).toBe(false);
        const reason = await button.getAttribute('aria-describedby');
        const words = page.page.locator(`inner-ear-hydrops-panel #${reason}`);
        expect(await words.innerText()).toBe(`${role} is missing.`);
        await button.focus();
        await page.page.keyboard.press('Enter');
        expect(await page.alert().count()).toBe(0);

        await new ImagesPage(page).ours('computeHydrops');
        const { code, text } = await page.problem();
        expect(code).toBe('series-missing');
        expect(text).toContain(role);
        await page.close();
        expect(page.crashes).toEqual([]);
      } finally {
        await viewer.stop();
      }
    },
    LONG
  );
});

described('a study whose roles the reader must give [needs Chromium]', () => {
  it(
    'PPI and PEI in one series, of times that neither role has, give the numbers that two series give',
    async () => {
      const [together, apart] = [oneSeriesStudy(), earsStudy()];
      const files = [...together.files, ...apart.files];
      const viewer = await startViewer({ files, innerEarHydrops: { backend: 'wasm' } });
      try {
        const page = await ViewerPage.open(browser, viewer.studyUrl(together.studyInstanceUid));
        const result = new ResultPage(page);
        await page.page.getByText('No series was found for PPI and PEI').waitFor();
        await result.choice('PPI').selectOption({ label: '3 · hT2w 3D (52), TI 1700 ms' });
        await result.choice('PEI').selectOption({ label: '3 · hT2w 3D (52), TI 1500 ms' });
        expect(await result.chosen('PPI')).toContain('TI 1700 ms');
        await page.waitForImage('MRC');
        await page.compute();
        const rows = await page.rows();
        await picture(page, 'one-series');
        await page.close();
        const separate = await ViewerPage.open(browser, viewer.studyUrl(apart.studyInstanceUid));
        await separate.compute();
        expect(rows).toEqual(await separate.rows());
        await separate.close();
        expect(page.crashes).toEqual([]);
      } finally {
        await viewer.stop();
      }
    },
    LONG
  );
});

described('an archive that fails while reading [needs Chromium]', () => {
  const study = smallStudy('faulty', [MRC, PPI, PEI]);
  let upstream: RunningViewer;
  beforeAll(async () => {
    upstream = await startViewer({ files: study.files, token: false });
  }, LONG);
  afterAll(() => upstream?.stop());

  const cases: [string, Fault, string][] = [
    ['answers 401', { kind: 'status', status: 401 }, 'archive-unauthorized'],
    ['answers 404', { kind: 'status', status: 404 }, 'archive-not-found'],
    ['answers 500', { kind: 'status', status: 500 }, 'archive-error'],
    ['does not answer', { kind: 'silence' }, 'archive-no-answer'],
    ['sends half an image', { kind: 'cut', afterBytes: 4000 }, 'archive-'],
  ];
  /** What is measured (whole instances), and what the viewer shows (frames), by which it would do without. */
  const IMAGES = /instances\/[\d.]+($|\/frames)/;
  it.each(cases)(
    '%s',
    async (_name, fault, code) => {
      const archive = await startFaultyArchive(upstream.dicomweb, [{ path: IMAGES, fault }]);
      try {
        const problem = await problemOf(study, () =>
          startViewer({
            archive: archive.url,
            innerEarHydrops: { backend: 'wasm', archiveTimeout: 5000 },
          })
        );
        expect(problem.code).toContain(code);
        expect(problem.text).toMatch(/Retry/);
      } finally {
        await archive.stop();
      }
    },
    LONG
  );
});
