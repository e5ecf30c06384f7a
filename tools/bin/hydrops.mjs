#!/usr/bin/env node
// The `hydrops` command. Its program is a bundle, which is made here where it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../dist/hydrops.cjs', import.meta.url));
if (!existsSync(bundle)) {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  const built = spawnSync(process.execPath, [script, 'tools'], { stdio: ['ignore', 2, 2] });
  if (built.status !== 0) process.exit(1);
}
const { main } = createRequire(import.meta.url)(bundle);
process.exitCode = await main(process.argv.slice(2));
