import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mrImage } from '../../core/test/testFile';
import { buildTools, HYDROPS } from '../support/hydrops';

// `hydrops serve` as a user starts it: whom does it answer?

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'hydrops-serve-'));
const data = join(folder, 'data');
const running: ChildProcess[] = [];
beforeAll(() => {
  buildTools();
  mkdirSync(data);
  writeFileSync(join(data, 'image.dcm'), new Uint8Array(mrImage()));
});
afterAll(() => {
  for (const server of running) server.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** The printed address. */
async function serve(...args: string[]): Promise<URL> {
  const server = spawn(process.execPath, [HYDROPS, 'serve', '--port', '0', ...args]);
  running.push(server);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return new URL(line.toString().trim());
}

const statusOf = async (address: URL, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(new URL('/dicomweb/studies', address), { headers })).status;
const embedded = ['--data', data, '--store', join(folder, 'store')];

test.each([
  ['in front of an archive', ['--dicomweb', 'http://127.0.0.1:1/dicom-web'], 502],
  ['with --token always', [...embedded, '--token', 'always'], 200],
])('%s only whoever has the printed token is answered', async (_, args, answer) => {
  const address = await serve(...args);
  const token = address.searchParams.get('hydrops-token') ?? '';
  expect(token.length).toBeGreaterThan(40);
  expect(await statusOf(address)).toBe(401);
  expect(await statusOf(address, { 'hydrops-token': token })).toBe(answer);
});

test('the embedded archive answers this machine, and no page of another site', async () => {
  const address = await serve(...embedded);
  expect(address.searchParams.has('hydrops-token')).toBe(false);
  expect(await statusOf(address)).toBe(200);
  expect(await statusOf(address, { Origin: 'https://elsewhere.example' })).toBe(403);
});
