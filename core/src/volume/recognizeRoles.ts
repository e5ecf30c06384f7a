import { ROLE_KEYS } from '../registry';
import type { Role, SeriesHeader, Warning } from '../types';
import { describeSeries } from './describeSeries';
import { contradiction, derivedKind, exclusion, LABELS, rate, type Candidate } from './rateSeries';
import { areRepeats, passedOverWarning, repeatedWarning, takeLater } from './repeatedSeries';
import { DEFAULT_ROLE_RULES, type RoleRules } from './roleRules';
import { kindsByTime, ratedByTime } from './severalRoles';

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

/** Score of a series that the reader chose: no other set of series can outweigh it. */
const CHOSEN = 1000;

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
  const several = kindsByTime(headers, rules);
  for (const header of headers) {
    const uid = header.seriesInstanceUid;
    const isOfSeveral = several.has(uid);
    const settled = ROLE_KEYS.filter((role) => given[role] === uid);
    for (const role of settled) {
      const reason = 'chosen by the reader';
      const fit = isOfSeveral ? rate(ratedByTime(header), rules.roles[role], rules).score : 0;
      candidates[role].push({ header, score: CHOSEN + fit, reason });
      reasons[uid] = reason;
    }
    if (settled.length > 0 && !isOfSeveral) continue;
    const kind = derivedKind(header, rules);
    const excluded = kind ? `${kind} result` : exclusion(header, rules);
    if (kind === 'HYDROPS-Mi2') derived.hydropsMi2 = uid;
    if (kind === 'HYDROPS') derived.hydrops = uid;
    if (excluded) {
      reasons[uid] ??= `not used: ${excluded}`;
      continue;
    }
    const rated = isOfSeveral ? ratedByTime(header) : header;
    const conflict = contradiction(rated, rules);
    if (conflict) {
      reasons[uid] ??= `not used: ${conflict}`;
      continue;
    }
    if (settled.length === 0) reasons[uid] = 'no role fits';
    for (const role of ROLE_KEYS) {
      if (given[role]) continue;
      const candidate = { ...rate(rated, rules.roles[role], rules), header };
      if (candidate.score >= rules.minimumScore) candidates[role].push(candidate);
    }
  }
  for (const role of ROLE_KEYS) candidates[role] = bestOfSeries(candidates[role]);
  return { ...choose(candidates, rules, reasons, several), derived };
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
  reasons: Record<string, string>,
  several: ReadonlySet<string>
): Pick<RecognizedRoles, 'roles' | 'reasons' | 'roleReasons' | 'warnings'> {
  const triples = combinations(candidates, rules, several);
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
  warnings.push(...passedOver(candidates, taken.series, rivals, roles));
  return { roles, reasons, roleReasons, warnings };
}

/** `series-repeated` of the sequence of a role acquired again as a series that fits the role less well. */
function passedOver(
  candidates: Record<Role, Candidate[]>,
  taken: Record<Role, Candidate | null>,
  rivals: Record<Role, Candidate[]>,
  roles: Record<Role, string | null>
): Warning[] {
  const scoreAs = (role: Role, uid: string): number =>
    candidates[role].find(({ header }) => header.seriesInstanceUid === uid)?.score ?? -Infinity;
  const used = new Set(Object.values(roles));
  return ROLE_KEYS.flatMap((role) => {
    const chosen = taken[role];
    if (!chosen || roles[role] === null || chosen.score >= CHOSEN) return [];
    const others = candidates[role].filter(({ header, score }) => {
      const uid = header.seriesInstanceUid;
      if (used.has(uid) || rivals[role].some((rival) => rival.header === header)) return false;
      if (ROLE_KEYS.some((other) => other !== role && scoreAs(other, uid) >= score)) return false;
      return areRepeats([chosen.header, header]);
    });
    return others.map(({ header }) => passedOverWarning(role, LABELS[role], chosen.header, header));
  });
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

function combinations(
  candidates: Record<Role, Candidate[]>,
  rules: RoleRules,
  several: ReadonlySet<string>
): Combination[] {
  const found: Combination[] = [];
  const isOne = (a: Candidate | null, b: Candidate | null): boolean => {
    const [first, other] = [a?.header, b?.header];
    if (!first || !other || first.seriesInstanceUid !== other.seriesInstanceUid) return false;
    return !several.has(first.seriesInstanceUid) || first === other;
  };
  for (const mrc of [null, ...candidates.mrc]) {
    for (const ppi of [null, ...candidates.ppi]) {
      if (isOne(ppi, mrc)) continue;
      for (const pei of [null, ...candidates.pei]) {
        if (isOne(pei, mrc) || isOne(pei, ppi)) continue;
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
