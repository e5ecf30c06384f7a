import type { HostSegmentation } from './types';
import { LentImages } from './lentImages';

const OWN = ['mrc-1', 'mrc-2'];

/** A segmentation as 3.13.2 keeps it. */
function segmentation() {
  const layer = { referencedImageIds: [...OWN] };
  const labelmap = { referencedImageIds: [...OWN], labelmaps: { first: layer } };
  const found: HostSegmentation = {
    segmentationId: 'ours',
    representationData: { Labelmap: labelmap },
  };
  return { found, layer, labelmap };
}

describe('LentImages', () => {
  it('lists images while they are needed, though viewports are added at the same time', async () => {
    const { found, layer, labelmap } = segmentation();
    const lent = new LentImages(() => found);
    const ends: (() => void)[] = [];
    const add = () => new Promise<void>((resolve) => ends.push(resolve));
    const ppi = lent.during(['ppi-1', 'ppi-2'], add);
    const pei = lent.during(['pei-1', 'pei-2'], add);
    // The same series in a second viewport.
    const again = lent.during(['pei-1', 'pei-2'], add);
    expect(layer.referencedImageIds).toEqual([...OWN, 'ppi-1', 'ppi-2', 'pei-1', 'pei-2']);
    // What the host does at an update in between.
    labelmap.referencedImageIds = layer.referencedImageIds;
    ends[1]?.();
    await pei;
    expect(layer.referencedImageIds).toEqual([...OWN, 'ppi-1', 'ppi-2', 'pei-1', 'pei-2']);
    ends[0]?.();
    await ppi;
    expect(layer.referencedImageIds).toEqual([...OWN, 'pei-1', 'pei-2']);
    ends[2]?.();
    await again;
    expect(layer.referencedImageIds).toEqual(OWN);
    expect(labelmap.referencedImageIds).toEqual(OWN);
  });

  it('takes them back when the labelmap could not be added', async () => {
    const { found, layer } = segmentation();
    const lent = new LentImages(() => found);
    await expect(lent.during(['ppi-1'], () => Promise.reject(new Error('closed')))).rejects.toThrow(
      'closed'
    );
    expect(layer.referencedImageIds).toEqual(OWN);
  });

  it('leaves hosts without layers as they are', async () => {
    const Labelmap = { imageIds: ['seg-1'], referencedImageIds: OWN };
    const found: HostSegmentation = { segmentationId: 'ours', representationData: { Labelmap } };
    await new LentImages(() => found).during(['ppi-1'], () => Promise.resolve());
    expect(Labelmap).toEqual({ imageIds: ['seg-1'], referencedImageIds: OWN });
  });
});
