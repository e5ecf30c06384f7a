// `npm run api`: the pages of core's public names, from their docstrings, in out/api. A link that leads nowhere is an error.
import { readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync(new URL('core/package.json', import.meta.url), 'utf8'));

export default {
  name: 'Inner Ear Hydrops: core',
  entryPoints: Object.values(exports).map((path) => `core/${path}`),
  tsconfig: 'core/tsconfig.api.json',
  // `npm run types` does that.
  skipErrorChecking: true,
  out: 'out/api',
  readme: 'none',
  excludePrivate: true,
  // Addresses of source lines would need a published repository.
  disableSources: true,
  validation: { invalidLink: true, invalidPath: true, notExported: false },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
