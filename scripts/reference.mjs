// `npm run reference`: writes what docs/ has of the code: the schema of measurement.json, and the tables of methods and
// warnings in docs/method.md. Tests fail where the two differ.
import { build } from 'esbuild';
import prettier from 'prettier';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { outputFiles } = await build({
  entryPoints: [join(root, 'tools/src/reference/index.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  absWorkingDir: root,
});
const loaded = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(
  loaded,
  loaded.exports,
  createRequire(import.meta.url)
);
const { measurementJsonSchema, withParts } = loaded.exports;

const page = join(root, 'docs/method.md');
writeFileSync(page, withParts(readFileSync(page, 'utf8')));
const schema = join(root, 'docs/measurement.schema.json');
const style = { ...(await prettier.resolveConfig(schema)), parser: 'json' };
writeFileSync(schema, await prettier.format(JSON.stringify(measurementJsonSchema()), style));
