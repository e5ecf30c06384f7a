import { itemAt } from '../items';
import * as z from 'zod';
import { perOrgan } from '../registry';
import { RefusedInputError, type ModelIdentity } from '../types';
import { sha256 } from '../sha256';

/** Of one file: what a browser can hold. */
const MAX_FILE_BYTES = 2 ** 30;

/**
 * `models/<name>/manifest.json`: what a host must know before it downloads weights and a reader
 * before trusting them. Field names follow MONAI Bundle's `metadata.json` where they fit.
 */
const file = z.object({
  path: z
    .string()
    .regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/, 'a relative path without ".." or spaces'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive().max(MAX_FILE_BYTES),
});

const normalisation = z.object({
  /** Value `(v − low) / (high − low)`, where low and high are these percentiles of the box. */
  lowPercentile: z.number().min(0).max(100),
  highPercentile: z.number().min(0).max(100),
  /** Millimetres along columns, rows and slices about the crop's centre; null: the whole image. */
  box: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  /** Normalised values are clamped to this range. */
  clamp: z.tuple([z.number(), z.number()]),
});

const network = z.object({
  architecture: z.string(),
  parameters: z.number().int().positive(),
  /** tfjs LayersModel topology with its weights manifest; both are listed in `files`. */
  topology: z.string(),
  network_data_format: z.object({
    inputs: z.object({
      image: z.object({
        type: z.literal('image'),
        format: z.literal('magnitude'),
        modality: z.literal('MR'),
        num_channels: z.number().int().positive(),
        /** Columns, rows of one patch. */
        spatial_shape: z.tuple([z.number().int(), z.number().int()]),
        /** Both sides of a patch are padded to a multiple of this. */
        multiple_of: z.number().int().positive(),
        /** Millimetres; the slice distance is kept where it lies within `slice_spacing`. */
        spacing: z.tuple([z.number(), z.number(), z.number()]),
        slice_spacing: z.tuple([z.number(), z.number()]),
        /** Millimetres along the slices, about an ear's centre, that may be segmented; 26 where absent. */
        depth: z.number().positive().optional(),
        orientation: z.enum(['nearest-axial', 'patient']),
        /** Right ears are mirrored left to right before, and their labels after. */
        mirrored_ear: z.enum(['right', 'none']),
        normalisation,
        channel_def: z.record(z.string(), z.string()),
      }),
    }),
    outputs: z.object({
      pred: z.object({
        type: z.literal('probabilities'),
        num_channels: z.number().int().positive(),
        /** Class name of each output channel, in order, named as in the software's `ANATOMY`. */
        channel_def: z.record(z.string(), z.string()),
      }),
    }),
  }),
});

const metric = z.object({
  name: z.string(),
  value: z.number(),
  test_set: z.string(),
});

/**
 * Mean probability of an organ's pixels below which the warning `low-confidence` is given, measured for this
 * network (docs/method.md, "Low confidence"; `npm run bench -- confidence` prints the field).
 */
const confidenceThresholds = z.object(perOrgan(() => z.number().min(0).max(1)));

/** Patients that a network was trained on, as salted hashes: `hydrops evaluate` refuses to judge it on them. */
const trainedPatients = z.object({
  salt: z.string().regex(/^[0-9a-f]+$/),
  hashes: z.array(z.string().regex(/^[0-9a-f]+$/)),
});

/** Where the weights come from; absent in manifests of earlier versions. */
const provenance = z.object({
  /** The model whose weights training started from; null for random weights. */
  parent: z.object({ name: z.string(), version: z.string(), sha256: z.string() }).nullable(),
  /** SHA-256 over all images and labels of the run. */
  data_sha256: z.string(),
  seed: z.number().int(),
  split: z.object({
    fold: z.number().int().positive(),
    folds: z.number().int().positive(),
    training_patients: z.number().int().nonnegative(),
    validation_patients: z.number().int().nonnegative(),
  }),
  /** Who allowed what with the data, in the words of those who trained; null where they said nothing. */
  data_statement: z.string().nullable(),
  /** Of this run and of those whose networks it started from or copied. */
  training_patients: z.array(trainedPatients),
});

const manifestSchema = z.object({
  schema: z.string(),
  name: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  changelog: z.record(z.string(), z.string()).optional(),
  task: z.string(),
  description: z.string(),
  authors: z.string(),
  copyright: z.string(),
  license: z.string(),
  data_source: z.string(),
  data_type: z.string(),
  limitations: z.array(z.string()),
  intended_use: z.string(),
  contraindications: z.array(z.string()),
  references: z.array(z.string()),
  eval_metrics: z.array(metric),
  provenance: provenance.optional(),
  /** Absent where nobody measured them: confidence is not judged then, and the result says so. */
  confidence_thresholds: confidenceThresholds.optional(),
  requirements: z.object({
    minimum_texture_size: z.number().int().positive(),
    memory_mb: z.number().positive(),
  }),
  networks: z.object({ segmentation: network, locator: network.nullable() }),
  files: z.array(file).min(2),
});

export type ModelManifest = z.infer<typeof manifestSchema>;
export type TrainedPatients = z.infer<typeof trainedPatients>;
export type Provenance = z.infer<typeof provenance>;
export type NetworkDescription = z.infer<typeof network>;
export type Normalisation = z.infer<typeof normalisation>;

export const MODEL_SCHEMA = 'inner-ear-hydrops/model@1';

/**
 * Checks a parsed `manifest.json`.
 * @throws RefusedInputError `model-schema-unknown` for another format or major version,
 *   `model-manifest-invalid` where a field is missing or wrong (the message names it).
 */
export function parseManifest(json: unknown): ModelManifest {
  const declared = z.object({ schema: z.string() }).safeParse(json);
  const schema = declared.success ? declared.data.schema : '(none)';
  if (schema !== MODEL_SCHEMA) {
    throw new RefusedInputError(
      'model-schema-unknown',
      `The model's manifest declares schema "${schema}"; this software reads "${MODEL_SCHEMA}".`,
      'Use a model made for this version of the software, or update the software.',
      { schema, expected: MODEL_SCHEMA }
    );
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = itemAt(parsed.error.issues, 0);
    throw new RefusedInputError(
      'model-manifest-invalid',
      `The model's manifest is not valid at "${issue.path.join('.')}": ${issue.message}.`,
      'Export the model again with `hydrops train`, or use the model that came with the software.',
      { field: issue.path.join('.') }
    );
  }
  return parsed.data;
}

/**
 * Name, version and one hash for the whole network: SHA-256 over the lines
 * `<sha256 of file>  <path>\n` of all files, sorted by path, as `sha256sum` writes them.
 */
export function modelIdentity(manifest: ModelManifest): ModelIdentity {
  const lines = [...manifest.files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((entry) => `${entry.sha256}  ${entry.path}\n`);
  return {
    name: manifest.name,
    version: manifest.version,
    sha256: sha256(lines.join('')),
  };
}
