// `npm run dev -- [options]`: the viewer as `npm start` shows it, built again after every change of a source, with open
// pages that reload themselves. The options are those of `hydrops serve`. `npm run panel` (`--panel`): the page of the
// panel's states alone, without viewer and archive.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ohifVersions, root, setup, SetupError } from './setup.mjs';

const args = process.argv.slice(2);
const panelOnly = args.includes('--panel');
const port = Number(option('port') ?? 3000);

try {
  await setup({ versions: panelOnly ? [] : [option('ohif') ?? ohifVersions.default] });
  await dev();
} catch (error) {
  const words =
    error?.code === 'EADDRINUSE' ? `Port ${port} is taken. Choose another with --port.` : null;
  console.error(words ?? (error instanceof SetupError ? error.message : error));
  process.exit(1);
}

async function dev() {
  const { buildAll, watch } = await import('./build.mjs');
  const { startDevServer } = await import('./devServer.mjs');
  console.error('Building …');
  let server = null;
  const pages = panelOnly ? ['panel'] : ['viewer', 'panel'];
  const stopWatching = await watch(pages, (page) => {
    if (server) console.error(`${new Date().toLocaleTimeString()} built, reloading: ${page}`);
    server?.tell(page);
  });
  let behind = null;
  if (!panelOnly) {
    await buildAll(['tools']);
    behind = await serve();
  }
  server = await startDevServer({ port, upstream: behind?.origin ?? null });
  const here = `http://localhost:${port}`;
  if (behind) console.log(`Viewer: ${here}${behind.path}`);
  console.log(`Panel in every state: ${here}/panel`);

  const ended = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
    behind?.process.once('exit', resolve);
  });
  await ended;
  behind?.process.kill();
  await server.close();
  await stopWatching();
}

/** `hydrops serve` on a port of its own. */
async function serve() {
  const command = join(root, 'tools/bin/hydrops.mjs');
  const given = args.filter((arg, n) => !/^--port\b/.test(arg) && args[n - 1] !== '--port');
  const child = spawn(process.execPath, [command, 'serve', ...given, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
    // What was wrong stands above, in the words of `hydrops serve`.
    child.once('exit', () => reject(new SetupError('The viewer was not started.')));
  });
  const { origin, pathname, search } = new URL(line);
  return { process: child, origin, path: pathname + search };
}

function option(name) {
  const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  return args[at].includes('=') ? args[at].split('=')[1] : args[at + 1];
}
