import { DEFAULT_ROLE_RULES, recognizeRoles } from '@inner-ear-hydrops/core';
import { DEFAULT_CONFIG, readConfig } from './config';

const read = (innerEarHydrops: unknown, customization?: unknown) =>
  readConfig({ innerEarHydrops }, { getCustomization: () => customization });

describe('settings of a site', () => {
  it('are the built-in settings if the site says nothing', () => {
    for (const nothing of [undefined, null, {}]) {
      expect(read(nothing, nothing)).toEqual({ config: DEFAULT_CONFIG, problems: [] });
    }
    expect(readConfig(undefined, undefined)).toEqual({ config: DEFAULT_CONFIG, problems: [] });
  });

  it('are all taken where they are right', () => {
    const given = {
      modelUrl: 'https://models.example/ear/manifest.json',
      backend: 'wasm',
      roleRules: { minimumImages: 4, roles: { pei: { inversionTime: null } } },
      autoRestore: true,
      archiveTimeout: 1,
      readerName: 'Kim^Minji',
      saveParts: { summary: true },
      segmentationType: 'labelmap',
      storeAttempts: 1,
      keepUnsaved: false,
      debug: true,
    };
    const { config, problems } = read(given);
    expect(problems).toEqual([]);
    expect(config).toEqual({
      ...given,
      saveParts: { ...DEFAULT_CONFIG.saveParts, summary: true },
      roleRules: {
        ...DEFAULT_ROLE_RULES,
        minimumImages: 4,
        roles: {
          ...DEFAULT_ROLE_RULES.roles,
          pei: { ...DEFAULT_ROLE_RULES.roles.pei, inversionTime: null },
        },
      },
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { modelUrl: '' },
      `innerEarHydrops.modelUrl: "" is not the address of a manifest.json; ${DEFAULT_CONFIG.modelUrl} is used.`,
    ],
    [
      { modelUrl: 'http://' },
      `innerEarHydrops.modelUrl: "http://" is not the address of a manifest.json (it cannot be read as an address); ${DEFAULT_CONFIG.modelUrl} is used.`,
    ],
    [
      { backend: 'gpu' },
      'innerEarHydrops.backend: "gpu" is not one of auto, webgl, wasm; auto is used.',
    ],
    [
      { roleRules: 'MRC' },
      'innerEarHydrops.roleRules: "MRC" is not an object with minimumImages, minimumScore, minimumLead, excludeNames, excludeImageTypes, derivedNames, derivedPenalty, sameGridScore, roles; the built-in value is used.',
    ],
    [
      { autoRestore: 'yes' },
      'innerEarHydrops.autoRestore: "yes" is not true or false; false is used.',
    ],
    [
      { archiveTimeout: 0 },
      'innerEarHydrops.archiveTimeout: 0 is not a number of milliseconds from 1 to 2147483647; 30000 is used.',
    ],
    [
      { archiveTimeout: Infinity },
      'innerEarHydrops.archiveTimeout: Infinity is not a number of milliseconds from 1 to 2147483647; 30000 is used.',
    ],
    [
      { readerName: 'Kim\\Lee' },
      'innerEarHydrops.readerName: "Kim\\\\Lee" is not null or a name such as "Family^Given" (at most 64 characters, no backslash); null is used.',
    ],
    [
      { saveParts: ['report'] },
      'innerEarHydrops.saveParts: ["report"] is not an object with hydrops, hydrops-mi2, segmentation, report, summary, parametric-map; the built-in value is used.',
    ],
    [
      { saveParts: { report: 'no' } },
      'innerEarHydrops.saveParts.report: "no" is not true or false; true is used.',
    ],
    [
      { saveParts: { raport: false } },
      'innerEarHydrops.saveParts.raport is not a setting; is "report" meant?',
    ],
    [
      { segmentationType: 'seg' },
      'innerEarHydrops.segmentationType: "seg" is not one of binary, labelmap; binary is used.',
    ],
    [
      { storeAttempts: 2.5 },
      'innerEarHydrops.storeAttempts: 2.5 is not a whole number from 1 to 100; 3 is used.',
    ],
    [
      { keepUnsaved: null },
      'innerEarHydrops.keepUnsaved: null is not true or false; true is used.',
    ],
    [{ modelURL: '/m.json' }, 'innerEarHydrops.modelURL is not a setting; is "modelUrl" meant?'],
    [
      { colour: 'red' },
      'innerEarHydrops.colour is not a setting; there are modelUrl, backend, roleRules, autoRestore, archiveTimeout, readerName, saveParts, segmentationType, storeAttempts, keepUnsaved, debug.',
    ],
  ])('%j: the value is named, and the built-in value is used', (given, problem) => {
    expect(read(given)).toEqual({ config: DEFAULT_CONFIG, problems: [problem] });
  });

  it('that are no object at all are named', () => {
    for (const wrong of ['auto', 7, [], () => undefined]) {
      const { config, problems } = read(wrong);
      expect(config).toEqual(DEFAULT_CONFIG);
      expect(problems).toEqual([
        expect.stringMatching(/^innerEarHydrops: .+ is not an object with/),
      ]);
    }
  });

  it('that throw when they are read hide no other', () => {
    const given = {
      debug: 'x',
      get backend(): string {
        throw new Error('not yet');
      },
      storeAttempts: 5,
    };
    expect(read(given)).toEqual({
      config: { ...DEFAULT_CONFIG, storeAttempts: 5 },
      problems: [
        'innerEarHydrops.backend could not be read (not yet); auto is used.',
        'innerEarHydrops.debug: "x" is not true or false; false is used.',
      ],
    });
  });

  it('apply beside a wrong setting', () => {
    const { config, problems } = read({ backend: 'gpu', storeAttempts: 5 });
    expect(config).toEqual({ ...DEFAULT_CONFIG, storeAttempts: 5 });
    expect(problems).toHaveLength(1);
  });
});

describe('a customization', () => {
  it('wins field by field, and a wrong value in it leaves what the configuration says', () => {
    const { config, problems } = read(
      { backend: 'wasm', storeAttempts: 5 },
      { id: CUSTOMIZATION, backend: 'gpu', storeAttempts: 7 }
    );
    expect(config).toEqual({ ...DEFAULT_CONFIG, backend: 'wasm', storeAttempts: 7 });
    expect(problems).toEqual([
      'customization innerEarHydrops.backend: "gpu" is not one of auto, webgl, wasm; wasm is used.',
    ]);
  });

  it('that the viewer cannot hand out is named, and the rest applies', () => {
    const broken = {
      getCustomization: () => {
        throw new Error('unknown command $st');
      },
    };
    expect(readConfig({ innerEarHydrops: { backend: 'wasm' } }, broken)).toEqual({
      config: { ...DEFAULT_CONFIG, backend: 'wasm' },
      problems: ['The customization innerEarHydrops could not be read (unknown command $st).'],
    });
  });
});

describe('role rules', () => {
  const rulesOf = (roleRules: unknown) => {
    const { config, problems } = read({ roleRules });
    // Whatever the site wrote, the series can be told by what came of it.
    expect(() => recognizeRoles([], config.roleRules)).not.toThrow();
    return { rules: config.roleRules, problems };
  };

  it('with an expression that does not compile: it is named, and the built-in list takes its place', () => {
    const { rules, problems } = rulesOf({
      excludeNames: ['scout', '(unclosed'],
      derivedNames: { hydrops: '[' },
      roles: {
        mrc: {
          names: [
            { pattern: '*mrc', score: 10 },
            { pattern: 'site mrc', score: 9 },
          ],
        },
      },
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^innerEarHydrops\.roleRules\.excludeNames\[1\]: "\(unclosed" is not a regular expression \(.*Unterminated group\); the built-in entries are used instead\.$/
      ),
      expect.stringMatching(
        /^innerEarHydrops\.roleRules\.derivedNames\.hydrops: "\[" is not a regular expression \(.*\); \^hydrops .* is used\.$/
      ),
      expect.stringMatching(
        /^innerEarHydrops\.roleRules\.roles\.mrc\.names\[0\]\.pattern: "\*mrc" is not a regular expression/
      ),
    ]);
    expect(rules.excludeNames).toEqual(['scout', ...DEFAULT_ROLE_RULES.excludeNames]);
    expect(rules.derivedNames).toEqual(DEFAULT_ROLE_RULES.derivedNames);
    expect(rules.roles.mrc.names).toEqual([
      { pattern: 'site mrc', score: 9 },
      ...DEFAULT_ROLE_RULES.roles.mrc.names,
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'an entry without its score',
      { roles: { ppi: { names: [{ pattern: 'ppi' }] } } },
      /names\[0\]\.score is missing; it must be a number; the built-in entries/,
    ],
    [
      'a bare word in place of an entry',
      { roles: { ppi: { names: ['ppi'] } } },
      /names\[0\]: "ppi" is not an object with pattern, score/,
    ],
    [
      'a text in place of a list',
      { excludeNames: 'scout' },
      /excludeNames: "scout" is not a list of regular expressions; the built-in value/,
    ],
    [
      'a role that is not there',
      { roles: { mcr: {} } },
      /roles\.mcr is not a setting; is "mrc" meant\?/,
    ],
    [
      'an inversion time in words',
      { roles: { ppi: { inversionTime: { minimum: 'long' } } } },
      /inversionTime\.minimum: "long" is not a number of milliseconds from 0; 2150 is used/,
    ],
  ])('%s', (_, roleRules, problem) => {
    const { rules, problems } = rulesOf(roleRules);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(rules).toEqual(DEFAULT_ROLE_RULES);
  });
});

const CUSTOMIZATION = 'innerEarHydrops';
