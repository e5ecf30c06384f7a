import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { hasBrowser, launchBrowser, startViewer, type RunningViewer } from '../support';
import { HOSPITAL } from '../support/browser';
import { becomes } from './becomes';
import { newContext, WORK_LIST_SCREEN } from './viewerPage';

// A web page that the reader opens beside the viewer, while the viewer stands before an archive that is open to all
// pages. One browser, in which the reader has opened the printed address.

const LONG = 120_000;
const PATIENT = 'Foreign^Page';

/** One study, to whoever asks from wherever, as archives are often set up. */
const STUDY = [
  {
    '00080020': { vr: 'DA', Value: ['20260115'] },
    '00080061': { vr: 'CS', Value: ['MR'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: PATIENT }] },
    '00100020': { vr: 'LO', Value: ['FOREIGN-PAGE'] },
    '0020000D': { vr: 'UI', Value: ['1.2.3'] },
    '00201208': { vr: 'IS', Value: [1] },
  },
];

(hasBrowser() ? describe : describe.skip)('a page of another origin [needs Chromium]', () => {
  const servers: Server[] = [];
  const asked: string[] = [];
  let browser: Browser;
  let viewer: RunningViewer;
  let context: BrowserContext;
  let page: Page;
  let foreignPort: number;
  const listen = async (listener: RequestListener): Promise<number> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    const archive = await listen(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      response.writeHead(200, {
        'content-type': 'application/dicom+json',
        'access-control-allow-origin': '*',
        'access-control-allow-headers': '*',
        'access-control-allow-methods': '*',
      });
      response.end(JSON.stringify(STUDY));
    });
    foreignPort = await listen((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>A page')
    );
    viewer = await startViewer({ archive: `http://127.0.0.1:${archive}` });
    context = await newContext(browser, WORK_LIST_SCREEN);
    page = await context.newPage();
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  it(
    'beside it the reader sees the patients, and the token leaves the address bar',
    async () => {
      const problems: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy|Refused to|Manifest/.test(message.text()))
          problems.push(message.text());
      });
      await page.goto(viewer.address('/'));
      await page.getByText('FOREIGN-PAGE').first().waitFor();
      expect(page.url()).toBe(`${viewer.url}/`);
      expect(await page.evaluate(() => document.cookie)).not.toContain('hydrops');
      expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
      expect(problems).toEqual([]);
    },
    LONG
  );

  const origins: [string, () => string][] = [
    // Another site; the cookie stays behind.
    ['on another server', () => `http://${HOSPITAL}:${foreignPort}`],
    // To a browser the same site, as sites have no ports; the cookie goes along.
    ['of another program on this machine', () => `http://localhost:${foreignPort}`],
  ];
  it.each(origins)(
    '%s reads nothing, and nothing that it sends reaches the archive',
    async (_, origin) => {
      await page.goto(origin());
      asked.length = 0;
      const got = await page.evaluate(attack, viewer.dicomweb);
      expect(got).toEqual({ read: [], ran: false, shown: 0 });
      // What the browser puts in the place of a page that will not be framed.
      await becomes(
        async () => page.mainFrame().childFrames()[0]?.url() ?? '',
        (url) => url.startsWith('chrome-error:')
      );
      expect(asked).toEqual([]);
    },
    LONG
  );

  it(
    'that leads the reader here without the token is told apart; with the printed address it opens the viewer',
    async () => {
      await page.goto(`http://${HOSPITAL}:${foreignPort}`);
      const follow = (address: string) =>
        page.evaluate((to) => void globalThis.location.assign(to), address);
      await follow(viewer.url);
      await page.getByRole('heading', { name: 'Another web page asked for this' }).waitFor();
      await page.goto(`http://${HOSPITAL}:${foreignPort}`);
      await follow(viewer.address('/'));
      await page.getByText('FOREIGN-PAGE').first().waitFor();
      expect(page.url()).toBe(`${viewer.url}/`);
    },
    LONG
  );

  it(
    'whose name was rebound to this machine gets nothing; nor does a reader without the token',
    async () => {
      const rebound = await page.goto(viewer.url.replace('localhost', HOSPITAL));
      expect([rebound?.status(), (await rebound?.text())?.includes('localhost only')]).toEqual([
        403,
        true,
      ]);
      const other = await newContext(browser);
      const second = await other.newPage();
      const answer = await second.goto(viewer.url);
      expect(answer?.status()).toBe(401);
      await second.getByText('npm start -- --port').waitFor();
      await other.close();
    },
    LONG
  );
});

/** Runs in the foreign page: what it can read, run and show of the archive at this address. It frames the viewer. */
async function attack(dicomweb: string) {
  const studies = `${dicomweb}/studies`;
  const read: string[] = [];
  const requests: [string, RequestInit][] = [
    [studies, {}],
    [studies, { credentials: 'include' }],
    [studies, { headers: { accept: 'application/dicom+json', 'hydrops-token': 'x' } }],
    [studies, { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'stored' }],
    [`${studies}/1.2.3`, { method: 'DELETE', credentials: 'include' }],
    [studies, { mode: 'no-cors', credentials: 'include' }],
  ];
  for (const [address, request] of requests) {
    try {
      const answer = await fetch(address, request);
      const text = await answer.text();
      if (text !== '') read.push(text);
    } catch {
      // As it should be.
    }
  }
  const load = (element: HTMLElement) =>
    new Promise<boolean>((resolve) => {
      element.addEventListener('load', () => resolve(true));
      element.addEventListener('error', () => resolve(false));
      document.body.append(element);
    });
  const ran = await load(Object.assign(document.createElement('script'), { src: studies }));
  const image = document.createElement('img');
  await load(Object.assign(image, { src: `${studies}/1.2.3/rendered` }));
  const frame = document.createElement('iframe');
  await load(Object.assign(frame, { src: new URL('/', dicomweb).href }));
  return { read, ran, shown: image.naturalWidth };
}
