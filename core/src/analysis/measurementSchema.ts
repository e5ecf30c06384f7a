import { z } from 'zod';

const ratio = z.number().min(0).max(1);
const millimetres = z.tuple([z.number(), z.number(), z.number()]);

const area = z
  .object({
    ratio: ratio.describe('Endolymph pixels / total pixels on the representative slice'),
    totalPixels: z.int().min(1),
    endolymphPixels: z.int().min(0),
    totalMm2: z.number().min(0),
    endolymphMm2: z.number().min(0),
    slice: z.int().min(0).describe('Slice index on the MRC grid, from the first along the normal'),
    sopInstanceUid: z.string().describe('MRC image of the representative slice'),
  })
  .describe("The paper's measure: one slice, counted pixels");

const volume = z
  .object({
    ratio: ratio.describe('Endolymph voxels / total voxels over the stack'),
    totalVoxels: z.int().min(1),
    endolymphVoxels: z.int().min(0),
    totalMm3: z.number().min(0),
    endolymphMm3: z.number().min(0),
    withinNoise: ratio.nullable().describe('Share of voxels whose |PPI − PEI| is within the noise'),
    interval: z.tuple([ratio, ratio]).nullable().describe('95 % interval of the ratio from noise'),
  })
  .describe('Counted voxels of the whole organ; never to be put against thresholds made for areas');

const mixture = z
  .object({ fraction: ratio, uncertainty: z.number().min(0) })
  .describe('Experimental: endolymph share from a two-end-member mixture');

const organ = z.object({
  area: area.nullable(),
  volume,
  mixture: mixture.nullable(),
  grade: z
    .object({ scheme: z.literal('nakashima'), suggested: z.enum(['none', 'mild', 'significant']) })
    .nullable()
    .optional()
    .describe('Vestibule only, by area; a suggestion for the reader'),
});

const ear = z.object({ cochlea: organ.nullable(), vestibule: organ.nullable() });

const alignment = z.object({
  treatment: z.enum(['identical', 'resampled', 'corrected']),
  translation: millimetres.describe('Millimetres, LPS, relative to MRC'),
  rotation: millimetres.describe('Degrees about the LPS axes'),
  displacement: z.number().min(0).describe('Largest displacement in the region of the ears, mm'),
  interpolation: z.enum(['none', 'trilinear', 'cubic']),
});

/** The published format of `measurement.json`, version 1; `docs/measurement.schema.json` is made from it. */
export const measurementSchema = z
  .object({
    schema: z.literal('inner-ear-hydrops/measurement@1'),
    notice: z.string(),
    study: z.object({
      studyInstanceUid: z.string(),
      mrc: z.string().describe('Series Instance UID'),
      ppi: z.string(),
      pei: z.string().nullable(),
    }),
    model: z
      .object({ name: z.string(), version: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
      .nullable(),
    method: z.enum(['hydrops-mi2', 'hydrops2-mi2', 'real-ir']),
    ears: z.object({ left: ear.nullable(), right: ear.nullable() }),
    warnings: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        ear: z.enum(['left', 'right']).nullable(),
        values: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
      })
    ),
    alignment: z.object({ ppi: alignment, pei: alignment.nullable() }).nullable(),
    timings: z.record(z.string(), z.number().min(0)).describe('Milliseconds by stage'),
  })
  .describe('Endolymphatic hydrops measurement of one study. For research use only.');

/** JSON Schema (2020-12) of `measurement.json`. */
export function measurementJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(measurementSchema) as Record<string, unknown>;
}
