import {
  readVerified,
  type ModelFiles,
  type ModelManifest,
  type NetworkDescription,
} from '@inner-ear-hydrops/core';
import { buildNetwork, describeNetwork } from '@inner-ear-hydrops/core/segmentation';
import { exportNetwork, writeModel, type ExportedNetwork, type ModelText } from './exportModel';
import { joinedRuns } from '../model/trainedPatients';
import { trainedText, type TrainingRecord } from './modelText';
import { setWeights } from './trainNetwork';

export interface ExportRequest extends TrainingRecord {
  /** Running averages of the weights. */
  weights: Float32Array[];
  /** Supplies the network that was not trained: locator or segmentation. */
  other: ModelFiles;
}

/** Writes a run's network, with the other one of the given model, as a model folder. */
export async function exportRun(folder: string, request: ExportRequest): Promise<ModelManifest> {
  const { plan, other } = request;
  const network = buildNetwork(plan.network, plan.seed);
  setWeights(network, request.weights);
  const trained = await exportNetwork(network, plan, describeNetwork(plan.network));
  network.dispose();
  const { segmentation, locator } = other.manifest.networks;
  const own = request.provenance;
  const training_patients = joinedRuns(
    own.training_patients,
    other.manifest.provenance?.training_patients
  );
  const text: ModelText = trainedText({ ...request, provenance: { ...own, training_patients } });
  if (plan.name === 'segmentation') {
    return writeModel(folder, text, {
      segmentation: trained,
      locator: locator ? await copied(other, locator) : null,
    });
  }
  // The segmentation network stays the same, and so do the thresholds that were measured for it.
  const { confidence_thresholds } = other.manifest;
  return writeModel(folder, confidence_thresholds ? { ...text, confidence_thresholds } : text, {
    segmentation: await copied(other, segmentation),
    locator: trained,
  });
}

/** A network of another model as it is, its files compared with their hashes. */
async function copied(
  model: ModelFiles,
  description: NetworkDescription
): Promise<ExportedNetwork> {
  const topology = await readVerified(model, description.topology);
  const json = JSON.parse(new TextDecoder().decode(topology)) as {
    weightsManifest: { paths: string[] }[];
  };
  const folder = description.topology.replace(/[^/]*$/, '');
  const files = [{ path: description.topology, contents: new Uint8Array(topology) }];
  for (const { paths } of json.weightsManifest) {
    for (const name of paths) {
      const contents = new Uint8Array(await readVerified(model, folder + name));
      files.push({ path: folder + name, contents });
    }
  }
  return { description, files };
}
