import { SOFTWARE_NAME } from '@inner-ear-hydrops/core/dicom';
import { DERIVED_KIND } from '../host/displaySets';
import type { DisplaySet, DisplaySetService } from '../host/types';
import { PLACEHOLDER_HANDLER } from '../id';
import { HydropsService } from '../state/HydropsService';
import { findStoredResults } from './storedResults';
import { StudyList, type StudyListParts } from './StudyList';

const STUDY = '1.2.3';

/** An MR series as the host's stack handler hands it over. */
function series(name: string, attributes: Record<string, unknown> = {}): DisplaySet {
  const uid = `1.2.3.${name.length}`;
  const instances = Array.from({ length: 20 }, (_, slice) => ({
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: uid,
    SOPInstanceUID: `${uid}.${slice}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Modality: 'MR',
    SeriesDescription: name,
    ImagePositionPatient: [0, 0, slice],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.5, 0.5],
    ...attributes,
  }));
  return {
    displaySetInstanceUID: name,
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: uid,
    SeriesDescription: name,
    Modality: 'MR',
    instances,
  };
}
const MRC = () => series('T2 CISS cisternography', { EchoTime: 540 });
const PPI = () => series('hT2w 3D FLAIR PPI', { InversionTime: 2250, EchoTime: 540 });

const RESULT: DisplaySet = {
  displaySetInstanceUID: 'seg',
  StudyInstanceUID: STUDY,
  SeriesInstanceUID: '1.9',
  Modality: 'SEG',
  instance: {
    SOPInstanceUID: '1.9.1',
    SOPClassUID: '',
    SeriesInstanceUID: '1.9',
    StudyInstanceUID: STUDY,
    ContentLabel: 'EH_ORGANS',
    SeriesDescription: 'EH segmentation',
  },
};

class DisplaySets implements DisplaySetService {
  readonly EVENTS = { DISPLAY_SETS_ADDED: 'added' };
  readonly sets: DisplaySet[] = [];
  private readonly told = new Set<(event: Record<string, unknown>) => void>();
  subscribe: DisplaySetService['subscribe'] = (_, told) => {
    this.told.add(told);
    return { unsubscribe: () => void this.told.delete(told) };
  };
  getActiveDisplaySets = () => [...this.sets];
  getDisplaySetByUID = (uid: string) => this.sets.find((set) => set.displaySetInstanceUID === uid);
  addDisplaySets = (...sets: DisplaySet[]) => {
    this.sets.push(...sets);
    for (const tell of this.told) tell({});
    return sets;
  };
  makeDisplaySets = () => undefined;
  deleteDisplaySet = () => undefined;
}

function listing(...sets: DisplaySet[]) {
  const displaySetService = new DisplaySets();
  displaySetService.sets.push(...sets);
  const store = new HydropsService({ runCommand: () => undefined });
  const told = { onStudy: jest.fn(), onStored: jest.fn(), onRoles: jest.fn() };
  const parts: StudyListParts = {
    displaySetService,
    store,
    roleRules: null,
    placeholder: () => ({
      ...series('place'),
      SOPClassHandlerId: PLACEHOLDER_HANDLER,
      instances: [],
    }),
    ...told,
  };
  const list = new StudyList(parts);
  return { list, store, displaySetService, end: list.begin(), ...told };
}

it('lists series and roles as the display sets come, and the empty place of HYDROPS-Mi2 once', () => {
  const { list, store, displaySetService, onStudy } = listing(MRC());
  expect(store.getState().roles).toEqual({
    mrc: MRC().displaySetInstanceUID,
    ppi: null,
    pei: null,
  });
  expect(onStudy).toHaveBeenCalledWith(STUDY);
  const ppi = PPI();
  displaySetService.addDisplaySets(ppi);
  expect(store.getState().roles.ppi).toBe(ppi.displaySetInstanceUID);
  expect(list.displaySetOf('ppi')).toBe(ppi);
  expect(onStudy).toHaveBeenCalledTimes(1);
  const places = displaySetService.sets.filter((set) => set.SOPClassHandlerId);
  expect(places).toHaveLength(1);
});

it('a question of the hanging protocol is answered for the series of the moment and publishes nothing', () => {
  const { list, store, displaySetService } = listing(MRC());
  const told = jest.fn();
  store.subscribe(told);
  const before = store.getState();
  const ppi = PPI();
  // In the same turn, before anyone has been told of it.
  displaySetService.sets.push(ppi);
  expect(list.roleOf(ppi)).toBe('ppi');
  expect(told).not.toHaveBeenCalled();
  expect(store.getState()).toBe(before);
  expect(displaySetService.sets).toHaveLength(3);
});

it('the role that the reader gives holds, until it is given back', () => {
  const other = series('SPACE', { EchoTime: 540 });
  const { list, store, onRoles } = listing(MRC(), other);
  list.setRole('SPACE', 'mrc');
  expect(store.getState().roles.mrc).toBe('SPACE');
  expect(store.getState().automaticRoles.mrc).toBe(MRC().displaySetInstanceUID);
  list.resetRole('mrc');
  expect(store.getState().roles.mrc).toBe(MRC().displaySetInstanceUID);
  // The places of the layout follow.
  expect(onRoles).toHaveBeenCalledTimes(2);
});

it('gives the images of each inversion time of one series a role of their own', () => {
  const both = series('hT2w 3D', { EchoTime: 540 });
  both.instances?.forEach((instance, n) =>
    Object.assign(instance, { InversionTime: n % 2 ? 1500 : 1700 })
  );
  const { list, store } = listing(MRC(), both);
  expect(store.getState().series[1]?.inversionTimes).toEqual([1500, 1700]);
  list.setRole('hT2w 3D', 'ppi', 1700);
  list.setRole('hT2w 3D', 'pei', 1500);
  expect(store.getState()).toMatchObject({
    roles: { ppi: 'hT2w 3D', pei: 'hT2w 3D' },
    inversionTimes: { ppi: 1700, pei: 1500 },
  });
  // One image has one role.
  list.setRole('hT2w 3D', 'ppi', 1500);
  expect(store.getState().roles).toMatchObject({ ppi: 'hT2w 3D', pei: null });
  list.resetRole('ppi');
  expect(store.getState()).toMatchObject({ roles: { ppi: null }, inversionTimes: {} });
});

it('tells once that a study has stored results', () => {
  const { store, displaySetService, onStored } = listing(MRC());
  expect(onStored).not.toHaveBeenCalled();
  displaySetService.addDisplaySets(RESULT);
  displaySetService.addDisplaySets(PPI());
  expect(store.getState().storedResults).toHaveLength(1);
  expect(onStored).toHaveBeenCalledTimes(1);
});

it('lists a derived image once where the archive holds it too, and never as a series with a role', () => {
  const made = { ...MRC(), displaySetInstanceUID: 'made', [DERIVED_KIND]: 'hydrops-mi2' };
  const ofArchive = { ImageType: ['DERIVED', 'SECONDARY'], Manufacturer: SOFTWARE_NAME };
  const stored = series('HYDROPS-Mi2', ofArchive);
  const { store } = listing(MRC(), { ...made, isHydropsResult: true }, stored);
  expect(store.getState().series).toHaveLength(1);
  const { displaySetService } = listing(MRC(), made, stored);
  expect(displaySetService.getDisplaySetByUID('made')?.excludeFromThumbnailBrowser).toBe(true);
});

it('lists nothing after the mode is left', () => {
  const { list, store, displaySetService, end } = listing(MRC());
  end();
  displaySetService.addDisplaySets(PPI());
  list.refresh();
  expect(store.getState().roles.ppi).toBeNull();
});

it.each([
  ['EH segmentation, automatic (research use)', ['SEMIAUTOMATIC'], 'automatic'],
  // The reader's choices are no edit of a region.
  ['EH segmentation, choices edited (research use)', ['AUTOMATIC'], 'choices edited'],
  ['EH segmentation, edited (research use)', ['AUTOMATIC', 'SEMIAUTOMATIC'], 'edited'],
  ['EH segmentation, drawn (research use)', ['MANUAL'], 'drawn'],
  // An archive has put its own description there.
  ['SEG', ['AUTOMATIC', 'SEMIAUTOMATIC'], 'edited'],
  ['SEG', ['AUTOMATIC', 'AUTOMATIC'], 'automatic'],
])('a stored result described as %s with segments %s is listed as %s', (name, types, origin) => {
  const instance = {
    ...RESULT.instance!,
    SeriesDescription: name,
    SegmentSequence: types.map((SegmentAlgorithmType) => ({ SegmentAlgorithmType })),
  };
  expect(findStoredResults([{ ...RESULT, instance }])).toMatchObject([{ origin }]);
});
