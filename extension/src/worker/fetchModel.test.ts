import { MODEL_SCHEMA, readVerified, sha256 } from '@inner-ear-hydrops/core';
import { fetchModel, type ModelCache } from './fetchModel';

// `fetch` and the browser's cache are replaced by small stand-ins: a table of addresses and a map.

const ADDRESS = 'https://viewer.example/models/net/manifest.json';
const weights = new Uint8Array([1, 2, 3, 4]);
const hash = sha256(weights);

function memoryCache(): ModelCache & { entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    match: async (key) => {
      const found = entries.get(key);
      return found && new Response(found.slice());
    },
    put: async (key, response) => {
      entries.set(key, new Uint8Array(await response.arrayBuffer()));
    },
    delete: async (key) => entries.delete(key),
  };
}

function serve(table: Record<string, () => Response>): string[] {
  const asked: string[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const url = String(input);
    asked.push(url);
    if (!table[url]) throw new TypeError('fetch failed');
    return table[url]();
  });
  return asked;
}

afterEach(() => void jest.restoreAllMocks());

describe('an address that does not give a manifest', () => {
  it.each([
    [401, 'model-unauthorized'],
    [403, 'model-unauthorized'],
    [404, 'model-not-found'],
    [500, 'model-unreachable'],
  ])('answers %i: %s, naming the address', async (status, code) => {
    serve({ [ADDRESS]: () => new Response('', { status }) });
    await expect(fetchModel(ADDRESS, {}, Promise.resolve(null))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(ADDRESS),
    });
  });

  it('does not answer at all', async () => {
    serve({});
    await expect(fetchModel(ADDRESS, {}, Promise.resolve(null))).rejects.toMatchObject({
      code: 'model-unreachable',
    });
  });

  it('is a page of the viewer, as servers with a fallback page answer', async () => {
    serve({ [ADDRESS]: () => new Response('<!doctype html>') });
    await expect(fetchModel(ADDRESS, {}, Promise.resolve(null))).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining(`${ADDRESS}: its server sends a web page in its place`),
      remedy: expect.stringContaining('beside plugins/'),
    });
  });

  it('never answers: its file is named', async () => {
    jest.spyOn(globalThis, 'fetch').mockReturnValue(new Promise(() => undefined));
    const failing = fetchModel(ADDRESS, { patience: 1 }, Promise.resolve(null));
    await expect(failing).rejects.toMatchObject({
      code: 'model-unreachable',
      message: expect.stringContaining(`${ADDRESS}: its server has sent nothing`),
    });
  });
});

describe('weights', () => {
  const address = new URL('weights.bin', ADDRESS).href;
  const served = () => ({
    [ADDRESS]: () => Response.json(MANIFEST),
    [address]: () => new Response(weights.slice()),
  });
  const open = (cache: ModelCache) => fetchModel(ADDRESS, {}, Promise.resolve(cache));

  it('are fetched once, from beside the manifest, and then come from the cache', async () => {
    const asked = serve(served());
    const cache = memoryCache();
    for (let time = 0; time < 2; time++) {
      const contents = await readVerified(await open(cache), 'weights.bin');
      expect([...new Uint8Array(contents)]).toEqual([...weights]);
    }
    expect(asked.filter((url) => url === address)).toHaveLength(1);
  });

  it('that were damaged in the cache are fetched again', async () => {
    const asked = serve(served());
    const cache = memoryCache();
    await readVerified(await open(cache), 'weights.bin');
    for (const key of cache.entries.keys()) cache.entries.set(key, new Uint8Array([9]));
    await readVerified(await open(cache), 'weights.bin');
    expect(asked.filter((url) => url === address)).toHaveLength(2);
  });

  it('that do not end where the manifest says are given up', async () => {
    serve({ ...served(), [address]: () => new Response(new Uint8Array(5)) });
    await expect(readVerified(await open(memoryCache()), 'weights.bin')).rejects.toMatchObject({
      code: 'model-file-changed',
      message: expect.stringContaining(`${address} is longer than the 4 bytes`),
    });
  });

  it('other than those that the manifest names are refused and not kept', async () => {
    serve({ ...served(), [address]: () => new Response(new Uint8Array([9, 9, 9, 9])) });
    const cache = memoryCache();
    await expect(readVerified(await open(cache), 'weights.bin')).rejects.toMatchObject({
      code: 'model-file-changed',
    });
    expect(cache.entries.size).toBe(0);
  });
});

describe('a manifest whose hash is pinned in its address', () => {
  const text = () => JSON.stringify(MANIFEST);
  const open = (pin: string) => fetchModel(`${ADDRESS}#sha256=${pin}`, {}, Promise.resolve(null));

  it('is taken if it has that hash, and its files are still found beside it', async () => {
    const address = new URL('weights.bin', ADDRESS).href;
    const asked = serve({
      [ADDRESS]: () => new Response(text()),
      [address]: () => new Response(weights.slice()),
    });
    await readVerified(await open(sha256(text()).toUpperCase()), 'weights.bin');
    expect(asked).toEqual([ADDRESS, address]);
  });

  it('is refused if it has another, before its files are asked for', async () => {
    const asked = serve({ [ADDRESS]: () => new Response(`${text()} `) });
    await expect(open(sha256(text()))).rejects.toMatchObject({ code: 'model-manifest-changed' });
    expect(asked).toEqual([ADDRESS]);
  });

  it('is refused if the pin is no hash: nothing is asked for', async () => {
    const asked = serve({ [ADDRESS]: () => new Response(text()) });
    await expect(open('abc')).rejects.toMatchObject({
      code: 'model-pin-invalid',
      message: expect.stringContaining('"abc"'),
    });
    expect(asked).toEqual([]);
  });
});

const NETWORK = {
  architecture: 'test',
  parameters: 1,
  topology: 'model.json',
  network_data_format: {
    inputs: {
      image: {
        type: 'image',
        format: 'magnitude',
        modality: 'MR',
        num_channels: 3,
        spatial_shape: [100, 100],
        multiple_of: 8,
        spacing: [0.5, 0.5, 1],
        slice_spacing: [0.7, 1.4],
        orientation: 'nearest-axial',
        mirrored_ear: 'right',
        normalisation: { lowPercentile: 1, highPercentile: 99, box: null, clamp: [0, 2] },
        channel_def: {},
      },
    },
    outputs: { pred: { type: 'probabilities', num_channels: 6, channel_def: {} } },
  },
};
const MANIFEST = {
  schema: MODEL_SCHEMA,
  name: 'net',
  version: '1.0.0',
  task: '',
  description: '',
  authors: '',
  copyright: '',
  license: '',
  data_source: '',
  data_type: '',
  limitations: [],
  intended_use: '',
  contraindications: [],
  references: [],
  eval_metrics: [],
  requirements: { minimum_texture_size: 1, memory_mb: 1 },
  networks: { segmentation: NETWORK, locator: null },
  files: [
    { path: 'model.json', sha256: hash, bytes: 4 },
    { path: 'weights.bin', sha256: hash, bytes: 4 },
  ],
};
