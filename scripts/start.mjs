// `npm start -- [options]`: set up, build, and serve. The options are those of `hydrops serve`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ohifVersions, root, setup, SetupError } from './setup.mjs';

const options = process.argv.slice(2);
try {
  await setup({ versions: [viewerVersion(options)] });
  const { buildAll } = await import('./build.mjs');
  console.error('Building …');
  await buildAll();
  const { main } = createRequire(import.meta.url)(join(root, 'tools/dist/hydrops.cjs'));
  process.exitCode = await main(['serve', ...options]);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}

function viewerVersion(args) {
  const at = args.findIndex((arg) => arg === '--ohif' || arg.startsWith('--ohif='));
  if (at < 0) return ohifVersions.default;
  return args[at].includes('=') ? args[at].slice('--ohif='.length) : (args[at + 1] ?? '');
}
