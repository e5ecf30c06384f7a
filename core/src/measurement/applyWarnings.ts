import {
  EAR_SIDES,
  METHODS,
  ORGANS,
  ORGAN_KEYS,
  putsInDoubt,
  voidedBy,
  type MethodEntry,
  type Output,
  type WarningCode,
} from '../registry';
import type { EarMeasurement, EarSide, Method, Organ, OrganMeasurement, Warning } from '../types';
import { doubtWeakEnhancement } from './grade';

/**
 * A warning that voids a number voids what is made of it: applies the table of warnings and what the method
 * allows, in each warning's own scope (organ, ear or study). To be called when all warnings are known.
 * Counted ratios stay, `measurable` says that they are none. Weak enhancement puts a grade in doubt.
 */
export function applyWarnings(
  ears: Record<EarSide, EarMeasurement | null>,
  warnings: readonly Warning[],
  method: Method
): Record<EarSide, EarMeasurement | null> {
  const result = { ...ears };
  for (const side of EAR_SIDES) {
    const ear = ears[side];
    if (!ear) continue;
    const voided: EarMeasurement = { ...ear };
    for (const organ of ORGAN_KEYS) {
      const measured = ear[organ];
      if (!measured) continue;
      const own = warnings.filter((warning) => concerns(warning, side, organ));
      voided[organ] = voidOrgan(measured, organ, own, METHODS[method]);
    }
    result[side] = voided;
  }
  return result;
}

function concerns(warning: Warning, ear: EarSide, organ: Organ): boolean {
  return (
    (warning.ear === null || warning.ear === ear) &&
    (warning.organ === undefined || warning.organ === null || warning.organ === organ)
  );
}

function voidOrgan(
  measured: OrganMeasurement,
  organ: Organ,
  warnings: Warning[],
  { allows }: MethodEntry
): OrganMeasurement {
  const voided: OrganMeasurement['voided'] = {};
  for (const output of ORGANS[organ].outputs) {
    const codes = warnings.flatMap(({ code }): WarningCode[] =>
      voidedBy(code).includes(output) ? [code] : []
    );
    if (codes.length > 0) voided[output] = [...new Set(codes)];
  }
  const holds = (output: Output): boolean => allows.includes(output) && !voided[output];
  const weak = warnings.some(({ code }) => putsInDoubt(code, 'grade'));
  const grade = measured.grade && weak ? doubtWeakEnhancement(measured.grade) : measured.grade;
  return {
    ...measured,
    measurable: holds('ratio'),
    voided,
    mixture: holds('mixture') ? measured.mixture : null,
    ...(grade === undefined ? {} : { grade: holds('grade') ? grade : null }),
  };
}
