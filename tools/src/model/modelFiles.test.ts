import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readVerified, sha256 } from '@inner-ear-hydrops/core';
import { projectRoot } from '../projectRoot';
import { openModelAt } from './modelFiles';

// The shipped model from its folder, and from a server as a site may have one.

const folder = join(projectRoot(), 'models/inner-ear-unet');
const manifest = readFileSync(join(folder, 'manifest.json'));
const pin = `#sha256=${sha256(manifest)}`;
const wrong = `#sha256=${'0'.repeat(64)}`;

let server: Server;
let address: string;
let appended = '';
beforeAll(async () => {
  server = createServer(({ url }, response) => {
    response.write(readFileSync(join(folder, url!.slice('/net/'.length))));
    response.end(url!.endsWith('.bin') ? appended : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/net`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test('a pin opens the model that has it, from a folder and from an address', async () => {
  for (const location of [folder, `${folder}/manifest.json`, address, `${address}/manifest.json`]) {
    const model = await openModelAt(location + pin);
    expect(model.manifest.name).toBe('inner-ear-unet');
    await readVerified(model, 'locator.bin');
    await expect(openModelAt(location + wrong)).rejects.toMatchObject({
      code: 'model-manifest-changed',
    });
    await expect(openModelAt(`${location}#sha256=12`)).rejects.toMatchObject({
      code: 'model-pin-invalid',
    });
  }
});

test('a server that sends more than the manifest says is given up', async () => {
  appended = 'and more';
  const model = await openModelAt(address);
  await expect(readVerified(model, 'locator.bin')).rejects.toMatchObject({
    code: 'model-file-changed',
    message: expect.stringMatching(/locator\.bin is longer than the \d+ bytes/),
  });
});
