import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// What browsers read DICOM with (scripts/packedDictionary.mjs) against what Node does (core/src/dicom/read/dictionary.ts):
// the same for every tag and keyword that dcmjs knows, for the groups that repeat, and for tags that nobody knows.

const ROOT = resolve(__dirname, '../..');

const COMPARE = `
import { createRequire } from 'node:module';
import { dictionary as generated } from 'dcmjs/dictionary';
import { packedDictionary } from ${JSON.stringify(pathToFileURL(`${ROOT}/scripts/packedDictionary.mjs`).href)};
const { data } = createRequire(${JSON.stringify(`${ROOT}/core/package.json`)})('dcmjs');
const { dictionary, nameMap } = data.DicomMetaDictionary;
const source = packedDictionary(${JSON.stringify(ROOT)});
const packed = await import('data:text/javascript,' + encodeURIComponent(source));
const hex = (number) => number.toString(16).toUpperCase().padStart(4, '0');
const tags = new Set([...Object.keys(generated), ...Object.values(nameMap).map(({ tag }) => tag)]
  .filter((tag) => tag.length === 11).map((tag) => tag.slice(1, 5) + tag.slice(6, 10)));
const known = tags.size;
for (const [from, to] of [[0x5000, 0x5102], [0x6000, 0x6102], [0x7ee0, 0x7fff]])
  for (let group = from; group <= to; group += 2)
    for (let element = 0; element < 0x200; element++) tags.add(hex(group) + hex(element));
for (let element = 0; element < 0x10000; element++) tags.add('0028' + hex(element));
const wrong = [...tags].filter((tag) => {
  const [a, b] = [packed.entryOfTag(tag), dictionary['(' + tag.slice(0, 4) + ',' + tag.slice(4) + ')']];
  return a?.vr !== b?.vr || a?.name !== b?.name;
});
const misnamed = [...Object.keys(nameMap), 'NoSuchKeyword']
  .filter((name) => packed.tagOfKeyword(name) !== nameMap[name]?.tag);
console.log(JSON.stringify({ known, wrong, misnamed }));`;

it('knows every tag and keyword as dcmjs does, and no other', () => {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', COMPARE], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  const { known, wrong, misnamed } = JSON.parse(run.stdout) as Record<string, unknown>;
  expect(known).toBeGreaterThan(5000);
  expect([wrong, misnamed]).toEqual([[], []]);
});
