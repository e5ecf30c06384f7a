import { createPixelCodecs } from './codecs';

// Emscripten makes the functions of a decoder from text; a page whose policy forbids that throws so.
jest.mock('@cornerstonejs/codec-charls/decodewasmjs', () => ({
  default: () =>
    Promise.reject(new EvalError("'unsafe-eval' is not an allowed source of script-src 'self'.")),
}));

test('a decoder that a policy of the site forbids is no fault of the file, and the cause is named', async () => {
  await expect(createPixelCodecs()['jpeg-ls'](new Uint8Array(4), 2)).rejects.toMatchObject({
    code: 'decoder-blocked',
    message: expect.stringContaining("script-src 'self'"),
    remedy: expect.stringContaining('Content-Security-Policy'),
  });
});
