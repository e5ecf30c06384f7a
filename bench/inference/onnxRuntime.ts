import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../tools/src/projectRoot';
import type { ProtobufLibrary } from '../onnx/protobuf';

/** Only the benchmark uses these; the product does not depend on them. */
const PACKAGES = { 'onnxruntime-web': '1.30.0', protobufjs: '7.6.6' };

export const ONNX_VERSION = PACKAGES['onnxruntime-web'];

/** Where ONNX Runtime's files lie; they are fetched when they are missing. */
export function onnxFolder(): string {
  return join(fetchedFolder(), 'node_modules/onnxruntime-web/dist');
}

export function protobufLibrary(): ProtobufLibrary {
  const load = createRequire(join(fetchedFolder(), 'x.js'));
  return load('protobufjs/light') as ProtobufLibrary;
}

function fetchedFolder(): string {
  const folder = join(projectRoot(), '.cache/onnxruntime');
  const isThere = Object.entries(PACKAGES).every(([name, version]) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return (
      existsSync(file) &&
      (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version
    );
  });
  if (isThere) return folder;
  mkdirSync(folder, { recursive: true });
  console.error(`Fetching onnxruntime-web ${ONNX_VERSION} (for this benchmark only) …`);
  const names = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', ['install', '--prefix', folder, ...options, ...names], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error('onnxruntime-web could not be fetched. Is the npm registry reachable?');
  return folder;
}
