import type { Role } from '../types';

/** A case-insensitive regular expression and what a match is worth. */
export interface NamePattern {
  pattern: string;
  score: number;
}

export interface RoleRule {
  /**
   * Looked for in series description, protocol name and sequence name, with `_`, `-`, `.` and `/`
   * read as spaces. The best match counts once.
   */
  names: NamePattern[];
  /** Names that speak against the role; the score is subtracted. */
  against: NamePattern[];
  /**
   * Milliseconds, minimum ≤ TI < maximum; `null` for a role without inversion. `score` is given for
   * a fit and `penalty` subtracted for an inversion time that does not fit.
   */
  inversionTime: { minimum: number; maximum: number; score: number; penalty: number } | null;
  /** Milliseconds: minimum ≤ TE < maximum is worth the score. */
  echoTime: { minimum: number; maximum: number; score: number };
  /** True when the sequence holds an inversion pulse (Scanning Sequence has IR). */
  inversionRecovery: boolean;
}

/** How series are given roles: plain JSON, so that a site can change it. */
export interface RoleRules {
  /** A series with fewer images is no candidate. */
  minimumImages: number;
  /** A candidate below this score is not taken. */
  minimumScore: number;
  /** Candidates nearer to each other than this are ambiguous. */
  minimumLead: number;
  /** Series whose names match are never candidates. */
  excludeNames: string[];
  /** Series with one of these words in Image Type are never candidates. */
  excludeImageTypes: string[];
  /** Names of results of HYDROPS subtraction, most specific first. */
  derivedNames: { hydropsMi2: string; hydrops: string };
  /** Subtracted from series whose Image Type says DERIVED. */
  derivedPenalty: number;
  /** Added for each pair of roles whose series share rows, columns and number of images. */
  sameGridScore: number;
  roles: Record<Role, RoleRule>;
}

/**
 * Defaults after the sequences of the INHEARIT paper and its peers (TR 9000 ms, TE 540 ms, TI 2250
 * for PPI and 2050 for PEI) and the names that sites and vendors give them. A name that is used for
 * one role only is worth 10, an inversion time 7, a name that others share 3 to 6.
 */
export const DEFAULT_ROLE_RULES: RoleRules = {
  minimumImages: 8,
  minimumScore: 5,
  minimumLead: 0.5,
  excludeNames: [
    'localis?z?er',
    '\\bscouts?\\b',
    '\\bsurvey\\b',
    '\\bplan scan\\b',
    '\\bmip\\b',
    '\\bmpr\\b',
    '\\bdwi\\b',
    '\\badc\\b',
    '\\bsegmentation\\b',
  ],
  excludeImageTypes: [
    'LOCALIZER',
    'MIP',
    'MPR',
    'PROJECTION IMAGE',
    'ADC',
    'SUBTRACTION',
    'CSA MPR',
  ],
  derivedNames: {
    hydropsMi2: '\\bhydrops ?2? ?mi ?2\\b',
    hydrops: '^hydrops ?2?\\b',
  },
  derivedPenalty: 3,
  sameGridScore: 1,
  roles: {
    mrc: {
      names: [
        { pattern: '\\bmrc\\b', score: 10 },
        { pattern: '[ck]isterno?gra', score: 10 },
        { pattern: 'zisterno?gra', score: 10 },
        { pattern: 'cysterno?gra', score: 10 },
        { pattern: 'cisterno', score: 10 },
        { pattern: 'hydrogra(ph|f)', score: 8 },
        { pattern: 'heav(y|ily) t2|\\bh ?t2( ?w)?\\b', score: 6 },
        { pattern: '\\bciss\\b|\\bfiesta( ?c)?\\b|\\bdrive\\b|\\bb ?ffe\\b', score: 6 },
        { pattern: '\\bt2.{0,12}\\b(spc|space|vista|cube|mvox|isofse|mprage)\\b', score: 6 },
        { pattern: '\\b(spc|space|vista|cube|mvox|isofse)\\b.{0,12}\\bt2', score: 6 },
        {
          pattern: '\\bt2.{0,20}\\b(iac|cai|innenohr|inner ear|oreille|o[ií]do|ippc|rocher)',
          score: 6,
        },
      ],
      against: [
        { pattern: 'flair|dark ?fluid|\\btirm\\b|inversion', score: 20 },
        { pattern: '\\b(3d ?)?ir\\b|\\bpsir\\b|\\breal ?ir\\b', score: 20 },
        { pattern: '\\bppi\\b|\\bpei\\b|peri ?l(ymph|infa|ympha)|positive endo', score: 20 },
        { pattern: '\\bt1|\\bdiff|\\btof\\b|\\bswi\\b', score: 20 },
      ],
      inversionTime: null,
      echoTime: { minimum: 380, maximum: 1200, score: 5 },
      inversionRecovery: false,
    },
    ppi: {
      names: [
        { pattern: '\\bppi\\b', score: 10 },
        { pattern: 'positive? ?peri', score: 10 },
        { pattern: 'perilymph|perilinf|perilymfe|périlymph', score: 10 },
        { pattern: '\\bh ?t2.{0,12}flair|heav(y|ily) t2.{0,12}flair', score: 6 },
        { pattern: 'flair|dark ?fluid', score: 3 },
      ],
      against: [{ pattern: '\\bpei\\b|positive? ?endo|\\bmrc\\b|cisterno', score: 20 }],
      inversionTime: { minimum: 2150, maximum: 2800, score: 7, penalty: 7 },
      echoTime: { minimum: 380, maximum: 1200, score: 1 },
      inversionRecovery: true,
    },
    pei: {
      names: [
        { pattern: '\\bpei\\b', score: 10 },
        { pattern: 'positive? ?endo', score: 10 },
        { pattern: 'endolymph(?!atic)|endolinfa(?!t)|endolymfe', score: 10 },
        { pattern: '\\bh ?t2.{0,12}\\b(3d ?)?ir\\b', score: 6 },
        { pattern: '\\b(3d ?)?ir\\b|\\btirm\\b|inversion', score: 3 },
      ],
      against: [{ pattern: '\\bppi\\b|positive? ?peri|perilymph|\\bmrc\\b|cisterno', score: 20 }],
      inversionTime: { minimum: 1850, maximum: 2150, score: 7, penalty: 7 },
      echoTime: { minimum: 380, maximum: 1200, score: 1 },
      inversionRecovery: true,
    },
  },
};
