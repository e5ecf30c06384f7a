import path from 'node:path';
import { RefusedInputError } from '../types';
import { setUpBackend } from './backend';

const wasmPath =
  path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') +
  path.sep;
const MISSING = new RefusedInputError('backend-unavailable', 'x.wasm could not be loaded.', 'Ask.');

describe('where a slower backend takes over, it is said why', () => {
  it('without WebGL', async () => {
    const { backend, passedOver } = await setUpBackend({ backend: 'auto', wasmPath });
    expect(backend).toContain('wasm');
    expect(passedOver).toBe(
      'WebGL is not used: this browser offers no WebGL 2 to background workers.'
    );
  });

  it('not where it was asked for', async () => {
    expect((await setUpBackend({ backend: 'wasm', wasmPath })).passedOver).toBe('');
  });

  it('with a WASM file that the site lacks', async () => {
    // Another backend than the one that runs, which is not started again.
    await setUpBackend({ backend: 'cpu' });
    const prepareWasm = () => Promise.reject(MISSING);
    const { backend, passedOver } = await setUpBackend({ backend: 'auto', wasmPath, prepareWasm });
    expect(backend).toBe('cpu (JavaScript)');
    expect(passedOver).toContain('WASM is not used: x.wasm could not be loaded.');
    expect(passedOver).toContain('many times slower');
  });
});
