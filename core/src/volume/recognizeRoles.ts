import { ROLE_KEYS } from '../registry';
import type { Role, SeriesHeader, Warning } from '../types';
import { complexComponent } from './complexComponent';
import { describeSeries } from './describeSeries';
import { areRepeats, repeatedWarning, takeLater } from './repeatedSeries';
import { DEFAULT_ROLE_RULES, type NamePattern, type RoleRule, type RoleRules } from './roleRules';

export interface RecognizedRoles {
  /** Series Instance UID of each role; null when no series fits, or several sequences fit equally well. */
  roles: Record<Role, string | null>;
  /** Why a series has its role or has none, in words, by Series Instance UID. */
  reasons: Record<string, string>;
  /** Why a role was given or left open, in words. */
  roleReasons: Record<Role, string>;
  /** Stored HYDROPS images, by Series Instance UID. */
  derived: { hydrops: string | null; hydropsMi2: string | null };
  /** `series-repeated`, by `values.role`: a sequence was acquired again, and the later series was taken. */
  warnings: Warning[];
}

const LABELS: Record<Role, string> = { mrc: 'MRC', ppi: 'PPI', pei: 'PEI' };
/** A name worth this much belongs to one role only. */
const SPEAKING_NAME = 10;
/** Score of a series that the reader chose: no other set of series can outweigh it. */
const CHOSEN = 1000;

interface Candidate {
  header: SeriesHeader;
  score: number;
  reason: string;
}

/**
 * Gives the series of a study the roles MRC, PPI and PEI by names, inversion time, echo time,
 * sequence, image type and likeness of grids. All three are chosen together, never the same series
 * twice. Of one sequence that was acquired again the later series is taken (`takeLater`), with a warning; a
 * role that different sequences fit equally well stays null.
 *
 * @param headers of each series one, or one for each kind of image in it (magnitude and phase, echoes)
 * @param given Series Instance UID of roles that are settled: the others are chosen to go with them
 */
export function recognizeRoles(
  headers: readonly SeriesHeader[],
  rules: RoleRules = DEFAULT_ROLE_RULES,
  given: Partial<Record<Role, string>> = {}
): RecognizedRoles {
  const reasons: Record<string, string> = {};
  const derived: RecognizedRoles['derived'] = { hydrops: null, hydropsMi2: null };
  const candidates: Record<Role, Candidate[]> = { mrc: [], ppi: [], pei: [] };
  for (const header of headers) {
    const settled = ROLE_KEYS.filter((role) => given[role] === header.seriesInstanceUid);
    if (settled.length > 0) {
      const reason = 'chosen by the reader';
      for (const role of settled) candidates[role].push({ header, score: CHOSEN, reason });
      reasons[header.seriesInstanceUid] = reason;
      continue;
    }
    const kind = derivedKind(header, rules);
    const excluded = kind ? `${kind} result` : exclusion(header, rules);
    if (kind === 'HYDROPS-Mi2') derived.hydropsMi2 = header.seriesInstanceUid;
    if (kind === 'HYDROPS') derived.hydrops = header.seriesInstanceUid;
    if (excluded) {
      reasons[header.seriesInstanceUid] ??= `not used: ${excluded}`;
      continue;
    }
    const conflict = contradiction(header, rules);
    if (conflict) {
      reasons[header.seriesInstanceUid] ??= `not used: ${conflict}`;
      continue;
    }
    reasons[header.seriesInstanceUid] = 'no role fits';
    for (const role of ROLE_KEYS) {
      if (given[role]) continue;
      const candidate = rate(header, rules.roles[role], rules);
      if (candidate.score >= rules.minimumScore) candidates[role].push(candidate);
    }
  }
  for (const role of ROLE_KEYS) candidates[role] = bestOfSeries(candidates[role]);
  return { ...choose(candidates, rules, reasons), derived };
}

/** Of the kinds of images of a series the one that fits best; of equals the one with most images. */
function bestOfSeries(candidates: Candidate[]): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { seriesInstanceUid, imageCount } = candidate.header;
    const known = best.get(seriesInstanceUid);
    const lead = known ? candidate.score - known.score : Infinity;
    if (lead > 0 || (lead === 0 && imageCount > (known?.header.imageCount ?? 0))) {
      best.set(seriesInstanceUid, candidate);
    }
  }
  return [...best.values()];
}

function choose(
  candidates: Record<Role, Candidate[]>,
  rules: RoleRules,
  reasons: Record<string, string>
): Pick<RecognizedRoles, 'roles' | 'reasons' | 'roleReasons' | 'warnings'> {
  const triples = combinations(candidates, rules);
  const best = triples.reduce((a, b) => (b.score > a.score ? b : a));
  const close = triples.filter(({ score }) => score > best.score - rules.minimumLead);
  const rivals = Object.fromEntries(
    ROLE_KEYS.map((role) => [role, [...new Set(close.flatMap(({ series }) => series[role] ?? []))]])
  ) as Record<Role, Candidate[]>;
  const taken = takeLater(close);
  const roles: Record<Role, string | null> = { mrc: null, ppi: null, pei: null };
  const roleReasons: Record<Role, string> = { mrc: '', ppi: '', pei: '' };
  const warnings: Warning[] = [];
  for (const role of ROLE_KEYS) {
    const chosen = taken.series[role];
    const others = rivals[role].filter((rival) => rival !== chosen);
    if (!chosen) {
      roleReasons[role] = `no series was recognised as ${LABELS[role]}`;
    } else if (others.length === 0) {
      roles[role] = chosen.header.seriesInstanceUid;
      roleReasons[role] = `${describeSeries(chosen.header)}: ${chosen.reason}`;
      reasons[chosen.header.seriesInstanceUid] = chosen.reason;
    } else if (isRepeat(role, rivals)) {
      const warning = repeatedWarning(
        role,
        LABELS[role],
        chosen.header,
        others.map(({ header }) => header)
      );
      warnings.push(warning);
      roles[role] = chosen.header.seriesInstanceUid;
      roleReasons[role] = warning.message;
      reasons[chosen.header.seriesInstanceUid] = `${chosen.reason}; acquired more than once`;
      for (const { header, reason } of others) {
        reasons[header.seriesInstanceUid] =
          `could be ${LABELS[role]} (${reason}); ${describeSeries(chosen.header)} was taken instead`;
      }
    } else {
      const names = rivals[role].map(({ header }) => describeSeries(header));
      roleReasons[role] = `${names.join(' and ')} fit ${LABELS[role]} equally well; choose one`;
      for (const { header, reason } of rivals[role]) {
        reasons[header.seriesInstanceUid] =
          `could be ${LABELS[role]} (${reason}), like another series; choose one`;
      }
    }
  }
  return { roles, reasons, roleReasons, warnings };
}

/** One sequence acquired again, none of which could have another role as well: that might exchange PPI and PEI. */
function isRepeat(role: Role, rivals: Record<Role, Candidate[]>): boolean {
  const uids = rivals[role].map(({ header }) => header.seriesInstanceUid);
  const elsewhere = ROLE_KEYS.filter((other) => other !== role).some((other) =>
    rivals[other].some(({ header }) => uids.includes(header.seriesInstanceUid))
  );
  return !elsewhere && areRepeats(rivals[role].map(({ header }) => header));
}

interface Combination {
  series: Record<Role, Candidate | null>;
  headers: Record<Role, SeriesHeader | null>;
  score: number;
}

function combinations(candidates: Record<Role, Candidate[]>, rules: RoleRules): Combination[] {
  const found: Combination[] = [];
  const uid = (candidate: Candidate | null): string | null =>
    candidate?.header.seriesInstanceUid ?? null;
  for (const mrc of [null, ...candidates.mrc]) {
    for (const ppi of [null, ...candidates.ppi]) {
      if (ppi && uid(ppi) === uid(mrc)) continue;
      for (const pei of [null, ...candidates.pei]) {
        if (pei && (uid(pei) === uid(mrc) || uid(pei) === uid(ppi))) continue;
        const given = [mrc, ppi, pei].filter((candidate) => candidate !== null);
        const pairs = given.flatMap((a, n) => given.slice(n + 1).map((b) => sameMatrix(a, b)));
        const score =
          given.reduce((sum, candidate) => sum + candidate.score, 0) +
          pairs.filter(Boolean).length * rules.sameGridScore;
        const headers = {
          mrc: mrc?.header ?? null,
          ppi: ppi?.header ?? null,
          pei: pei?.header ?? null,
        };
        found.push({ series: { mrc, ppi, pei }, headers, score });
      }
    }
  }
  return found;
}

function sameMatrix(a: Candidate, b: Candidate): boolean {
  const matrix = ({ attributes }: SeriesHeader): string =>
    `${String(attributes.Rows)} × ${String(attributes.Columns)}`;
  return a.header.imageCount === b.header.imageCount && matrix(a.header) === matrix(b.header);
}

/** Why a series cannot play any role, or null. */
function exclusion(header: SeriesHeader, rules: RoleRules): string | null {
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

function derivedKind(header: SeriesHeader, rules: RoleRules): 'HYDROPS' | 'HYDROPS-Mi2' | null {
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
function contradiction(header: SeriesHeader, rules: RoleRules): string | null {
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

function fitsTime(rule: RoleRule, time: number): boolean {
  const range = rule.inversionTime;
  return range !== null && time >= range.minimum && time < range.maximum;
}

function rate(header: SeriesHeader, rule: RoleRule, rules: RoleRules): Candidate {
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
