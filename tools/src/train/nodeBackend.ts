import { createRequire } from 'node:module';
import path from 'node:path';

/** Folder of the WASM backend's binaries in Node, for `setUpBackend`. */
export function wasmFolder(): string {
  const require = createRequire(path.join(process.cwd(), 'package.json'));
  const manifest = require.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return path.join(path.dirname(manifest), 'dist') + path.sep;
}
