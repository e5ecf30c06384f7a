import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  MODEL_SCHEMA,
  parseManifest,
  sha256,
  type ModelManifest,
  type NetworkDescription,
} from '@inner-ear-hydrops/core';
import type { TrainingPlan } from './plans';
import { toFloat16 } from './float16';

/** One network written as tfjs topology with float16 weights. */
export interface ExportedNetwork {
  description: NetworkDescription;
  files: { path: string; contents: Uint8Array }[];
}

/**
 * Turns a network into `<name>.json` and `<name>.bin`. Weights are float16 on disk and float32 when
 * loaded, which tfjs calls quantization.
 */
export async function exportNetwork(
  network: LayersModel,
  plan: TrainingPlan,
  architecture: string
): Promise<ExportedNetwork> {
  let saved: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    })
  );
  if (!saved?.weightSpecs || !saved.weightData) throw new Error('tfjs gave no weights to save.');
  const joined = tf.io.CompositeArrayBuffer.join(saved.weightData);
  const weights = toFloat16(new Float32Array(joined));
  const json = {
    format: 'layers-model',
    generatedBy: 'inner-ear-hydrops',
    modelTopology: saved.modelTopology,
    weightsManifest: [
      {
        paths: [`${plan.name}.bin`],
        weights: saved.weightSpecs.map((spec) => ({
          ...spec,
          quantization: { dtype: 'float16', original_dtype: 'float32' },
        })),
      },
    ],
  };
  return {
    description: {
      architecture,
      parameters: network.countParams(),
      topology: `${plan.name}.json`,
      network_data_format: plan.format,
    },
    files: [
      { path: `${plan.name}.json`, contents: new TextEncoder().encode(JSON.stringify(json)) },
      { path: `${plan.name}.bin`, contents: new Uint8Array(weights.buffer) },
    ],
  };
}

export type ModelText = Omit<ModelManifest, 'schema' | 'networks' | 'files' | 'requirements'>;

/** Writes a model folder: weights, topologies and the manifest with their hashes. */
export async function writeModel(
  folder: string,
  text: ModelText,
  networks: { segmentation: ExportedNetwork; locator: ExportedNetwork | null }
): Promise<ModelManifest> {
  await mkdir(folder, { recursive: true });
  const files = [networks.segmentation, networks.locator].flatMap((entry) => entry?.files ?? []);
  for (const file of files) await writeFile(path.join(folder, file.path), file.contents);
  const manifest = parseManifest({
    schema: MODEL_SCHEMA,
    ...text,
    requirements: { minimum_texture_size: 4096, memory_mb: 300 },
    networks: {
      segmentation: networks.segmentation.description,
      locator: networks.locator?.description ?? null,
    },
    files: files.map((file) => ({
      path: file.path,
      sha256: sha256(file.contents),
      bytes: file.contents.byteLength,
    })),
  });
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
