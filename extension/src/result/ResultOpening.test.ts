import { AUTOMATIC_CHOICES, RefusedInputError, type Warning } from '@inner-ear-hydrops/core';
import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { DONE, MEASUREMENT, STORED } from '../../test/testState';
import { NO_FINDINGS } from '../state/findingFields';
import { segmentAssigned } from '../state/transitions';
import type { RestoredStudy } from '../worker';
import type { OpenResultInput } from './resultParts';
import { ResultOpening, type ResultOpeningParts } from './ResultOpening';
import { input, labels, openStudy, read } from '../../test/testStudy';
import { Work } from './Work';

// What goes wrong is told to whoever looks after the viewer, too.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

const FILE = new ArrayBuffer(8);
const LEFT_EAR = { side: 'left', center: [1, 2, 3] } as const;
const { prepared: images } = input();
const REPEATED: Warning = { code: 'series-repeated', message: 'Twice.', ear: null };

function restored(change: Partial<RestoredStudy> = {}): RestoredStudy {
  return {
    study: 1,
    images,
    labels: labels(),
    context: { model: MEASUREMENT.model, ears: [LEFT_EAR] },
    measurement: {
      ...MEASUREMENT,
      choices: {
        ...AUTOMATIC_CHOICES,
        ears: { left: 'reader', right: 'automatic' },
        automatic: { series: {}, ears: { left: [4, 5, 6] } },
      },
      earPositions: { left: [1, 2, 3], right: [-1, 2, 3] },
    },
    backend: 'wasm',
    edited: true,
    created: new Date(2026, 4, 4),
    slices: { left: { cochlea: 24 } },
    findings: null,
    reader: null,
    ...change,
  } as Partial<RestoredStudy> as RestoredStudy;
}

function opening(study = restored(), change: Partial<ResultOpeningParts> = {}) {
  const store = openStudy({ storedResults: STORED });
  const opened: OpenResultInput[] = [];
  const roles: (readonly string[])[] = [];
  const fetched: unknown[] = [];
  const adopt = jest.fn();
  const made = new ResultOpening({
    store,
    work: new Work({ store, hasResult: () => opened.length > 0 }),
    archive: {
      fetch: async (uids) => {
        fetched.push(uids);
        return FILE;
      },
    },
    engine: {
      storedMethod: async () => 'real-ir',
      restore: async () => ({ ...study, held: input().held }),
    },
    read: async (wanted) => {
      roles.push(wanted);
      return { mrc: read };
    },
    roleWarnings: () => [REPEATED],
    roles: () => DONE.roles,
    inversionTimes: () => ({}),
    kept: {
      read: async (id) =>
        id === 'draft seg'
          ? {
              result: {},
              parts: [{ part: 'segmentation', objects: [{ file: FILE } as EncodedObject] }],
            }
          : null,
      adopt,
    },
    result: {
      open: async (result, { before }) => {
        if (before) store.apply(before);
        opened.push(result);
      },
    },
    reader: 'Site^Reader',
    ...change,
  });
  return { opening: made, store, opened, roles, fetched, adopt };
}

it('the newest stored result is opened, measured as it was, and counts as saved', async () => {
  const { opening: stored, store, opened, roles, fetched } = opening();
  await stored.loadStored({});
  expect(fetched).toEqual([
    { studyInstanceUID: '1.2', seriesInstanceUID: '1.2.9', sopInstanceUID: '1.2.9.1' },
  ]);
  // Method and series are those of the stored result.
  expect(roles).toEqual([['mrc'], ['mrc', 'ppi']]);
  expect(opened[0]).toMatchObject({
    edited: true,
    representativeSlices: { left: { cochlea: 24 } },
    measuredWith: { method: 'real-ir', earCenters: { left: [1, 2, 3] } },
  });
  expect(store.getState()).toMatchObject({
    status: 'ready',
    method: 'real-ir',
    earCenters: { left: [1, 2, 3] },
    // The panel shows them beside the reader's.
    foundEars: { left: [4, 5, 6], right: [-1, 2, 3] },
    save: { status: 'saved', message: `Restored from the archive: ${STORED[0]?.label}` },
    shownStored: '1.2.9.1',
  });
});

it('the reader’s findings come with it; where nobody has stated any, the site’s name for the reader', async () => {
  const findings = { ...NO_FINDINGS, reader: 'A^B', impression: 'Hydrops' };
  const first = opening(restored({ findings: findings as never }));
  await first.opening.loadStored({});
  expect(first.store.getState().findings).toEqual(findings);
  const second = opening();
  await second.opening.loadStored({});
  expect(second.store.getState().findings).toEqual({ ...NO_FINDINGS, reader: 'Site^Reader' });
  const third = opening(restored({ reader: 'Only^Name' }));
  await third.opening.loadStored({});
  expect(third.store.getState().findings.reader).toBe('Only^Name');
});

it('a result of no software of ours is measured by the method that is set, and is not saved', async () => {
  const {
    opening: foreign,
    store,
    opened,
  } = opening(restored(), {
    engine: {
      storedMethod: async () => null,
      restore: async () => ({ ...restored(), held: input().held }),
    },
  });
  const segmentation = { seriesInstanceUid: '1.9', sopInstanceUid: '1.9.1', label: 'Other' };
  await foreign.useAsRoi(segmentation);
  expect(opened[0]?.measuredWith.method).toBe(DONE.method);
  expect(store.getState().save.status).toBe('none');
});

it('segments are measured as the organs that the reader took them for', async () => {
  const asked: unknown[] = [];
  const { opening: foreign, store } = opening(restored(), {
    engine: {
      storedMethod: async (_mrc, _file, assigned) => {
        asked.push(assigned);
        return null;
      },
      restore: async (_read, _method, { assigned }) => {
        asked.push(assigned);
        return { ...restored(), held: input().held };
      },
    },
  });
  store.apply(segmentAssigned({ '1.9.1': { 4: 2 }, '1.9.2': { 1: 1 } }));
  await foreign.useAsRoi({ seriesInstanceUid: '1.9', sopInstanceUid: '1.9.1', label: 'Other' });
  expect(asked).toEqual([{ 4: 2 }, { 4: 2 }]);
});

it('a region of other software is measured with what was found in the series, and with who chose them', async () => {
  const asked: unknown[] = [];
  const ofMrc: Warning = { code: 'images-left-out', message: 'Phase images.', ear: null };
  const { opening: foreign, store } = opening(restored(), {
    engine: {
      storedMethod: async () => null,
      restore: async (_read, _method, { warnings, choices }) => {
        asked.push({ warnings, choices });
        return { ...restored(), held: input().held };
      },
    },
    read: async () => ({ mrc: { ...read, warnings: [ofMrc] } }),
  });
  store.apply(() => ({
    roles: { mrc: 'a', ppi: 'b', pei: 'c' },
    automaticRoles: { mrc: 'a', ppi: 'd', pei: 'c' },
    earCenters: { left: [1, 2, 3] },
  }));
  await foreign.useAsRoi({ seriesInstanceUid: '1.9', sopInstanceUid: '1.9.1', label: 'Other' });
  expect(asked).toEqual([
    {
      warnings: [REPEATED, ofMrc],
      choices: {
        method: 'automatic',
        roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
        // Where the reader had the network look plays no part.
        ears: { left: 'automatic', right: 'automatic' },
        automatic: { series: { ppi: null }, ears: {} },
      },
    },
  ]);
});

it('what this browser keeps is opened, and offered no more', async () => {
  const { opening: kept, opened, adopt, store } = opening();
  await kept.restoreUnsaved('draft seg');
  expect(opened).toHaveLength(1);
  expect(adopt).toHaveBeenCalledWith('draft seg');
  await kept.restoreUnsaved('draft other');
  expect(store.getState().problem?.code).toBe('not-kept');
});

it('findings that were typed after the kept file was made come with it', async () => {
  const findings = { ...NO_FINDINGS, impression: 'To the last letter' };
  const file = { part: 'segmentation' as const, objects: [{ file: FILE } as EncodedObject] };
  const { opening: kept, store } = opening(
    restored({ findings: { ...NO_FINDINGS, impression: 'To' } as never }),
    { kept: { read: async () => ({ result: { findings }, parts: [file] }), adopt: jest.fn() } }
  );
  await kept.restoreUnsaved('draft seg');
  expect(store.getState().findings).toEqual(findings);
});

it('a file that does not open leaves the result and findings on the screen as they are', async () => {
  const refusal = new RefusedInputError('archive-not-found', 'Gone.', 'Reload.');
  const {
    opening: lost,
    store,
    opened,
  } = opening(restored(), {
    archive: { fetch: () => Promise.reject(refusal) },
  });
  await lost.loadStored({});
  expect(store.getState()).toMatchObject({
    problem: { code: 'archive-not-found', retry: 'loadHydropsResults' },
    status: 'idle',
    findings: DONE.findings,
  });
  expect(opened).toEqual([]);
});

it('Retry opens what failed to open, not the newest stored result', async () => {
  const archive = { fetch: () => Promise.reject(new Error('no route')) };
  const { opening: lost, store } = opening(restored(), { archive });
  const again = () => {
    const { retry, retryOptions } = store.getState().problem ?? {};
    return [retry, retryOptions];
  };
  const uids = { seriesInstanceUid: '1.2.9', sopInstanceUid: '1.2.9.1' };
  await lost.loadStored(uids);
  expect(again()).toEqual(['loadHydropsResults', uids]);
  await lost.useAsRoi({ ...uids, label: 'Other' });
  expect(again()).toEqual(['useSegmentationAsRoi', { ...uids, label: 'Other' }]);
  // What this browser does not keep any more cannot be opened by trying again.
  await lost.restoreUnsaved('draft other');
  expect(store.getState().problem).toMatchObject({ code: 'not-kept', retry: null });
});

it('says so where the archive holds no result', async () => {
  const { opening: none, store } = opening();
  store.apply(() => ({ storedResults: [] }));
  await none.loadStored({});
  expect(store.getState().problem?.code).toBe('no-result');
});

it('a result that cannot be shown leaves the reader’s findings and method as they are', async () => {
  const findings = { ...NO_FINDINGS, impression: 'Mine' };
  const { opening: stored, store } = opening(restored({ findings: NO_FINDINGS as never }), {
    result: { open: () => Promise.reject(new Error('no room')) },
  });
  store.apply(() => ({ findings }));
  await stored.loadStored({});
  expect(store.getState()).toMatchObject({ findings, method: DONE.method });
});

it('a role that the reader changes while a result is opened makes that result out of date', async () => {
  let roles = DONE.roles;
  const { opening: stored, opened } = opening(restored(), {
    roles: () => roles,
    read: async (wanted) => {
      if (wanted.length > 1) roles = { ...DONE.roles, ppi: 'another' };
      return { mrc: read };
    },
  });
  await stored.loadStored({});
  expect(opened[0]?.measuredWith.roles).toEqual(DONE.roles);
});
