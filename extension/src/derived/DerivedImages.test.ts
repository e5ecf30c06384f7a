import type { Volume } from '@inner-ear-hydrops/core';
import type { DisplaySet, DisplaySetService, HostInstance } from '../host/types';
import { DerivedImages, type DerivedSeriesInput } from './DerivedImages';
import { RETIRED_FLAG } from '../host/displaySets';
import { symmetricWindow } from './window';

type Pixels = { voxelManager: { getScalarData(): Float32Array } };
type Loader = (imageId: string) => { promise: Promise<Pixels> };

/** Cornerstone's cache and loaders, as far as they are used. */
class FakeCornerstone {
  readonly cached = new Map<string, Pixels>();
  private loader: Loader | undefined;
  readonly imageLoader = {
    registerImageLoader: (_: string, loader: Loader) => {
      this.loader = loader;
    },
  };
  readonly metaData = { get: () => undefined, addProvider: () => {}, removeProvider: () => {} };
  readonly cache = {
    getImage: (imageId: string) => this.cached.get(imageId),
    getImageLoadObject: (imageId: string) => this.cached.get(imageId),
    removeImageLoadObject: (imageId: string) => void this.cached.delete(imageId),
  };
  readonly utilities = {
    VoxelManager: {
      createImageVoxelManager: ({ scalarData }: { scalarData: Float32Array }) => ({
        getScalarData: () => scalarData,
      }),
    },
  };

  async load(imageId: string): Promise<void> {
    const image = await this.loader?.(imageId).promise;
    if (image) this.cached.set(imageId, image);
  }
}

const heightOf = (instance: HostInstance) =>
  (instance['ImagePositionPatient'] as number[])[2] ?? NaN;

class FakeDisplaySets implements DisplaySetService {
  readonly EVENTS = {};
  readonly sets: DisplaySet[] = [];
  subscribe = () => ({ unsubscribe: () => {} });
  getActiveDisplaySets = () => this.sets;
  getDisplaySetByUID = (uid: string) => this.sets.find((set) => set.displaySetInstanceUID === uid);
  addDisplaySets = (...sets: DisplaySet[]) => sets;
  makeDisplaySets = (instances: HostInstance[]) => {
    const set: DisplaySet = {
      displaySetInstanceUID: `set-${this.sets.length}`,
      StudyInstanceUID: '1',
      SeriesInstanceUID: String(instances[0]?.SeriesInstanceUID),
      // As the host does with single images: by place, from below.
      instances: instances.sort((a, b) => heightOf(a) - heightOf(b)),
    };
    this.sets.push(set);
    return [set];
  };
  deleteDisplaySet = (uid: string) => {
    this.sets.splice(
      this.sets.findIndex((set) => set.displaySetInstanceUID === uid),
      1
    );
  };
}

const volume = (value: number, columns = 2): Volume => ({
  data: new Float32Array(columns * 2 * 2).fill(value),
  size: [columns, 2, 2],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

const input = (of: Volume, source = 'mrc', number = 1): DerivedSeriesInput => ({
  kind: 'hydrops-mi2',
  title: 'HYDROPS-Mi2',
  volume: of,
  window: symmetricWindow(of),
  source,
  instances: [0, 1].map((n) => ({
    SOPInstanceUID: `${source}.${n}`,
    SOPClassUID: '',
    SeriesInstanceUID: source,
    StudyInstanceUID: '1',
  })),
  imageIds: ['a', 'b'],
  shownImageIds: ['a', 'b'],
  seriesInstanceUid: `${source}.${number}`,
  seriesNumber: 9102,
  instanceNumbers: [1, 2, 3, 4, 5, 6, 7, 8],
  sopInstanceUid: (slice) => `${source}.${number}.${slice}`,
});

describe('HYDROPS-Mi2 in the viewer', () => {
  let cornerstone: FakeCornerstone;
  let displaySets: FakeDisplaySets;
  let derived: DerivedImages;
  const redraw = jest.fn();
  beforeEach(() => {
    cornerstone = new FakeCornerstone();
    (globalThis as Record<string, unknown>)['cornerstone'] = cornerstone;
    displaySets = new FakeDisplaySets();
    redraw.mockClear();
    derived = new DerivedImages(displaySets, redraw);
  });
  afterEach(() => {
    delete (globalThis as Record<string, unknown>)['cornerstone'];
  });

  it('keeps its display set for a further result, with the new values where the old were', async () => {
    const shown = derived.show(input(volume(-5)));
    const id = String(shown.instances?.[1]?.imageId);
    await cornerstone.load(id);
    const pixels = cornerstone.cached.get(id)?.voxelManager.getScalarData();
    expect([...(pixels ?? [])]).toEqual([-5, -5, -5, -5]);
    expect(derived.show(input(volume(7), 'mrc', 2))).toBe(shown);
    expect(displaySets.sets).toHaveLength(1);
    // What a volume or a viewport holds on to is the array.
    expect([...(pixels ?? [])]).toEqual([7, 7, 7, 7]);
    expect([...(redraw.mock.calls[0]?.[0] as Set<string>)]).toContain(id);
    // And what was not cached is read with the new values.
    const other = String(shown.instances?.[0]?.imageId);
    await cornerstone.load(other);
    expect(cornerstone.cached.get(other)?.voxelManager.getScalarData()[0]).toBe(7);
  });

  it('runs in the order in which the viewer shows MRC, whose frames may be stored from above', () => {
    const shownImageIds = ['b', 'a'];
    const shown = derived.show({ ...input(volume(1)), shownImageIds, instanceNumbers: [2, 1] });
    const images = shown.instances ?? [];
    expect(images.map(heightOf)).toEqual([1, 0]);
    expect(images.map((instance) => instance['InstanceNumber'])).toEqual([1, 2]);
  });

  it('takes a new display set for another MRC or grid; the old display set is hidden, not deleted', () => {
    const first = derived.show(input(volume(1)));
    const second = derived.show(input(volume(1), 'other'));
    const third = derived.show(input(volume(1, 3), 'other', 3));
    expect(derived.displaySet('hydrops-mi2')).toBe(third);
    for (const old of [first, second]) {
      expect(displaySets.sets).toContain(old);
      expect(old[RETIRED_FLAG]).toBe(true);
      expect(old.excludeFromThumbnailBrowser).toBe(true);
    }
  });

  it('gives a viewport the new window in place of an old window, never of the reader’s own', () => {
    derived.show(input(volume(100)));
    derived.show(input(volume(900), 'mrc', 2));
    expect(derived.windowInPlaceOf('hydrops-mi2', { lower: -100, upper: 99 })).toEqual({
      windowCenter: 0,
      windowWidth: 1800,
    });
    expect(derived.windowInPlaceOf('hydrops-mi2', { lower: -300, upper: 300 })).toBeNull();
    expect(derived.windowInPlaceOf('hydrops-mi2', { lower: -900, upper: 899 })).toBeNull();
    expect(derived.windowInPlaceOf('hydrops', { lower: -100, upper: 99 })).toBeNull();
  });

  it('a corrected series keeps its window, and is hidden where the next result has none', () => {
    const acquired = (uid: string): HostInstance => ({
      SOPInstanceUID: `${uid}.1`,
      SOPClassUID: '',
      SeriesInstanceUID: uid,
      StudyInstanceUID: '1',
    });
    const corrected = (uid: string, windowWidth: number): DerivedSeriesInput => ({
      ...input(volume(5)),
      kind: 'pei-corrected',
      title: 'PEI, motion corrected',
      acquired: acquired(uid),
      window: { windowCenter: windowWidth / 2, windowWidth },
    });
    const shown = derived.show(corrected('pei', 300));
    expect(shown.instances?.[0]?.['SeriesDescription']).toBe('PEI, motion corrected');
    expect(derived.show(corrected('pei', 900))).toBe(shown);
    expect(shown.instances?.map((instance) => instance['WindowWidth'])).toEqual([300, 300]);
    // Another series has the role now.
    const other = derived.show(corrected('other', 900));
    expect(other).not.toBe(shown);
    expect(shown[RETIRED_FLAG]).toBe(true);
    derived.hide('pei-corrected');
    expect(derived.displaySet('pei-corrected')).toBeNull();
    expect(other[RETIRED_FLAG]).toBe(true);
    expect(displaySets.sets).toContain(other);
  });

  it('frees its images when the mode is left, and leaves the display set to the host', async () => {
    const shown = derived.show(input(volume(1)));
    await cornerstone.load(String(shown.instances?.[0]?.imageId));
    derived.dispose();
    // A viewport may still name it: the host forgets it with the mode.
    expect(displaySets.sets).toEqual([shown]);
    expect(cornerstone.cached.size).toBe(0);
  });
});
