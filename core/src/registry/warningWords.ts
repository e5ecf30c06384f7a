import type { WarningCode } from './warnings';

/** Names that are not written in small letters. */
const NAMES: Record<string, string> = { csf: 'CSF', mrc: 'MRC', roi: 'ROI', webgl: 'WebGL' };

/**
 * A warning in two to four words, "perilymph not enhanced": the reason that stands beside a voided number, where
 * the warning itself says the rest.
 */
export function warningWords(code: WarningCode): string {
  return code
    .split('-')
    .map((word) => NAMES[word] ?? word)
    .join(' ');
}
