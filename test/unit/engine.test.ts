import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_METHOD,
  RefusedInputError,
  analyzeStudy,
  assembleSeries,
  logTo,
  firstItems,
  wishFor,
} from '@inner-ear-hydrops/core';
import {
  encodeResult,
  readSeries as collectSeries,
  RESULT_PARTS,
  type EncodedPart,
} from '@inner-ear-hydrops/core/dicom';
import { leaks, LOG_LINE } from '../support/debugLog';
import { type ImageSource } from '../../extension/src/study/readSeries';
import type { DisplaySet, HostInstance } from '../../extension/src/host/types';
import { loadStudy } from '../../tools/src/compute/loadStudy';

import {
  datasets,
  disposeClients,
  displaySets,
  files,
  GRID,
  ROLES,
  segmenter,
  setUp,
  VOLUMES,
} from '../support/loopbackEngine';

// Motion is searched for real, which takes a second or two a study.
jest.setTimeout(60_000);

afterEach(disposeClients);

const created = new Date(2026, 2, 4, 5, 6, 7);
const sameParts = (a: EncodedPart[], b: EncodedPart[]) => {
  expect(a.map(({ part, objects }) => [part, objects.length])).toEqual(
    b.map(({ part, objects }) => [part, objects.length])
  );
  a.forEach(({ objects }, index) =>
    objects.forEach(({ file }, k) =>
      expect(Buffer.from(file).equals(Buffer.from(b[index]!.objects[k]!.file))).toBe(true)
    )
  );
};

it('hands stored files to the worker, each once, and knows which image of the host each slice is', async () => {
  const { asked, readAll } = setUp();
  const read = await readAll();
  await readAll();
  expect(asked).toHaveLength(24);
  const uids = read.mrc.series.sources.map(({ sopInstanceUid }) => `wadors:${sopInstanceUid}`);
  expect(read.mrc.imageIds).toEqual(uids);
  expect(read.mrc.series.geometry.size).toEqual(GRID.size);
  expect(read.mrc.series.header.attributes['PatientID']).toBe('ENGINE');
});

it('measures again what the reader has changed, and encodes it', async () => {
  const { compute } = setUp();
  const { held, labels, measurement, images, backend } = await compute();
  expect(images.hydropsMi2.data).toHaveLength(labels.data.length);
  const again = await held.measure(labels, {}, {});
  expect(again.ears).toEqual(measurement.ears);
  const fewer = { ...labels, data: labels.data.map((value, n) => (n % 3 === 0 ? 0 : value)) };
  const edited = await held.measure(fewer, {}, {});
  expect(edited.ears.left?.cochlea?.volume.totalVoxels).toBeLessThan(
    measurement.ears.left?.cochlea?.volume.totalVoxels ?? 0
  );
  const request = { labels: fewer, measurement: edited, backend, created };
  const encoded = await held.encode({ ...request, parts: ['hydrops-mi2', 'segmentation'] });
  expect(encoded.map(({ objects }) => objects.length)).toEqual([1, 8]);
});

it('tells its steps in the debug log, and nothing of what was read', async () => {
  const lines: string[] = [];
  logTo((line) => lines.push(line));
  try {
    const { compute } = setUp();
    const { held, labels, measurement, backend } = await compute();
    await held.encode({ labels, measurement, backend, created, parts: ['segmentation'] });
    const quoting = `${files.keys().next().value} of Phantom^Engine is not there`;
    const retrieveInstance = () => Promise.reject(new Error(quoting));
    const broken = setUp({ client: () => ({ retrieveInstance }) });
    await expect(broken.readAll()).rejects.toThrow();
  } finally {
    logTo(null);
  }
  for (const step of ['read series', 'engine compute', 'stage measure', 'engine encode']) {
    expect(lines.join('\n')).toContain(` ${step}: `);
  }
  expect(lines.filter((line) => !LOG_LINE.test(line))).toEqual([]);
  expect(lines.filter((line) => line.includes('read series: failed')).length).toBeGreaterThan(0);
  expect(leaks(lines.join('\n'), datasets)).toEqual([]);
  expect(leaks('series 2.25.11 of Engine', datasets).sort()).toEqual(['2.25.11', 'Engine']);
});

it('gives the objects that core makes of the same files, to the last byte', async () => {
  const { compute } = setUp();
  const { held, labels, measurement, backend, ears } = await compute();
  const request = { labels, measurement, backend, created };
  const found = await held.encode({ ...request, parts: [...RESULT_PARTS] });

  const named = [...files].map(([name, buffer]) => ({ name, buffer }));
  const { series } = await collectSeries(named.reverse());
  const [mrc, ppi, pei] = firstItems(
    [...series.values()]
      .sort((a, b) => Number(a.header.seriesNumber) - Number(b.header.seriesNumber))
      .map(({ header, slices }) => assembleSeries(header, slices).series),
    3
  );
  const { prepared } = await analyzeStudy({ mrc, ppi, pei }, segmenter);
  const expected = encodeResult(
    {
      ...request,
      series: { mrc, ppi, pei },
      prepared,
      ears,
      absent: [],
      model: segmenter.identity,
    },
    RESULT_PARTS
  );
  sameParts(found, expected);
});

/** A file whose patient's name ends in a byte that its character set does not have. */
function withUnreadableName(file: ArrayBuffer): ArrayBuffer {
  const text = Buffer.from(file).toString('latin1');
  const changed = text.replace('Phantom^Engine', 'Phantom^Engin\xe9');
  expect(changed).not.toBe(text);
  return Uint8Array.from(Buffer.from(changed, 'latin1')).buffer;
}

it('gives the warnings of reading that the command line gives', async () => {
  const unreadable = new Map(
    [...files].map(([uid, file], n) => [uid, n % 5 === 0 ? withUnreadableName(file) : file])
  );
  const { readAll } = setUp({
    client: () => ({
      retrieveInstance: async ({ sopInstanceUID }) =>
        (unreadable.get(sopInstanceUID) as ArrayBuffer).slice(0),
    }),
  });
  const read = await readAll();
  const shown = ROLES.flatMap((role) => read[role].warnings);
  const folder = mkdtempSync(join(tmpdir(), 'hydrops-engine-'));
  try {
    for (const [uid, file] of unreadable) writeFileSync(join(folder, uid), new Uint8Array(file));
    const roles = Object.fromEntries(
      ROLES.map((role) => [role, read[role].series.header.seriesInstanceUid])
    );
    const { warnings } = await loadStudy([folder], { roles, method: 'hydrops-mi2' });
    expect(shown).toEqual(warnings);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(shown.map(({ code, values }) => [code, values?.files])).toEqual([
    ['text-unreadable', 2],
    ['text-unreadable', 2],
    ['text-unreadable', 1],
  ]);
  expect(shown[0]!.message).toBe(
    'Text of 2 files of series 1 "MRC" cannot be read in full: (0010,0010): it has bytes that character set "ISO_IR 192" does not define.'
  );
});

/** The same image as another object of its series, with other bytes of equal length at some places. */
function altered(file: ArrayBuffer, changes: [string, string][]): ArrayBuffer {
  let text = Buffer.from(file).toString('latin1');
  for (const [from, to] of changes) {
    expect(to).toHaveLength(from.length);
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  return Uint8Array.from(Buffer.from(text, 'latin1')).buffer;
}

it('of magnitude and phase, a screen capture and a damaged copy, takes what the command line takes, in the same words', async () => {
  const all = new Map(files);
  const { instances = [], ...displaySet } = displaySets.get('ppi') as DisplaySet;
  const more: HostInstance[] = [];
  for (const [k, instance] of instances.entries()) {
    const uid = instance.SOPInstanceUID;
    const file = files.get(uid) as ArrayBuffer;
    const copy = (name: string, changes: [string, string][], end = file.byteLength) => {
      const other = uid.slice(0, -3) + name + uid.slice(-2);
      all.set(other, altered(file, [[uid, other], ...changes]).slice(0, end));
      more.push({ ...instance, SOPInstanceUID: other, imageId: `wadors:${other}` });
    };
    copy(uid.at(-3) === '1' ? '2' : '1', [['PRIMARY\\M\\ND', 'PRIMARY\\P\\ND']]);
    if (k === 5) copy(uid.at(-3) === '5' ? '6' : '5', [['4.1.1.4', '4.1.1.7']]);
    // Stored twice, once cut short: the volume is whole without it.
    if (k === 3) copy(uid.at(-3) === '3' ? '4' : '3', [], file.byteLength - 9);
  }
  displaySets.set('mixed', { ...displaySet, instances: [...more, ...instances] });
  const retrieveInstance = async ({ sopInstanceUID }: { sopInstanceUID: string }) =>
    (all.get(sopInstanceUID) as ArrayBuffer).slice(0);
  const { engine } = setUp({ client: () => ({ retrieveInstance }) });
  const shown = await engine.readSeries('mixed', wishFor('ppi', DEFAULT_METHOD));
  const expected = instances.map(({ SOPInstanceUID }) => SOPInstanceUID);
  expect(shown.instances.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual(expected);

  const folder = mkdtempSync(join(tmpdir(), 'hydrops-engine-'));
  try {
    // The page names a file by its instance, the command line by its path.
    for (const [uid, file] of all) writeFileSync(join(folder, uid), new Uint8Array(file));
    const { series, warnings } = await loadStudy([folder], { roles: {}, method: 'hydrops-mi2' });
    expect(series.ppi?.sources).toEqual(shown.series.sources);
    expect(series.ppi?.header).toEqual(shown.series.header);
    const read = warnings.map(({ message, ...rest }) => ({
      ...rest,
      message: message.replaceAll(`${folder}/`, ''),
    }));
    expect(shown.warnings).toEqual(read);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(shown.warnings.map(({ code }) => code)).toEqual(['files-unreadable', 'images-left-out']);
  expect(shown.warnings[0]!.message).toMatch(
    /^1 file of series 2 "PPI" could not be used; the volume/
  );
  expect(shown.warnings[1]!.message).toContain(
    '9 other images were left out: 1 screen capture, SOP Class UID (0008,0016) 1.2.840.10008.5.1.4.1.1.7; 8 phase images'
  );
});

it('a worker that died is replaced: series and study are made again, and what is stored is the same', async () => {
  const { compute, workers, asked } = setUp();
  const { held, labels, measurement, backend } = await compute();
  const request = { labels, measurement, backend, created };
  const before = await held.encode({ ...request, parts: ['hydrops', 'segmentation', 'report'] });
  workers[0]!.die();
  const after = await held.encode({ ...request, parts: ['hydrops', 'segmentation', 'report'] });
  expect(workers).toHaveLength(2);
  expect(asked).toHaveLength(48);
  sameParts(before, after);
  expect((await held.measure(labels, {}, {})).ears).toEqual(measurement.ears);
});

it('opens a stored segmentation with the numbers that it was stored with', async () => {
  const { compute, engine, readAll } = setUp();
  const { held, labels, measurement, backend } = await compute();
  const [{ objects }] = firstItems(
    await held.encode({
      labels,
      measurement,
      backend,
      created,
      reader: 'Reader^Test',
      parts: ['segmentation'],
    }),
    1
  );
  const read = await readAll();
  const { file } = firstItems(objects, 1)[0];
  expect(await engine.storedMethod(read.mrc, file)).toBe('hydrops-mi2');
  const signal = new AbortController().signal;
  const restored = await engine.restore(read, 'hydrops-mi2', { file }, signal);
  expect(restored.labels.data).toEqual(labels.data);
  expect(restored.measurement.ears).toEqual(measurement.ears);
  expect(restored).toMatchObject({ reader: 'Reader^Test', edited: false });
});

it('a source without stored bytes gives its pixels where they are exact, and is refused where not', async () => {
  const pixelsOf = (imageId: string) => {
    for (const role of ROLES) {
      const k = displaySets
        .get(role)
        ?.instances?.findIndex((instance) => instance.imageId === imageId);
      if (k === undefined || k < 0) continue;
      return VOLUMES[role].data.slice(k * 1280, (k + 1) * 1280).map(Math.round);
    }
    throw new Error(imageId);
  };
  const load: ImageSource['load'] = async (imageId) => ({
    slope: 1,
    intercept: 0,
    preScale: { scaled: true },
    getPixelData: () => pixelsOf(imageId),
  });
  const instances = displaySets.get('mrc')?.instances ?? [];
  const slopes = instances.map((instance) => instance['RescaleSlope']);
  const { engine } = setUp({ client: () => null, load });
  try {
    for (const instance of instances) instance['RescaleSlope'] = 1;
    const read = await engine.readSeries('mrc', wishFor('mrc', DEFAULT_METHOD));
    expect(read.series.geometry.size).toEqual(GRID.size);
    const gone = setUp({
      client: () => ({
        retrieveInstance: () => Promise.reject(Object.assign(new Error(), { status: 404 })),
      }),
      load,
    });
    for (const instance of instances) instance['RescaleSlope'] = 0.1;
    const refused = gone.engine.readSeries('mrc', wishFor('mrc', DEFAULT_METHOD));
    await expect(refused).rejects.toBeInstanceOf(RefusedInputError);
    await expect(refused).rejects.toMatchObject({ code: 'stored-values-unavailable' });
  } finally {
    instances.forEach((instance, k) => (instance['RescaleSlope'] = slopes[k]));
  }
});

it('an image other than the requested image is refused by name', async () => {
  const [wrong] = firstItems(files.values(), 1);
  const { engine } = setUp({ client: () => ({ retrieveInstance: async () => wrong.slice(0) }) });
  await expect(engine.readSeries('ppi', wishFor('ppi', DEFAULT_METHOD))).rejects.toMatchObject({
    code: 'instance-mistaken',
  });
});
