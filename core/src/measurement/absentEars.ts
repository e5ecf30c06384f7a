import type { EarAbsence } from '../study';
import type { EarMeasurement, EarSide, Warning } from '../types';
import { EAR_SIDES, organWords } from '../registry';

/** `no-region`: the labels, drawn or restored, hold none of the ear, and no network looked for it. */
export type AbsenceReason = EarAbsence['reason'] | 'no-region';

/** One warning for each ear that is not measured: silence would look like an ear without findings. */
export function absentEarWarnings(
  ears: Record<EarSide, EarMeasurement | null>,
  absent: readonly EarAbsence[]
): Warning[] {
  return EAR_SIDES.filter((ear) => ears[ear] === null).map((ear) => {
    const reason = absent.find(({ side }) => side === ear)?.reason ?? 'no-region';
    return { code: 'ear-not-found', message: sentences(ear, reason), ear, values: { reason } };
  });
}

function sentences(ear: EarSide, reason: AbsenceReason): string {
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
