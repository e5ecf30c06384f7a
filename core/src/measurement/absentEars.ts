import { EAR_SIDES, organWords, perEar } from '../registry';
import type { EarAbsence } from '../study';
import type { AbsenceReason, EarMeasurement, EarSide, Measurement, Warning } from '../types';

/** @param absent ears that a network looked for in vain */
export function absencesOf(
  ears: Record<EarSide, EarMeasurement | null>,
  absent: readonly EarAbsence[]
): Measurement['absentEars'] {
  return perEar((ear) =>
    ears[ear] ? null : (absent.find(({ side }) => side === ear)?.reason ?? 'no-region')
  );
}

/** One warning for each ear that is not measured: silence would look like an ear without findings. */
export function absentEarWarnings(absences: Measurement['absentEars']): Warning[] {
  return EAR_SIDES.flatMap((ear): Warning[] => {
    const reason = absences[ear];
    if (!reason) return [];
    return [{ code: 'ear-not-found', message: absenceWords(ear, reason), ear, values: { reason } }];
  });
}

/** Whether a network has looked for the ear in vain; false where it only has no region. */
export function isEarLost({ absentEars }: Pick<Measurement, 'absentEars'>, ear: EarSide): boolean {
  const reason = absentEars[ear];
  return reason !== null && reason !== 'no-region';
}

/** Why an ear is not measured, and what to do. */
export function absenceWords(ear: EarSide, reason: AbsenceReason): string {
  const what = `The ${ear} ear was not found and is not measured`;
  switch (reason) {
    case 'field-of-view':
      return (
        `${what}: the place where it must be is outside MRC or at its border. ` +
        'Use a series that covers both temporal bones.'
      );
    case 'noise':
      return (
        `${what}: on MRC, fluid hardly stands out from the noise. ` +
        'Repeat the series, mark the centre of the ear, or draw its regions by hand.'
      );
    case 'not-recognised':
      return (
        `${what}: nothing on MRC was recognised as this ear; an artefact or an unusual shape may be the cause. ` +
        'Look at the images, then mark the centre of the ear or draw its regions by hand.'
      );
    case 'no-region':
      return (
        `The ${ear} ear has no region and is not measured. ` +
        `Draw its ${organWords('and')}, or compute the study again.`
      );
  }
}
