import { ROLE_KEYS } from '../registry';
import type { Role, SeriesHeader } from '../types';
import { complexComponent } from './complexComponent';
import type { NamePattern, RoleRule, RoleRules } from './roleRules';

export const LABELS: Record<Role, string> = { mrc: 'MRC', ppi: 'PPI', pei: 'PEI' };
/** A name worth this much belongs to one role only. */
const SPEAKING_NAME = 10;

/** A series, or a kind of image in it, that may have a role. */
export interface Candidate {
  header: SeriesHeader;
  score: number;
  reason: string;
}

/** Why a series cannot play any role, or null. */
export function exclusion(header: SeriesHeader, rules: RoleRules): string | null {
  if (header.modality !== 'MR') return `modality ${header.modality || 'unknown'} is not MR`;
  const name = rules.excludeNames.map((pattern) => match(header, pattern)).find(Boolean);
  if (name) return `its name contains "${name}"`;
  const type = header.imageType.find((token) =>
    rules.excludeImageTypes.includes(token.trim().toUpperCase())
  );
  if (type) return `Image Type says ${type}`;
  if (header.imageCount < rules.minimumImages) {
    return `${header.imageCount} ${header.imageCount === 1 ? 'image is' : 'images are'} too few`;
  }
  return null;
}

export function derivedKind(
  header: SeriesHeader,
  rules: RoleRules
): 'HYDROPS' | 'HYDROPS-Mi2' | null {
  const name = normalise(header.seriesDescription);
  if (!isDerived(header)) return null;
  if (new RegExp(rules.derivedNames.hydropsMi2, 'i').test(name)) return 'HYDROPS-Mi2';
  if (new RegExp(rules.derivedNames.hydrops, 'i').test(name)) return 'HYDROPS';
  return null;
}

function isDerived(header: SeriesHeader): boolean {
  return header.imageType[0]?.trim().toUpperCase() === 'DERIVED';
}

/** A series whose name says one role and whose inversion time says another. */
export function contradiction(header: SeriesHeader, rules: RoleRules): string | null {
  const time = header.inversionTime;
  if (!time) return null;
  const named = ROLE_KEYS.find((role) =>
    rules.roles[role].names.some(
      ({ pattern, score }) => score >= SPEAKING_NAME && match(header, pattern) !== null
    )
  );
  const timed = ROLE_KEYS.find((role) => fitsTime(rules.roles[role], time));
  if (!named || !timed || named === timed) return null;
  return `its name says ${LABELS[named]}, its inversion time (0018,0082) of ${time} ms says ${LABELS[timed]}`;
}

export function fitsTime(rule: RoleRule, time: number): boolean {
  const range = rule.inversionTime;
  return range !== null && time >= range.minimum && time < range.maximum;
}

/** How well a series fits a role, and why. */
export function rate(header: SeriesHeader, rule: RoleRule, rules: RoleRules): Candidate {
  const reasons: string[] = [];
  let score = 0;
  const name = bestName(header, rule.names);
  if (name) {
    score += name.score;
    reasons.push(`name contains "${name.text}"`);
  }
  const against = bestName(header, rule.against);
  if (against) score -= against.score;
  const time = header.inversionTime;
  const inverted = Boolean(time) || header.scanningSequence.includes('IR');
  if (!rule.inversionTime) {
    if (time) score -= 20;
  } else if (time) {
    if (fitsTime(rule, time)) {
      score += rule.inversionTime.score;
      reasons.push(`inversion time ${time} ms`);
    } else {
      score -= rule.inversionTime.penalty;
    }
  }
  const echo = header.echoTime;
  if (echo !== null && inverted === rule.inversionRecovery) {
    if (echo >= rule.echoTime.minimum && echo < rule.echoTime.maximum) {
      score += rule.echoTime.score;
      reasons.push(`echo time ${echo} ms`);
    }
  }
  if (inverted !== rule.inversionRecovery && header.scanningSequence.length > 0) score -= 1;
  if (isDerived(header)) score -= rules.derivedPenalty;
  const component = complexComponent(header);
  // The magnitude image of a pair goes first; a lone real image stays, to be explained by checkStudy.
  if (component === 'real') score -= 2;
  if (component === 'phase' || component === 'imaginary') score -= 4;
  return { header, score, reason: reasons.join(', ') };
}

function bestName(
  header: SeriesHeader,
  patterns: readonly NamePattern[]
): { text: string; score: number } | null {
  let best: { text: string; score: number } | null = null;
  for (const { pattern, score } of patterns) {
    const text = match(header, pattern);
    if (text !== null && (best === null || score > best.score)) best = { text, score };
  }
  return best;
}

/** The part of the names that matches, or null. */
function match(header: SeriesHeader, pattern: string): string | null {
  const expression = new RegExp(pattern, 'i');
  for (const name of [header.seriesDescription, header.protocolName, header.sequenceName]) {
    const found = expression.exec(normalise(name));
    if (found) return found[0].trim();
  }
  return null;
}

/** Underscores, hyphens, dots and slashes read as spaces; "MI2" of "HYDROPS-Mi2" stays a word. */
function normalise(name: string): string {
  return name.replace(/[_\-./\\]+/g, ' ').trim();
}
