import { EARS, ORGAN_KEYS, ORGANS } from '../registry';
import type { Warning } from '../types';

/**
 * A warning's message for people. It names the ear that is meant exactly once: messages name it themselves, and
 * one that does not (of an older stored result, say) gets it in front.
 */
export function warningSentence({ ear, organ, message }: Warning): string {
  if (ear === null || namesEar(message, EARS[ear].label)) return message;
  return `${EARS[ear].label} ${organ ? ORGANS[organ].label : 'ear'}: ${message}`;
}

function namesEar(message: string, side: string): boolean {
  const names = ['ear', ...ORGAN_KEYS.map((organ) => ORGANS[organ].label)];
  return new RegExp(`\\b${side} (${names.join('|')})\\b`, 'i').test(message);
}
