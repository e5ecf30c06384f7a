import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ownEquipment } from './dicom/encode/modules';
import { SOFTWARE, SOFTWARE_VERSION } from './version';

const ROOT = path.resolve(__dirname, '../..');
const json = (file: string) =>
  JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as {
    version: string;
    workspaces?: string[];
  };

test('the root package states the one version that stored objects carry', () => {
  const { version, workspaces } = json('package.json');
  expect(SOFTWARE_VERSION).toBe(version);
  expect(ownEquipment()).toMatchObject({ SoftwareVersions: version });
  expect(SOFTWARE).toContain(version);
  for (const name of workspaces ?? []) expect(json(`${name}/package.json`).version).toBe(version);
});
