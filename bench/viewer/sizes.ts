import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../../tools/src/projectRoot';

/** kB (1000 bytes) with gzip of what the browser has asked for of ours, by the part of the visit; maps and licences apart. */
export function sizesOf(
  requests: readonly string[]
): Record<'entry' | 'session' | 'worker', number> {
  const sizes = { entry: 0, session: 0, worker: 0 };
  const dist = join(projectRoot(), 'extension/dist');
  const sent = (file: string) => gzipSync(readFileSync(file)).length / 1000;
  for (const name of new Set(
    requests.map((url) => new URL(url).pathname.split('/').at(-1) ?? '')
  )) {
    if (name === 'mode.js') sizes.entry += sent(join(projectRoot(), 'mode/dist/mode.js'));
    if (!name.endsWith('.js') || !readdirSync(dist).includes(name)) continue;
    const isEntry = name === 'inner-ear-hydrops.js';
    const part = isEntry ? 'entry' : isOfSession(dist, name) ? 'session' : 'worker';
    sizes[part] += sent(join(dist, name));
  }
  // It stands in app-config.js.
  sizes.entry += sent(join(dist, 'install.js'));
  return sizes;
}

/** session.js and its parts. */
function isOfSession(dist: string, name: string): boolean {
  return name === 'session.js' || readFileSync(join(dist, 'session.js'), 'utf8').includes(name);
}
