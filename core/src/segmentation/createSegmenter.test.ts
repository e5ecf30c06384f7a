import * as tf from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createCase, simulateMrc } from '@inner-ear-hydrops/phantom';
import type { Segmenter } from '../study';
import { openModel } from '../model';
import { RIGHT_EAR_OFFSET, type RefusedInputError, type Vector3, type Volume } from '../types';
import { createSegmenter } from './createSegmenter';
import { createTfjsEngine } from './tfjsEngine';

const folder = path.join(__dirname, '../../../models/inner-ear-unet');
const wasmPath = path.join(
  path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'dist/'
);

async function read(file: string): Promise<ArrayBuffer> {
  return Uint8Array.from(await readFile(path.join(folder, file))).buffer;
}

// A seed that was not trained on. The image ends 30 mm before and behind the ears, as a small field
// of view does, which also keeps the test short.
const phantom = createCase(1_000_100, { difficulty: 0.5, position: [6, 0, 0] });
const spacing: Vector3 = [0.5, 0.5, 1];
const study = simulateMrc(phantom, {
  size: [220, 120, 24],
  spacing,
  origin: [-54.75, -29.75, -11.5],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
const [columns, rows, slices] = study.mrc.size;
let segmenter: Segmenter & { dispose(): void };

beforeAll(async () => {
  segmenter = await createSegmenter(await openModel(read), { backend: 'wasm', wasmPath });
});
afterAll(() => segmenter.dispose());

function dice(found: Uint8Array, code: number): number {
  let [both, sum] = [0, 0];
  study.anatomy.forEach((truth, voxel) => {
    if (truth === code) sum++;
    if (found[voxel] === code) sum++;
    if (truth === code && found[voxel] === code) both++;
  });
  return (2 * both) / sum;
}

describe('the shipped model', () => {
  it('is as confident of an ear on other pixels as on its own', async () => {
    const pixel = 0.56;
    const { mrc } = simulateMrc(phantom, {
      size: [196, 107, 24],
      spacing: [pixel, pixel, 1],
      origin: [-54.6, -29.7, -11.5],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    const own = (await segmenter.segment(study.mrc, {})).ears;
    const other = (await segmenter.segment(mrc, {})).ears;
    for (const ear of own) {
      const same = other.find(({ side }) => side === ear.side);
      for (const organ of ['cochlea', 'vestibule'] as const) {
        // Interpolated probabilities would be lower by 0.06 to 0.1 for the borders alone.
        const difference = (same?.confidence[organ] ?? 0) - ear.confidence[organ];
        expect(Math.abs(difference)).toBeLessThan(0.03);
      }
    }
  });

  it('finds both ears of an unseen phantom and labels their organs, leaving no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fractions: number[] = [];
    const result = await segmenter.segment(study.mrc, {
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(result.ears.map((ear) => ear.side).sort()).toEqual(['left', 'right']);
    expect(result.absent).toEqual([]);
    for (const offset of [0, RIGHT_EAR_OFFSET]) {
      expect(dice(result.anatomy, 1 + offset)).toBeGreaterThan(0.8);
      expect(dice(result.anatomy, 2 + offset)).toBeGreaterThan(0.8);
    }
    const codes = [1, 2, RIGHT_EAR_OFFSET + 1, RIGHT_EAR_OFFSET + 2];
    expect(Array.from(result.labels.data)).toEqual(
      Array.from(result.anatomy, (code) => codes.indexOf(code) + 1)
    );
    expect(fractions.at(-1)).toBe(1);
  });

  it.each([-6, 6])(
    'cuts no organ where the reader’s points lie %d mm off in height',
    async (off) => {
      const { ears } = await segmenter.segment(study.mrc, {});
      const centers = Object.fromEntries(
        ears.map(({ side, center: [x, y, z] }) => [side, [x, y, z + off]])
      );
      const result = await segmenter.segment(study.mrc, { centers });
      for (const code of [1, 2, 1 + RIGHT_EAR_OFFSET, 2 + RIGHT_EAR_OFFSET])
        expect(dice(result.anatomy, code)).toBeGreaterThan(0.8);
    }
  );

  it('gives the same voxels whichever way the stack is stored', async () => {
    const expected = await segmenter.segment(study.mrc, {});
    const found = await segmenter.segment(reversed(study.mrc), {});
    const back = reversed({ ...study.mrc, data: Float32Array.from(found.anatomy) });
    expect(Uint8Array.from(back.data)).toEqual(expected.anatomy);
  });

  it('says of an ear that the field of view leaves out that it is not there, and why', async () => {
    // From 15 mm right of the middle on: the left ear alone.
    const first = 79;
    const width = columns - first;
    const data = new Float32Array(width * rows * slices);
    data.forEach((_, n) => {
      data[n] = study.mrc.data[first + (n % width) + columns * Math.floor(n / width)]!;
    });
    const [x, y, z] = study.mrc.origin;
    const half: Volume = {
      ...study.mrc,
      data,
      size: [width, rows, slices],
      origin: [x + first * 0.5, y, z],
    };
    const result = await segmenter.segment(half, {});
    expect(result.ears.map(({ side }) => side)).toEqual(['left']);
    expect(result.absent).toEqual([{ side: 'right', reason: 'field-of-view' }]);
  });

  it('refuses a study that holds no ear, and says what to do', async () => {
    const bottle: Volume = { ...study.mrc, data: new Float32Array(study.mrc.data.length) };
    for (let k = 0; k < slices; k++)
      for (let j = 0; j < rows; j++)
        for (let i = 0; i < columns; i++)
          if (Math.hypot(i - 110, j - 60, 2 * (k - 12)) < 22)
            bottle.data[i + columns * (j + rows * k)] = 1000;
    await expect(segmenter.segment(bottle, {})).rejects.toMatchObject<Partial<RefusedInputError>>({
      code: 'no-ear-found',
    });
  });

  it('stops when asked, between batches', async () => {
    const stop = new AbortController();
    const running = segmenter.segment(study.mrc, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(running).rejects.toThrow(/abort/i);
  });

  it('is refused when a weight was changed after its export', async () => {
    const changed = async (file: string) => {
      const contents = await read(file);
      if (file.endsWith('.bin')) new Uint8Array(contents)[100]! ^= 1;
      return contents;
    };
    const opened = await openModel(changed);
    await expect(createSegmenter(opened, { backend: 'wasm', wasmPath })).rejects.toMatchObject({
      code: 'model-file-changed',
    });
  });
});

/** The same volume stored from the last slice to the first and the last row to the first. */
function reversed(volume: Volume): Volume {
  const data = new Float32Array(volume.data.length);
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++)
        data[i + columns * (rows - 1 - j + rows * (slices - 1 - k))] =
          volume.data[i + columns * (j + rows * k)]!;
  const [x, y, z] = volume.origin;
  return {
    ...volume,
    data,
    origin: [x, y + (rows - 1) * volume.spacing[1], z + (slices - 1) * volume.spacing[2]],
    direction: [1, 0, 0, 0, -1, 0, 0, 0, -1],
  };
}

it('runs its networks on the engine that it is given, and on nothing else', async () => {
  const tfjs = await createTfjsEngine({ backend: 'wasm', wasmPath });
  const ran = new Map<string, number>();
  let disposed = 0;
  const other = await createSegmenter(await openModel(read), {
    backend: 'another library',
    async load(model, description) {
      const network = await tfjs.load(model, description);
      return {
        classes: network.classes,
        run(patches, shape) {
          ran.set(description.topology, (ran.get(description.topology) ?? 0) + shape[0]);
          return network.run(patches, shape);
        },
        dispose() {
          disposed++;
          network.dispose();
        },
      };
    },
  });
  expect(other.backend).toBe('another library');
  const found = await other.segment(study.mrc, {});
  const { segmentation, locator } = (await openModel(read)).manifest.networks;
  expect([...ran.keys()].sort()).toEqual([segmentation.topology, locator?.topology].sort());
  expect(found.labels.data).toEqual((await segmenter.segment(study.mrc, {})).labels.data);
  other.dispose();
  expect(disposed).toBe(2);
});
