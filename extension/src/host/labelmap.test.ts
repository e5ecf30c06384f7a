import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { LabelVolume } from '@inner-ear-hydrops/core';
import { HydropsLabelmap } from './labelmap';
import type { DisplaySet, HostSegmentation, HostServices, HostViewport } from './types';

const LABELS: LabelVolume = {
  data: new Uint8Array(4),
  size: [2, 1, 2],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  segments: [...SEGMENTS],
};
const MRC: DisplaySet = {
  displaySetInstanceUID: 'mrc',
  StudyInstanceUID: '1',
  SeriesInstanceUID: '2',
};

/** A viewer with these viewports, by id and type, which has made a labelmap of two slices, and a volume of it. */
async function viewer(types: Record<string, string>) {
  const segmentation: HostSegmentation = {
    segmentationId: 'ours',
    representationData: { Labelmap: { imageIds: ['slice-1', 'slice-2'], volumeId: 'volume' } },
  };
  const chosen: Record<string, string> = {};
  const voxels = new Map(['slice-1', 'slice-2'].map((id) => [id, new Uint8Array(2)]));
  Object.assign(globalThis, {
    cornerstone: {
      cache: {
        getImage: (id: string) => ({
          referencedImageId: id.replace('slice', 'mrc'),
          voxelManager: { getScalarData: () => voxels.get(id) },
        }),
      },
    },
    cornerstoneTools: {
      segmentation: {
        activeSegmentation: {
          getActiveSegmentation: (id: string) => chosen[id] && { segmentationId: chosen[id] },
        },
        state: { getCurrentLabelmapImageIdForViewport: () => 'slice-1' },
        triggerSegmentationEvents: { triggerSegmentationDataModified: () => undefined },
      },
    },
  });
  const services = {
    segmentationService: {
      EVENTS: {},
      createLabelmapForDisplaySet: (_: DisplaySet, { segmentationId }: HostSegmentation) => {
        segmentation.segmentationId = segmentationId;
        return Promise.resolve(segmentationId);
      },
      subscribe: () => ({ unsubscribe: () => undefined }),
      getSegmentation: () => segmentation,
    },
    viewportGridService: {
      getState: () => ({
        viewports: new Map(Object.keys(types).map((viewportId) => [viewportId, { viewportId }])),
      }),
    },
    cornerstoneViewportService: {
      getCornerstoneViewport: (id: string) =>
        ({ id, type: types[id], getActors: () => [] }) as unknown as HostViewport,
    },
  } as unknown as HostServices;
  const ids = ['mrc-1', 'mrc-2'];
  const labelmap = await HydropsLabelmap.create(services, MRC, ids, LABELS, () => undefined);
  const volume = () => segmentation.representationData?.Labelmap?.volumeId;
  return { labelmap, chosen, volume };
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'cornerstone');
  Reflect.deleteProperty(globalThis, 'cornerstoneTools');
});

describe('HydropsLabelmap', () => {
  it('keeps stacks from becoming reformations, but leaves an open reformation its volume', async () => {
    const reformations = await viewer({ 'mpr-axial': 'orthographic', mrc: 'stack' });
    reformations.labelmap.stackFilled();
    expect(reformations.volume()).toBe('volume');
    const stacks = await viewer({ mrc: 'stack', ppi: 'stack' });
    stacks.labelmap.stackFilled();
    expect(stacks.volume()).toBeUndefined();
  });

  it('can be painted on a stack only where the viewer has laid it, and on reformations', async () => {
    const { labelmap, chosen } = await viewer({ mrc: 'stack', 'mpr-axial': 'orthographic' });
    expect(labelmap.canPaintOn('mrc', 'circle')).toBe(false);
    chosen['mrc'] = chosen['mpr-axial'] = labelmap.segmentationId;
    expect(labelmap.canPaintOn('mrc', 'circle')).toBe(false);
    expect(labelmap.canPaintOn('mpr-axial', 'circle')).toBe(true);
  });

  it("leaves painting in the reader's own segmentation to the viewer", async () => {
    const { labelmap, chosen } = await viewer({ ppi: 'stack' });
    chosen['ppi'] = 'another';
    expect(labelmap.canPaintOn('ppi', 'sphere')).toBe(true);
  });
});
