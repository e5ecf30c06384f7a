import * as z from 'zod';
import {
  absencesOf,
  absentEarWarnings,
  AUTOMATIC_CHOICES,
  suggestGrade,
  applyWarnings,
} from '../measurement';
import { isGraded, isOrgan, isWarningCode, perEar, perOrgan } from '../registry';
import {
  RefusedInputError,
  type AreaMeasurement,
  type EarMeasurement,
  type MaskOrigin,
  type Measurement,
  type Organ,
  type OrganMeasurement,
  type Warning,
} from '../types';
import { measurementSchema } from './measurementSchema';

const area1 = z.object({
  ratio: z.number(),
  totalPixels: z.number(),
  endolymphPixels: z.number(),
  totalMm2: z.number(),
  endolymphMm2: z.number(),
  sopInstanceUid: z.string(),
});
const organ1 = measurementSchema.shape.ears.shape.left
  .unwrap()
  .shape.cochlea.unwrap()
  .pick({ volume: true, mixture: true })
  .extend({ area: area1.nullable(), grade: z.unknown().optional() });
const ear1 = z.object(perOrgan(() => organ1.nullable()));
/** `inner-ear-hydrops/measurement@1`: slices by their index on the grid, no choices, nothing voided. */
const measurement1 = measurementSchema
  .omit({ schema: true, choices: true, ears: true, absentEars: true })
  .extend({
    schema: z.literal('inner-ear-hydrops/measurement@1'),
    ears: z.object({ left: ear1.nullable(), right: ear1.nullable() }),
  });
type Organ1 = z.infer<typeof organ1>;

/** What a stored measurement was read as. */
export type ReadMeasurement =
  | { measurement: Measurement; fault: null }
  /** `fault` names the first value that is none, and what is wrong with it. */
  | { measurement: null; fault: string };

/**
 * A stored measurement of this or the earlier version. What version 1 did not hold is null or empty (numbers of images,
 * intervals of areas, slices); its choices count as automatic. Warnings of a code that this software does not know are
 * left out: they void nothing here. A mixture fraction of null, which earlier software wrote where it had found no
 * number, is no fraction.
 *
 * @param json as parsed
 * @param mask where the regions of a version 1 result come from, which it does not say
 */
export function readMeasurement(json: unknown, mask: MaskOrigin = 'automatic'): ReadMeasurement {
  const stored = withAbsences(withoutEmptyMixtures(json));
  const now = measurementSchema.safeParse(stored);
  if (now.success)
    return {
      measurement: { ...(now.data as Measurement), warnings: knownWarnings(now.data.warnings) },
      fault: null,
    };
  const then = measurement1.safeParse(stored);
  if (then.success) return { measurement: ofVersion1(then.data, mask), fault: null };
  const isFirst =
    (stored as { schema?: unknown } | null)?.schema === 'inner-ear-hydrops/measurement@1';
  return { measurement: null, fault: faultOf(isFirst ? then.error : now.error) };
}

/**
 * A measurement as it may leave this software: in its own published format, every number finite.
 * @throws RefusedInputError `measurement-invalid`, naming the value: a fault of this software, never of the images
 */
export function requireMeasurement(measurement: Measurement): void {
  const { error } = measurementSchema.safeParse(measurement);
  if (!error) return;
  const fault = faultOf(error);
  throw new RefusedInputError(
    'measurement-invalid',
    `The measurement holds a value that its format does not allow: ${fault}. Nothing was written.`,
    'This is a fault of the software. Please report it with this message.',
    { fault }
  );
}

/**
 * `measurement.json`.
 * @throws RefusedInputError as `requireMeasurement`
 */
export function measurementJson(measurement: Measurement): string {
  requireMeasurement(measurement);
  return JSON.stringify(measurement, null, 2);
}

/** The first fault, as "ears.left.cochlea.mixture.fraction: Invalid input: …". */
function faultOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.map(String).join('.');
  return [path || 'the whole', issue?.message].join(': ');
}

type Fields = Record<string, unknown>;

function withoutEmptyMixtures(json: unknown): unknown {
  const whole = fieldsOf(json);
  const ears = fieldsOf(whole?.['ears']);
  if (!whole || !ears) return json;
  const ofOrgan = (organ: unknown): unknown => {
    const mixture = fieldsOf(fieldsOf(organ)?.['mixture']);
    const isEmpty = mixture?.['fraction'] === null || mixture?.['uncertainty'] === null;
    return isEmpty ? { ...fieldsOf(organ), mixture: null } : organ;
  };
  const ofEar = (ear: unknown): unknown => mapFields(ear, ofOrgan);
  return { ...whole, ears: mapFields(ears, ofEar) };
}

/** Earlier software told the reason in a warning alone: that an ear has no region is all that is taken from it. */
function withAbsences(json: unknown): unknown {
  const whole = fieldsOf(json);
  const ears = fieldsOf(whole?.['ears']);
  if (!ears || whole?.['absentEars'] !== undefined) return json;
  return { ...whole, absentEars: perEar((ear) => (ears[ear] === null ? 'no-region' : null)) };
}

function mapFields(value: unknown, change: (field: unknown) => unknown): unknown {
  const fields = fieldsOf(value);
  if (!fields) return value;
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, change(field)]));
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function ofVersion1(
  { ears: stored, warnings: storedWarnings, ...rest }: z.infer<typeof measurement1>,
  mask: MaskOrigin
): Measurement {
  const ears = { left: ear2(stored.left, mask), right: ear2(stored.right, mask) };
  const warnings = knownWarnings(storedWarnings);
  const absentEars = absencesOf(ears, []);
  return {
    ...rest,
    schema: 'inner-ear-hydrops/measurement@2',
    ears: applyWarnings(ears, warnings, rest.method),
    absentEars,
    choices: AUTOMATIC_CHOICES,
    warnings: [...warnings, ...absentEarWarnings(absentEars)],
  };
}

function knownWarnings(warnings: readonly (Omit<Warning, 'code'> & { code: string })[]): Warning[] {
  return warnings.flatMap((warning): Warning[] => {
    const { code } = warning;
    if (!isWarningCode(code)) return [];
    // Version 1 named the organ among the values.
    const { organ: hidden, ...values } = warning.values ?? {};
    const organ = warning.organ ?? (isOrgan(hidden) ? hidden : null);
    return [
      { ...warning, code, ...(organ ? { organ } : {}), ...(warning.values ? { values } : {}) },
    ];
  });
}

function ear2(ear: z.infer<typeof ear1> | null, mask: MaskOrigin): EarMeasurement | null {
  return (
    ear &&
    perOrgan((organ) => {
      const stored = ear[organ];
      return stored && organ2(stored, organ, mask);
    })
  );
}

function organ2(stored: Organ1, organ: Organ, mask: MaskOrigin): OrganMeasurement {
  const { volume, mixture } = stored;
  const area = stored.area && area2(stored.area);
  return {
    measurable: true,
    voided: {},
    area,
    volume,
    mixture,
    ...(isGraded(organ) ? { grade: area && suggestGrade({ area, neighbours: [], volume }) } : {}),
    slices: [],
    mask,
  };
}

function area2({ sopInstanceUid, ...counted }: z.infer<typeof area1>): AreaMeasurement {
  return {
    ...counted,
    image: { seriesNumber: null, instanceNumber: null, frameNumber: null, sopInstanceUid },
    interval: null,
    chosenBy: 'automatic',
    automaticImage: null,
  };
}
