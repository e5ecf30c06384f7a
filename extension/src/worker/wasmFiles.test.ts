import { readFileSync } from 'node:fs';
import { WasmFiles } from './wasmFiles';

// `fetch` is a table of addresses; the binary is the real one of tfjs.

const ADDRESS = 'https://viewer.example/plugins/extension/tfjs-backend-wasm-simd.wasm';
const binary = readFileSync(
  require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm')
);

function files(answer: () => Response) {
  const asked: string[] = [];
  const beyond: typeof fetch = async (input) => {
    asked.push(String(input));
    return answer();
  };
  return { files: new WasmFiles(beyond), asked };
}
const html = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });

it('a binary is fetched once, and runs whatever media type its server states', async () => {
  const { files: wasm, asked } = files(
    () => new Response(binary, { headers: { 'content-type': 'text/plain' } })
  );
  await wasm.prepare(ADDRESS);
  const response = await wasm.fetch(ADDRESS);
  expect(response.headers.get('content-type')).toBe('application/wasm');
  expect((await response.arrayBuffer()).byteLength).toBe(binary.byteLength);
  expect(asked).toEqual([ADDRESS]);
});

it.each<[string, () => Response, string]>([
  ['missing', () => new Response('', { status: 404 }), 'its server answers 404'],
  ['a web page', html, 'its server sends a web page in its place (text/html)'],
  ['cut', () => new Response(binary.subarray(0, 5000)), 'it is damaged (5000 bytes)'],
  ['another file', () => new Response('MZ'), 'is not WebAssembly'],
])('a binary that is %s is named with its address and the reason', async (_, answer, words) => {
  const { files: wasm } = files(answer);
  // By whoever asks: an image codec asks unprepared.
  for (const failing of [wasm.prepare(ADDRESS), wasm.fetch(ADDRESS)]) {
    await expect(failing).rejects.toMatchObject({
      code: 'wasm-unavailable',
      message: expect.stringMatching(
        new RegExp(`^tfjs-backend-wasm-simd\\.wasm could not be loaded from ${ADDRESS}: `)
      ),
    });
    await expect(failing).rejects.toThrow(words);
  }
});

it('where a policy of the site forbids WebAssembly, that is said before anything is fetched', async () => {
  const words =
    "WebAssembly.Module(): violates the Content Security Policy directive script-src 'self'";
  const forbidden = jest.spyOn(WebAssembly, 'Module').mockImplementation(() => {
    throw new WebAssembly.CompileError(words);
  });
  const { files: wasm, asked } = files(() => new Response(binary));
  const failing = wasm.prepare(ADDRESS).finally(() => forbidden.mockRestore());
  await expect(failing).rejects.toMatchObject({
    code: 'wasm-unavailable',
    message: expect.stringContaining(words),
    remedy: expect.stringContaining("'wasm-unsafe-eval'"),
  });
  expect(asked).toEqual([]);
});

it('all else goes to the browser as it is', async () => {
  const { files: wasm, asked } = files(() => new Response('{}'));
  expect(await (await wasm.fetch('https://viewer.example/manifest.json')).text()).toBe('{}');
  expect(asked).toEqual(['https://viewer.example/manifest.json']);
});
