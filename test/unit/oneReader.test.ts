import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** dcmjs writes; what is read goes through `core/src/dicom/read`, so that no two parsers disagree about a file. */
test('no part reads DICOM files with dcmjs', () => {
  const root = join(__dirname, '../..');
  const sources = ['core/src', 'extension/src', 'mode/src', 'phantom/src', 'tools/src'].flatMap(
    (folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
        .map((name) => join(root, folder, name))
  );
  expect(sources.length).toBeGreaterThan(300);
  const readers = sources.filter((name) =>
    /DicomMessage|naturalizeDataset/.test(readFileSync(name, 'utf8'))
  );
  expect(readers).toEqual([]);
});
