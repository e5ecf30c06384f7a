import { z } from 'zod';
import { absentEarWarnings, AUTOMATIC_CHOICES, suggestGrade, applyWarnings } from '../measurement';
import { isGraded, isOrgan, isWarningCode, perOrgan } from '../registry';
import type {
  AreaMeasurement,
  EarMeasurement,
  MaskOrigin,
  Measurement,
  Organ,
  OrganMeasurement,
  Warning,
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
const measurement1 = measurementSchema.omit({ schema: true, choices: true, ears: true }).extend({
  schema: z.literal('inner-ear-hydrops/measurement@1'),
  ears: z.object({ left: ear1.nullable(), right: ear1.nullable() }),
});
type Organ1 = z.infer<typeof organ1>;

/**
 * A stored measurement of this or the earlier version, or null where it is neither. What version 1 did not hold is
 * null or empty (numbers of images, intervals of areas, slices); its choices count as automatic. Warnings
 * of a code that this software does not know are left out: they void nothing here.
 *
 * @param json as parsed
 * @param mask where the regions of a version 1 result come from, which it does not say
 */
export function measurementOf(json: unknown, mask: MaskOrigin = 'automatic'): Measurement | null {
  const now = measurementSchema.safeParse(json);
  if (now.success)
    return { ...(now.data as Measurement), warnings: knownWarnings(now.data.warnings) };
  const then = measurement1.safeParse(json);
  if (!then.success) return null;
  const { ears: stored, warnings: storedWarnings, ...rest } = then.data;
  const ears = { left: ear2(stored.left, mask), right: ear2(stored.right, mask) };
  const warnings = knownWarnings(storedWarnings);
  return {
    ...rest,
    schema: 'inner-ear-hydrops/measurement@2',
    ears: applyWarnings(ears, warnings, rest.method),
    choices: AUTOMATIC_CHOICES,
    warnings: [...warnings, ...absentEarWarnings(ears, [])],
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
