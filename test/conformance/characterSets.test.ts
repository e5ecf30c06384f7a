import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeSegmentation, readDicomFile } from '@inner-ear-hydrops/core/dicom';
import { testLabels, testSeries, testVolume } from '../../core/test/testSeries';
import { importDirectory, InstanceStore } from '../../tools/src/archive';
import { hasTools, PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

const SCRIPT = join(__dirname, 'makeTextFixtures.py');

interface Expected {
  name: string;
  description: string;
  codes: string[];
}

const componentsOf = (name: unknown): string =>
  Object.values([name].flat()[0] as Record<string, string>).join('=');
const plain = (name: string): string => name.replace(/=+$/, '');

/** Names and texts as pydicom writes and reads them, through everything that we do with them. */
describeWithTools('text in every character set', ['pydicom'], () => {
  const folder = temporaryFolder();
  let expected: Record<string, Expected>;

  beforeAll(() => {
    const { status, output } = runTool(PYTHON, ['-W', 'ignore', SCRIPT, folder]);
    if (status !== 0) throw new Error(output);
    expected = JSON.parse(output.slice(output.indexOf('{'))) as typeof expected;
  });

  function attributesOf(key: string): Record<string, unknown> {
    const image = readDicomFile(Uint8Array.from(readFileSync(join(folder, key))).buffer, key);
    expect(image.file.textProblems).toEqual([]);
    return image.header.attributes;
  }

  test('reads as pydicom reads it, at the top and within items', () => {
    expect(Object.keys(expected)).toHaveLength(15);
    for (const [key, { name, description, codes }] of Object.entries(expected)) {
      const attributes = attributesOf(key);
      expect([key, componentsOf(attributes.PatientName)]).toEqual([key, plain(name)]);
      expect(attributes.StudyDescription).toBe(description);
      const items = attributes.ProcedureCodeSequence as { CodeMeaning: string }[];
      expect(items.map(({ CodeMeaning }) => CodeMeaning)).toEqual(codes);
      expect(codes[0]).toBe('Cochlée gauche');
    }
  });

  test('what we store repeats the name: pydicom and dcmtk read the same characters', () => {
    const stored = Object.keys(expected).map((key) => {
      const mrc = testSeries(
        'MRC',
        testVolume((i, j, k) => i + j + k)
      );
      mrc.header.attributes = { ...mrc.header.attributes, ...attributesOf(key) };
      const { file } = encodeSegmentation({
        mrc,
        labels: testLabels(),
        model: { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) },
        created: new Date('2026-03-04T05:06:07Z'),
      });
      const path = join(folder, `${key}.seg`);
      writeFileSync(path, new Uint8Array(file));
      return path;
    });
    const { output } = runTool(PYTHON, ['-W', 'ignore', SCRIPT, '--read', ...stored]);
    const names = JSON.parse(output.slice(output.indexOf('['))) as string[];
    expect(names.map(plain)).toEqual(Object.values(expected).map(({ name }) => plain(name)));
    if (!hasTools('dcmdump')) return;
    stored.forEach((path, n) => {
      const dump = runTool('dcmdump', ['+U8', '+P', 'PatientName', path]).output;
      expect(/\[(.*)\]/.exec(dump)?.[1]).toBe(names[n]);
    });
  });

  /** The fixture in Latin 1 as if it stated a set that nobody knows. */
  function ofUnknownSet(): string {
    const path = join(mkdtempSync(join(tmpdir(), 'hydrops-text-unknown-')), 'unknown.dcm');
    const text = readFileSync(join(folder, 'latin1')).toString('latin1');
    const changed = text.replace('ISO_IR 100', 'ISO_IR 999');
    expect(changed).not.toBe(text);
    writeFileSync(path, Buffer.from(changed, 'latin1'));
    return path;
  }

  test('of an unknown set, pydicom reads in our objects what could be read; an archive says so', async () => {
    const path = ofUnknownSet();
    const image = readDicomFile(Uint8Array.from(readFileSync(path)).buffer, path);
    expect(image.file.textProblems).toContain(
      '(0010,0010): character set "ISO_IR 999" is not known'
    );
    const mrc = testSeries(
      'MRC',
      testVolume((i, j, k) => i + j + k)
    );
    mrc.header.attributes = { ...mrc.header.attributes, ...image.header.attributes };
    const encode = () =>
      encodeSegmentation({
        mrc,
        labels: testLabels(),
        model: { name: 'Test network', version: '1', sha256: 'ab'.repeat(32) },
        created: new Date('2026-03-04T05:06:07Z'),
      });
    writeFileSync(`${path}.seg`, new Uint8Array(encode().file));
    const { output } = runTool(PYTHON, ['-W', 'ignore', SCRIPT, '--read', `${path}.seg`]);
    expect(JSON.parse(output.slice(output.indexOf('[')))).toEqual(['M?ller^Ana?s']);
    rmSync(`${path}.seg`);

    mrc.header.attributes['PatientID'] = 'AB\uFFFD12';
    expect(encode).toThrow(expect.objectContaining({ code: 'identifier-unreadable' }));

    const directory = mkdtempSync(join(tmpdir(), 'hydrops-text-archive-'));
    try {
      const { warnings } = await importDirectory(
        await InstanceStore.open(directory),
        dirname(path)
      );
      const words = warnings.map(({ message }) => message);
      expect(words).toContain(
        'Text of 1 file of series 1 "MRC" cannot be read in full: (0010,0010): character set "ISO_IR 999" is not known.'
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
      rmSync(dirname(path), { recursive: true });
    }
  });

  test('the archive takes them all and answers in Unicode', async () => {
    for (const key of Object.keys(expected)) rmSync(join(folder, `${key}.seg`), { force: true });
    const directory = mkdtempSync(join(tmpdir(), 'hydrops-text-archive-'));
    try {
      const store = await InstanceStore.open(directory);
      const report = await importDirectory(store, folder);
      expect(report.skipped).toEqual([]);
      const found = new Map<string, string>();
      for (const instance of store.list()) {
        const json = await store.metadata(instance);
        expect(json['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
        const { Value: codes = [] } = json['00081032'] ?? {};
        expect(codes[0]).toMatchObject({ '00080104': { Value: ['Cochlée gauche'] } });
        found.set(componentsOf(json['00100010']?.Value), String(json['00081030']?.Value?.[0]));
      }
      const wanted = Object.values(expected).map((e): [string, string] => [
        plain(e.name),
        e.description,
      ]);
      expect([...found].sort()).toEqual([...new Map(wanted)].sort());
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
