import type { Role, SeriesHeader } from '../types';
import { recognizeRoles } from './recognizeRoles';
import { DEFAULT_ROLE_RULES } from './roleRules';
import { headerOf } from './testGrids';

type Expected = Record<Role, string | null>;
const ALL: Expected = { mrc: 'a', ppi: 'b', pei: 'c' };

function series(
  uid: string,
  description: string,
  changes: Partial<SeriesHeader> = {}
): SeriesHeader {
  return headerOf({ seriesInstanceUid: uid, seriesDescription: description, ...changes });
}
const inversion = (time: number): Partial<SeriesHeader> => ({
  inversionTime: time,
  echoTime: 540,
  scanningSequence: ['SE', 'IR'],
});

const STUDIES: [string, SeriesHeader[], Expected][] = [
  ['abbreviations', [series('a', 'MRC'), series('b', 'PPI'), series('c', 'PEI')], ALL],
  [
    'abbreviations within names',
    [series('a', 't2_spc_MRC_0.5'), series('b', 'ax-PPI-4h'), series('c', 'ax_PEI_4h')],
    ALL,
  ],
  [
    "the paper's names",
    [
      series('a', 'MR cisternography', { echoTime: 544 }),
      series('b', 'hT2w-3D-FLAIR'),
      series('c', 'hT2w-3D-IR'),
    ],
    ALL,
  ],
  [
    'words',
    [
      series('a', 'Heavily T2'),
      series('b', 'Positive Perilymph'),
      series('c', 'positive endolymph image'),
    ],
    ALL,
  ],
  [
    'FLAIR and IR told apart by inversion time',
    [
      series('a', 't2_space_tra_iso'),
      series('b', '3D FLAIR', inversion(2250)),
      series('c', '3D IR', inversion(2050)),
    ],
    ALL,
  ],
  [
    'both called FLAIR',
    [
      series('a', 'T2 CISS'),
      series('b', 'spc_flair', inversion(2250)),
      series('c', 'spc_flair', inversion(2050)),
    ],
    ALL,
  ],
  [
    'PPI and PEI by inversion time alone, MRC by echo time alone',
    [
      series('a', 'scan 3', { echoTime: 540, scanningSequence: ['SE'] }),
      series('b', 'scan 4', inversion(2250)),
      series('c', 'scan 5', inversion(2050)),
    ],
    ALL,
  ],
  [
    'protocol name where the description says nothing',
    [
      series('a', '', { protocolName: 'Zisternographie' }),
      series('b', '', { protocolName: 'PPI' }),
      series('c', '', { protocolName: 'PEI' }),
    ],
    ALL,
  ],
  [
    'distractors: localiser, T1, diffusion, too few images, CT, MIP',
    [
      series('x1', 'localizer', { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }),
      series('x2', 't1_mprage_gd'),
      series('x3', 'MRC thick', { imageCount: 3 }),
      series('x4', 'MRC', { modality: 'CT' }),
      series('x5', 'MRC MIP'),
      series('a', 'MRC'),
      series('b', 'PPI'),
      series('c', 'PEI'),
    ],
    ALL,
  ],
  ['MRC and PPI only', [series('a', 'MRC'), series('b', 'PPI')], { mrc: 'a', ppi: 'b', pei: null }],
  [
    'names that say nothing',
    [series('a', 'scan 1'), series('b', 'scan 2')],
    { mrc: null, ppi: null, pei: null },
  ],
  [
    'a brain FLAIR without inversion time',
    [series('b', 'FLAIR')],
    { mrc: null, ppi: null, pei: null },
  ],
  [
    'two that fit equally: the reader chooses',
    [series('a', 'MRC'), series('b', 'PPI'), series('b2', 'PPI'), series('c', 'PEI')],
    { mrc: 'a', ppi: null, pei: 'c' },
  ],
  [
    'of two the one on the grid of the others',
    [
      series('a', 'MRC', { imageCount: 104 }),
      series('b2', 'PPI', { imageCount: 60 }),
      series('b', 'PPI', { imageCount: 104 }),
      series('c', 'PEI', { imageCount: 104 }),
    ],
    ALL,
  ],
  [
    'magnitude before real',
    [
      series('a', 'MRC'),
      series('b2', 'PPI', { imageType: ['ORIGINAL', 'PRIMARY', 'R'] }),
      series('b', 'PPI'),
      series('c', 'PEI'),
    ],
    ALL,
  ],
  [
    'original before derived',
    [
      series('a2', 'MRC', { imageType: ['DERIVED', 'SECONDARY'] }),
      series('a', 'MRC'),
      series('b', 'PPI'),
      series('c', 'PEI'),
    ],
    ALL,
  ],
];

test.each(STUDIES)('%s', (_, headers, expected) => {
  expect(recognizeRoles(headers).roles).toEqual(expected);
  // The order in which an archive lists the series changes nothing.
  expect(recognizeRoles([...headers].reverse()).roles).toEqual(expected);
});

test('a name that says PEI with the inversion time of PPI is left to the reader', () => {
  // Taking either would flip the sign of the subtraction.
  const result = recognizeRoles([series('a', 'MRC'), series('b', 'PEI', inversion(2250))]);
  expect(result.roles).toEqual({ mrc: 'a', ppi: null, pei: null });
  expect(result.reasons.b).toContain('2250');
});

test('stored HYDROPS images are named as results and never measured', () => {
  const derived = { imageType: ['DERIVED', 'SECONDARY'] };
  const result = recognizeRoles([
    series('a', 'MRC'),
    series('b', 'PPI'),
    series('c', 'PEI'),
    series('h', 'HYDROPS (research use only)', derived),
    series('m', 'HYDROPS-Mi2 (research use only)', derived),
  ]);
  expect(result.roles).toEqual(ALL);
  expect(result.derived).toEqual({ hydrops: 'h', hydropsMi2: 'm' });
});

test('one series never plays two roles, and each series and role has a reason', () => {
  const result = recognizeRoles([
    series('a', 'MRC PPI PEI'),
    series('b', 'FLAIR', inversion(2250)),
  ]);
  const given = Object.values(result.roles).filter(Boolean);
  expect(new Set(given).size).toBe(given.length);
  expect(Object.keys(result.reasons)).toEqual(['a', 'b']);
  expect(result.roleReasons.pei).not.toBe('');
});

test("a site's own rules, read from JSON, name its series", () => {
  const rules = JSON.parse(JSON.stringify(DEFAULT_ROLE_RULES)) as typeof DEFAULT_ROLE_RULES;
  rules.roles.mrc.names.push({ pattern: '^sequence 12$', score: 10 });
  expect(recognizeRoles([series('a', 'sequence 12')]).roles.mrc).toBeNull();
  expect(recognizeRoles([series('a', 'sequence 12')], rules).roles.mrc).toBe('a');
});
