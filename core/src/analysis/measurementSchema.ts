import { ABSENCE_REASONS } from '../types';
import {
  EAR_SIDES,
  METHOD_KEYS,
  ORGAN_KEYS,
  ROLE_KEYS,
  perEar,
  perOrgan,
  perRole,
} from '../registry';
import * as z from 'zod';

const ratio = z.number().min(0).max(1);
const millimetres = z.tuple([z.number(), z.number(), z.number()]);

const interval = z
  .tuple([ratio, ratio])
  .nullable()
  .describe('95 % interval from noise and from how exactly PPI lies on PEI');
const chosenBy = z.enum(['automatic', 'reader']);

const image = z
  .object({
    seriesNumber: z.int().nullable().describe('Series Number (0020,0011)'),
    instanceNumber: z.int().nullable().describe('Instance Number (0020,0013)'),
    frameNumber: z.int().min(1).nullable().describe('Frame of a multi-frame image, from 1'),
    sopInstanceUid: z.string(),
    byPosition: z
      .object({
        slice: z.int().min(1),
        of: z.int().min(1),
        from: z.string().describe('The end of the stack where slice 1 lies'),
      })
      .optional()
      .describe(
        'Only where Instance Number and frame do not tell the slices apart: what names them'
      ),
  })
  .describe('A stored MRC image');

const slice = z.object({
  image,
  ratio: ratio.describe('Endolymph pixels / total pixels'),
  totalPixels: z.int().min(1),
  endolymphPixels: z.int().min(0),
  interval,
});

const area = slice
  .extend({
    totalMm2: z.number().min(0),
    endolymphMm2: z.number().min(0),
    chosenBy: chosenBy.describe('Who chose the slice'),
    automaticImage: image
      .nullable()
      .describe('The image that the rules choose; null if that is not known'),
  })
  .describe('The measure of Cho et al. (2020): one representative slice, counted pixels');

const volume = z
  .object({
    ratio: ratio.describe('Endolymph voxels / total voxels over the stack'),
    totalVoxels: z.int().min(1),
    endolymphVoxels: z.int().min(0),
    totalMm3: z.number().min(0),
    endolymphMm3: z.number().min(0),
    withinNoise: ratio.nullable().describe('Share of voxels whose |PPI − PEI| is within the noise'),
    interval,
  })
  .describe(
    'Counted voxels of the whole organ; must not be compared with thresholds made for areas'
  );

const mixture = z
  .object({ fraction: ratio, uncertainty: z.number().min(0) })
  .describe('Experimental: endolymph share from a two-end-member mixture');

const grade = z
  .object({
    scheme: z.literal('nakashima'),
    suggested: z.enum(['none', 'mild', 'significant']),
    borderline: z.boolean().describe('True if doubts is not empty'),
    doubts: z.array(
      z.object({
        code: z.enum([
          'interval',
          'alignment',
          'neighbouring-slice',
          'area-volume-gap',
          'weak-enhancement',
        ]),
        message: z.string(),
      })
    ),
  })
  .describe('Vestibule only, by area; a suggestion for the reader');

const codes = z.array(z.string()).optional();

const organ = z.object({
  measurable: z
    .boolean()
    .describe(
      'False if a warning voids the ratio: the ratios were counted but are not a measurement'
    ),
  voided: z
    .object({ ratio: codes, mixture: codes, grade: codes })
    .describe('Codes of the warnings that void an output; an output that is valid is absent'),
  area: area.nullable(),
  emptySlice: area
    .pick({ chosenBy: true, automaticImage: true })
    .extend({ image: image.nullable() })
    .optional()
    .describe('Only if the organ has no pixel on its representative slice: area is null then'),
  volume,
  mixture: mixture.nullable().describe('Null if there is none, or if it is voided'),
  grade: grade
    .nullable()
    .optional()
    .describe('Null if there is no area ratio, or if the grade is voided'),
  slices: z
    .array(slice)
    .describe('Every slice with a pixel of the organ, in the order of the stack'),
  mask: z
    .enum(['automatic', 'edited', 'drawn'])
    .describe('Voxels from the network, from the network with edits, or from neither'),
  automatic: z
    .object({
      areaRatio: ratio
        .nullable()
        .describe('On the slice of the rules; null if the region had no pixel there'),
      volumeRatio: ratio,
    })
    .nullable()
    .optional()
    .describe(
      'Only if the region was edited: what it gave before; null if that is not known any more'
    ),
});

const ear = z.object(perOrgan(() => organ.nullable()));

const alignment = z.object({
  treatment: z.enum(['identical', 'resampled', 'corrected']),
  translation: millimetres.describe('Millimetres, LPS, relative to MRC'),
  rotation: millimetres.describe('Degrees about the LPS axes'),
  displacement: z.number().min(0).describe('Largest displacement in the region of the ears, mm'),
  againstPei: z
    .object({
      displacement: z.number().min(0),
      standardError: z.number().min(0),
      left: z
        .array(z.object({ center: millimetres, offset: millimetres }))
        .optional()
        .describe('What of it is left at each ear: middle of the ear and offset of PPI, LPS mm'),
    })
    .optional()
    .describe('PPI only: how far it stood from PEI as that is placed, and its standard error, mm'),
  interpolation: z.enum(['none', 'trilinear', 'cubic']),
});

/** The published format of `measurement.json`, version 2; `docs/measurement.schema.json` is made from it. */
export const measurementSchema = z
  .object({
    schema: z.literal('inner-ear-hydrops/measurement@2'),
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
    method: z.enum(METHOD_KEYS),
    ears: z
      .object(perEar(() => ear.nullable()))
      .describe('Null if the ear has no region; absentEars says why'),
    absentEars: z
      .object(perEar(() => z.enum(ABSENCE_REASONS).nullable()))
      .describe('Why an ear is null; null for an ear that is measured'),
    choices: z
      .object({
        method: chosenBy,
        roles: z.object(perRole(() => chosenBy)),
        ears: z.object(perEar(() => chosenBy)),
        automatic: z
          .object({
            series: z
              .partialRecord(z.enum(ROLE_KEYS), z.string().nullable())
              .describe('Series Instance UID by role; null if no series had been recognised'),
            ears: z
              .partialRecord(z.enum(EAR_SIDES), millimetres)
              .describe('Position by ear, millimetres, LPS'),
          })
          .optional()
          .describe(
            'What the software had in place of series and ear positions that the reader chose, as far as it is known'
          ),
      })
      .describe('Who chose method, series and ear positions; for slices and masks see there'),
    earPositions: z
      .partialRecord(z.enum(EAR_SIDES), millimetres)
      .optional()
      .describe('Middle of what the network saw of each ear, millimetres, LPS'),
    warnings: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        ear: z.enum(EAR_SIDES).nullable(),
        organ: z.enum(ORGAN_KEYS).nullable().optional(),
        values: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
      })
    ),
    alignment: z.object({ ppi: alignment, pei: alignment.nullable() }).nullable(),
    timings: z.record(z.string(), z.number().min(0)).describe('Milliseconds by stage'),
  })
  .describe('Endolymphatic hydrops measurement of one study. For research use only.');

/** JSON Schema (2020-12) of `measurement.json`. */
export function measurementJsonSchema(): Record<string, unknown> {
  return withoutTypeLists(z.toJSONSchema(measurementSchema)) as Record<string, unknown>;
}

/** Strict validators (ajv) refuse `"type": ["number", "string"]`; the same is written as alternatives. */
function withoutTypeLists(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutTypeLists);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === 'type' && Array.isArray(value)
        ? ['anyOf', value.map((type: unknown) => ({ type }))]
        : [key, withoutTypeLists(value)]
    )
  );
}
