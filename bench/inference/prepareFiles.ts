import { itemAt } from '@inner-ear-hydrops/core';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkDescription, Volume } from '@inner-ear-hydrops/core';
import {
  buildNetwork,
  chooseEars,
  describeNetwork,
  loadNetwork,
  locateEars,
  segmentEar,
  tfjsNetwork,
  type LoadedNetwork,
  type NetworkPlan,
} from '@inner-ear-hydrops/core/segmentation';
import { createCase, paperGrid, simulateMrc } from '@inner-ear-hydrops/phantom';
import { openModelAt } from '../../tools/src/model/modelFiles';
import { projectRoot } from '../../tools/src/projectRoot';
import { exportOnnx } from '../onnx/exportOnnx';
import { protobufLibrary } from './onnxRuntime';
import { COMPARED, middlePatch, type PatchRows } from './job';

/** A network whose files lie in the benchmark's folder. */
export interface PreparedNetwork {
  /** Of its files. */
  name: string;
  title: string;
  parameters: number;
  /** Bytes that a viewer downloads, and bytes of the ONNX file. */
  bytes: { tfjs: number; onnx: number };
  shape: PatchRows;
  classes: number;
  /** Patches of one case; 0 for networks that no model here uses. */
  casePatches: number;
  /** What `LayersModel.predict` gives on WASM for the compared patches. */
  expected: Float32Array;
}

/** Patches of a row, about two ears of twenty slices. */
export const PATCHES = 40;
const SLIM = { classes: 6, width: 8, head: 64, dropout: 0.6 };
/** The paper's networks, slim and untrained, where no model has them. */
const BUILT: NetworkPlan[] = [
  { architecture: '3into3vgg', ...SLIM },
  { architecture: 'concat3into1vgg', ...SLIM },
];

/** A whole head on the paper's grid. */
function caseVolume(): Volume {
  const phantom = createCase(1_000_000, { difficulty: 0.5, position: [0, 0, 0] });
  return simulateMrc(phantom, paperGrid(40)).mrc;
}

/**
 * Writes the case, and each network with its weights for tfjs and for ONNX Runtime and the patches of the
 * case, into a folder. tfjs must run on WASM.
 */
export async function prepareFiles(folder: string): Promise<PreparedNetwork[]> {
  const mrc = caseVolume();
  const { data, ...header } = mrc;
  writeFileSync(join(folder, 'volume.json'), JSON.stringify(header));
  writeFileSync(join(folder, 'volume.data'), data);
  const prepared: PreparedNetwork[] = [];
  let earPatches: Recording | null = null;
  for (const model of readdirSync(join(projectRoot(), 'models'))) {
    const location = join(projectRoot(), 'models', model);
    if (!statSync(location).isDirectory()) continue;
    const files = await openModelAt(location);
    const { segmentation, locator } = files.manifest.networks;
    if (!locator) continue;
    const networks = {
      segmentation: await loadNetwork(files, segmentation),
      locator: await loadNetwork(files, locator),
    };
    const recorded = await recordCase(mrc, networks, { segmentation, locator });
    earPatches ??= recorded.segmentation;
    const bytesOf = (description: NetworkDescription) =>
      files.manifest.files
        .filter(({ path }) => path.startsWith(description.topology.replace(/\.json$/, '')))
        .reduce((sum, file) => sum + file.bytes, 0);
    for (const part of ['segmentation', 'locator'] as const) {
      const description = part === 'locator' ? locator : segmentation;
      prepared.push(
        await writeNetwork(folder, networks[part], {
          name: `${model}-${part}`,
          title: `${model}, ${part}: ${description.architecture}`,
          bytes: bytesOf(description),
          recording: recorded[part],
          casePatches: recorded[part].patches.length,
        })
      );
      networks[part].dispose();
    }
  }
  if (!earPatches) throw new Error('No model with a locator lies under models/.');
  for (const plan of BUILT) {
    const network = buildNetwork(plan, 1);
    prepared.push(
      await writeNetwork(folder, network, {
        name: plan.architecture,
        title: `${describeNetwork(plan)}, untrained`,
        bytes: 2 * network.countParams(),
        recording: cropped(earPatches, 100),
        casePatches: 0,
      })
    );
    network.dispose();
  }
  return prepared;
}

/** Patches that a network was given, in order. */
interface Recording {
  shape: PatchRows;
  patches: Float32Array[];
}

/** The patches that both networks see while a case is segmented, as `createSegmenter` does it. */
async function recordCase(
  mrc: Volume,
  networks: { segmentation: LayersModel; locator: LayersModel },
  descriptions: { segmentation: NetworkDescription; locator: NetworkDescription }
): Promise<{ segmentation: Recording; locator: Recording }> {
  const locator = recorder(networks.locator);
  const segmentation = recorder(networks.segmentation);
  const candidates = await locateEars(mrc, locator.network, descriptions.locator, {});
  const chosen = chooseEars(candidates);
  for (const side of ['left', 'right'] as const) {
    const candidate = chosen[side];
    if (!candidate) throw new Error(`The locator found no ${side} ear in the case.`);
    const { network } = segmentation;
    await segmentEar(mrc, side, candidate.center, network, descriptions.segmentation, {});
  }
  return { segmentation: segmentation.recording, locator: locator.recording };
}

/** The network stays its owner's, who disposes of it. */
function recorder(layers: LayersModel): { network: LoadedNetwork; recording: Recording } {
  const inner = tfjsNetwork(layers);
  const recording: Recording = { shape: [0, 0, 0], patches: [] };
  const run: LoadedNetwork['run'] = (patches, [count, ...shape]) => {
    recording.shape = shape;
    const size = patches.length / count;
    for (let n = 0; n < count; n++) recording.patches.push(patches.slice(n * size, (n + 1) * size));
    return inner.run(patches, [count, ...shape]);
  };
  return { network: { ...inner, run }, recording };
}

/** The first rows and columns: our patches are padded at their ends. */
function cropped({ shape: [, columns, channels], patches }: Recording, side: number): Recording {
  return {
    shape: [side, side, channels],
    patches: patches.map((patch) => {
      const part = new Float32Array(side * side * channels);
      for (let row = 0; row < side; row++) {
        const from = row * columns * channels;
        part.set(patch.subarray(from, from + side * channels), row * side * channels);
      }
      return part;
    }),
  };
}

async function writeNetwork(
  folder: string,
  network: LayersModel,
  details: {
    name: string;
    title: string;
    bytes: number;
    recording: Recording;
    casePatches: number;
  }
): Promise<PreparedNetwork> {
  const { name, title, recording, casePatches } = details;
  await network.save(
    tf.io.withSaveHandler(async ({ weightData, ...rest }) => {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(rest));
      writeFileSync(
        join(folder, `${name}.weights`),
        new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))
      );
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    })
  );
  const onnx = exportOnnx(network, protobufLibrary());
  writeFileSync(join(folder, `${name}.onnx`), onnx);
  const { shape, patches } = recording;
  const size = shape[0] * shape[1] * shape[2];
  const count = Math.max(PATCHES, casePatches);
  const values = new Float32Array(count * size);
  for (let n = 0; n < count; n++) values.set(itemAt(patches, n % patches.length), n * size);
  writeFileSync(join(folder, `${name}.patches`), values);
  const expected = tf.tidy(() => {
    const first = middlePatch(count) * size;
    const compared = values.slice(first, first + COMPARED * size);
    const input = tf.tensor4d(compared, [COMPARED, ...shape]);
    return (network.predict(input) as tf.Tensor).dataSync() as Float32Array;
  });
  const parameters = network.countParams();
  const bytes = { tfjs: details.bytes, onnx: onnx.length };
  const classes = itemAt(network.outputs, 0).shape.at(-1) ?? 0;
  return { name, title, parameters, bytes, shape, classes, casePatches, expected };
}
