import type { AutomaticChoices, Choices } from '../types';

/** The part of `Choices` that says what the software had; without it where nothing is known. */
export function knownAutomatic(automatic: AutomaticChoices): Pick<Choices, 'automatic'> {
  const isKnown = Object.keys({ ...automatic.series, ...automatic.ears }).length > 0;
  return isKnown ? { automatic } : {};
}
