import { firstItems } from '../items';
import type { Role, SeriesHeader } from '../types';
import { recognizeRoles } from './recognizeRoles';
import { DEFAULT_ROLE_RULES } from './roleRules';
import { headerOf } from '../../test/testGrids';

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
    'different sequences that fit equally: the reader chooses',
    [
      series('a', 'T2 CISS', { echoTime: 400 }),
      series('a2', 't2_space_tra', { echoTime: 600 }),
      series('b', 'PPI'),
      series('c', 'PEI'),
    ],
    { mrc: null, ppi: 'b', pei: 'c' },
  ],
  [
    'two that could be PPI and PEI either way: the reader chooses',
    [
      series('a', 'MRC'),
      series('b', 'hT2w FLAIR and IR', { echoTime: 540, scanningSequence: ['IR'] }),
      series('c', 'hT2w FLAIR and IR', { echoTime: 540, scanningSequence: ['IR'] }),
    ],
    { mrc: 'a', ppi: null, pei: null },
  ],
  [
    'of two series, that on the grid of the others',
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

test('one series never has two roles, and each series and role has a reason', () => {
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

describe('a sequence that was acquired again', () => {
  const at = (time: string, number: number): Partial<SeriesHeader> => ({
    seriesNumber: number,
    attributes: { AcquisitionDate: '20260131', AcquisitionTime: time },
  });
  const [mrc, ppi, pei] = [
    series('a', 'MRC', at('100000', 3)),
    series('b', 'PPI', at('100800', 4)),
    series('c', 'PEI', at('101600', 5)),
  ];

  test('gives the later series, whatever the order of files and numbers, and says so with both names', () => {
    const again = series('a2', 'MRC repeat', at('102400', 2));
    for (const headers of [
      [mrc, again, ppi, pei],
      [pei, ppi, again, mrc],
    ]) {
      const { roles, warnings, roleReasons, reasons } = recognizeRoles(headers);
      expect(roles).toEqual({ mrc: 'a2', ppi: 'b', pei: 'c' });
      expect(warnings).toEqual([
        {
          code: 'series-repeated',
          message:
            'Series 2 "MRC repeat" and series 3 "MRC" fit MRC equally well. The later series, series 2 "MRC repeat", was ' +
            'taken. If another series is better, choose it.',
          ear: null,
          values: { role: 'mrc', series: 'a2', others: 'a' },
        },
      ]);
      expect(roleReasons.mrc).toBe(warnings[0]!.message);
      expect(reasons.a).toContain('series 2 "MRC repeat" was taken instead');
    }
  });

  test('without times the later Series Number decides, without numbers the creation of the images', () => {
    const numbered = (uid: string, seriesNumber: number) => series(uid, 'MRC', { seriesNumber });
    expect(recognizeRoles([numbered('x', 12), numbered('y', 9)]).roles.mrc).toBe('x');
    const created = (uid: string, InstanceCreationTime: string) =>
      series(uid, 'MRC', {
        seriesNumber: null,
        attributes: { InstanceCreationDate: '20260131', InstanceCreationTime },
      });
    expect(recognizeRoles([created('x', '120000'), created('y', '115959')]).roles.mrc).toBe('x');
  });

  test('all three again: the later set', () => {
    const again = [
      series('a2', 'MRC', at('110000', 6)),
      series('b2', 'PPI', at('110800', 7)),
      series('c2', 'PEI', at('111600', 8)),
    ];
    const { roles, warnings } = recognizeRoles([...again, mrc, ppi, pei]);
    expect(roles).toEqual({ mrc: 'a2', ppi: 'b2', pei: 'c2' });
    expect(warnings.map(({ values }) => values?.role)).toEqual(['mrc', 'ppi', 'pei']);
  });

  test('a PPI of another sitting is not subtracted from this PEI, however late it is', () => {
    const nextDay = series('b2', 'PPI', {
      attributes: { AcquisitionDate: '20260201', AcquisitionTime: '090000' },
    });
    const { roles, warnings } = recognizeRoles([mrc, ppi, pei, nextDay]);
    expect(roles).toEqual(ALL);
    expect(warnings[0]!.message).toContain('The series acquired with the others');
  });

  test('PPI and PEI that were reconstructed twice are taken of one kind', () => {
    const both = (uid: string, name: string, number: number) => [
      series(`${uid}1`, name, {
        seriesNumber: number,
        imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
      }),
      series(uid, name, {
        seriesNumber: number + 1,
        imageType: ['ORIGINAL', 'PRIMARY', 'M', 'NORM'],
      }),
    ];
    // The later PEI is of another kind than PPI.
    const [plain, normal] = firstItems(both('c', 'PEI', 6), 2);
    const swapped = [
      { ...plain, seriesNumber: 7 },
      { ...normal, seriesNumber: 6 },
    ];
    const { roles } = recognizeRoles([mrc, both('b', 'PPI', 4)[1]!, ...swapped]);
    expect(roles).toEqual(ALL);
  });

  test('a series that the reader names is kept, and the others go with it', () => {
    const again = [series('b2', 'PPI', at('130000', 7)), series('c2', 'PEI', at('130800', 8))];
    const headers = [mrc, ppi, pei, ...again];
    expect(recognizeRoles(headers).roles).toEqual({ mrc: 'a', ppi: 'b2', pei: 'c2' });
    const given = recognizeRoles(headers, DEFAULT_ROLE_RULES, { ppi: 'b' });
    expect(given.roles).toEqual(ALL);
    expect(given.warnings.map(({ values }) => values?.role)).toEqual(['pei']);
    expect(recognizeRoles([mrc, ppi, pei], DEFAULT_ROLE_RULES, { pei: 'b' }).roles.ppi).toBeNull();
  });
});
