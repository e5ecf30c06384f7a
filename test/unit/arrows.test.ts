import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '../support/temporaryFolder';

// Lint of a copy of the repository in which somebody has planted what the arrows forbid.

const ROOT = resolve(__dirname, '../..');
const CONFIGURATION = ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'];
const SOURCES = [
  'core/package.json',
  'core/src',
  'extension/package.json',
  'extension/src',
  'extension/test',
  'tools/package.json',
  'tools/src',
];

const importing = (name: string, from: string) =>
  `import type { ${name} } from '${from}';\nexport type Planted = ${name};\n`;

const ALLOWED = {
  'extension/src/panel/allowed.ts': importing('HydropsState', '../state/HydropsState'),
};
const CIRCLE = {
  'extension/src/host/plantedHere.ts': importing('Planted', './plantedThere'),
  'extension/src/host/plantedThere.ts': importing('Planted', './plantedHere'),
};
const UPWARDS = {
  'extension/src/state/planted.ts': importing('PanelService', '../panel/service'),
  'extension/src/panel/planted.ts': importing('HostServices', '../host/types'),
  'extension/src/result/planted.ts': importing('HydropsSession', '../session'),
  'extension/src/panel/plantedFixture.ts': importing('FakeService', '../../test/testService'),
  'extension/src/loose.ts': importing('HydropsState', './state/HydropsState'),
  'core/src/volume/planted.ts': importing('Ears', '../ears/findEars'),
  'tools/src/dataset/planted.ts': importing('EvaluationOptions', '../evaluate/evaluateModels'),
  'core/src/model/planted.ts': importing(
    'HydropsState',
    '../../../extension/src/state/HydropsState'
  ),
};

const copy = temporaryFolder();
let planted: { passes: boolean; told: string };

beforeAll(async () => {
  for (const path of [...CONFIGURATION, ...SOURCES]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, text] of Object.entries({ ...ALLOWED, ...CIRCLE, ...UPWARDS })) {
    writeFileSync(join(copy, path), text);
  }
  planted = await lint([...Object.keys(CIRCLE), ...Object.keys(UPWARDS)]);
});

/** Lints files and all that they import as `npm run lint` does. */
function lint(paths: string[]): Promise<typeof planted> {
  const depcruise = join(ROOT, 'node_modules/.bin/depcruise');
  const given = [...paths, '--output-type', 'err-long'];
  return new Promise((done) =>
    execFile(depcruise, given, { cwd: copy }, (error, told) => done({ passes: !error, told }))
  );
}

it('passes what the arrows allow', async () => {
  const { passes, told } = await lint(Object.keys(ALLOWED));
  expect(told).toContain('no dependency violations');
  expect(passes).toBe(true);
});

it('refuses a circle, of type imports alone too', () => {
  expect(planted.passes).toBe(false);
  expect(planted.told).toMatch(/no circle: .*planted(Here|There)\.ts/);
});

it.each(Object.keys(UPWARDS))('refuses an arrow upwards: %s', (path) => {
  expect(planted.passes).toBe(false);
  expect(planted.told).toContain(`: ${path} →`);
});
