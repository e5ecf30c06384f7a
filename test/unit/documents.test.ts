import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { reportContent } from '../../extension/src/result/report/reportContent';
import { reportPage } from '../../extension/src/result/report/reportPage';
import { NO_FINDINGS, withField } from '../../extension/src/state/findingFields';
import { MEASUREMENT, VOIDED } from '../../extension/test/testState';
import { accountFor, countUsed, studyLeftOut } from '../../tools/src/evaluate/accounting';
import { evaluationHtml } from '../../tools/src/evaluate/report';
import { summariseModel } from '../../tools/src/evaluate/summarise';
import { organResult, studyResult } from '../../tools/test/evaluated';
import type { StudyResultOfModel } from '../../tools/src/evaluate/evaluateStudy';
import { progressPlot } from '../../tools/src/train/progressPlot';
import { brokenMarkdown, brokenMarkup, conflictMarkers, namesOfHistory } from '../support/markup';

/** What people read: the texts of the repository, and the pages and pictures that the commands write. */

const ROOT = resolve(__dirname, '../..');
/** Not ours, or made from what is. */
const SKIPPED = new Set(['node_modules', '.git', '.cache', 'dist', 'out', 'coverage']);
const TEXT = /\.(?:ts|tsx|js|mjs|cjs|json|md|py|html|svg|csv|css|txt|yml|yaml)$|^[^.]+$|^\.[^.]+$/;

function textsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsBelow(path);
    return entry.isFile() && TEXT.test(entry.name) ? [path] : [];
  });
}

const texts = textsBelow(ROOT);
const faultsIn = (files: string[], check: (text: string, file: string) => string[]): string[] =>
  files.flatMap((file) =>
    check(readFileSync(file, 'utf8'), file).map((fault) => `${relative(ROOT, file)} ${fault}`)
  );

describe('the repository', () => {
  it('holds no mark of a merge', () => {
    expect(texts.length).toBeGreaterThan(500);
    expect(faultsIn(texts, conflictMarkers)).toEqual([]);
  });

  it('holds no Markdown with a broken table, an open fence or a link that leads nowhere', () => {
    const documents = texts.filter((file) => file.endsWith('.md'));
    expect(documents.length).toBeGreaterThan(9);
    expect(faultsIn(documents, brokenMarkdown)).toEqual([]);
  });

  it('holds no document that names a commit or an issue', () => {
    const documents = texts.filter((file) => file.endsWith('.md'));
    expect(faultsIn(documents, namesOfHistory)).toEqual([]);
    const naming =
      'made at 7556c8d, see #12 and issue 3; the hash 0123456789abcdef, [a](#12-words)';
    expect(namesOfHistory(naming)).toHaveLength(3);
  });

  it('names the viewers of scripts/ohif-versions.json wherever it names versions of the viewer', () => {
    const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
    const { default: first, tested } = JSON.parse(read('scripts/ohif-versions.json')) as {
      default: string;
      tested: string[];
    };
    const packages = JSON.parse(read('package.json')) as { devDependencies: object };
    expect(packages.devDependencies).toMatchObject({ '@ohif/core': first });
    for (const file of ['README.md', 'docs/install.md', 'CONTRIBUTING.md']) {
      const named = new Set(read(file).match(/\b3\.\d\d\.\d+\b/g));
      expect([file, [...named].filter((version) => !tested.includes(version))]).toEqual([file, []]);
    }
    for (const file of ['README.md', 'docs/install.md']) {
      for (const version of tested)
        expect([file, read(file)]).toEqual([file, expect.stringContaining(version)]);
    }
  });

  it('holds no broken page or picture', () => {
    const pages = texts.filter((file) => /\.(?:html|svg)$/.test(file));
    expect(faultsIn(pages, brokenMarkup)).toEqual([]);
  });
});

/** As little as an evaluation can hold: one organ on chosen slices, which the model did not find. */
const missed = organResult({
  annotatedSlices: 1,
  ...{ iou: 0, dice: 0, surfaceDice: 0, hausdorff95: null, foundVolume: 0, confidence: null },
  ...{ volumeRatio: null, areaRatio: null, sliceDistance: null },
  commonSlice: { iou: 0, dice: 0, ratio: null },
  without: { hausdorff95: 'not found', volumeRatio: 'on chosen slices' },
});
function page(studies: StudyResultOfModel[]): string {
  const model = { name: 'a & b <net>', version: '1.0.0', sha256: 'ab'.repeat(32) };
  const of = { model, location: 'here', parameters: 10, bytes: 1000, backend: 'wasm' };
  const picture = {
    study: 'a "b" <c> & d',
    ear: 'left',
    organ: 'cochlea',
    dice: 0.89,
    image: { seriesNumber: 4, instanceNumber: 25, frameNumber: null, sopInstanceUid: '2.25.1' },
    png: PNG.sync.write(new PNG({ width: 1, height: 1 })),
  } as const;
  const entry = { summary: summariseModel(of, studies), studies, examples: [picture], worst: [] };
  const problems = [{ code: 'annotation-empty', where: 'x < y', message: 'It is "empty" & bare.' }];
  // Two models: what stands once for each must not clash on the page.
  const notes = ['case <1>: right cochlea & vestibule were not annotated.'];
  const leftOut = studyLeftOut([
    { code: 'no-<annotation>', where: 'z > y & x', message: 'a < b.' },
  ]);
  const accounting = accountFor(studies.length + 1, countUsed(studies), leftOut);
  const evaluation = { models: [entry, entry], problems, notes, accounting };
  return evaluationHtml(evaluation, 'Studies of <a> & b.');
}

describe('what the commands write', () => {
  it('is a whole page for an evaluation, rich or poor', () => {
    const rich = [0.1, 0.2, 0.35, 0.5].flatMap((measured, n) => [
      organResult({ volumeRatio: { reference: n / 8, measured } }),
      organResult({ organ: 'vestibule', volumeRatio: { reference: n / 7, measured } }),
    ]);
    for (const studies of [
      [studyResult('case <1> & 2', rich)],
      [studyResult('case 3', [missed])],
    ]) {
      const written = page(studies);
      expect([...conflictMarkers(written), ...brokenMarkup(written)]).toEqual([]);
    }
  });

  it('is a whole picture of a training, from its first point on', () => {
    const point = { step: 250, loss: 0.7, iou: [0.5, null], meanIou: 0.5 };
    for (const history of [[point], [point, { ...point, step: 500 }]]) {
      const written = progressPlot('fold <1> & 2', history, ['cochlea', 'vestibule']);
      expect(brokenMarkup(written)).toEqual([]);
    }
  });
});

it.each([
  ['as it is', MEASUREMENT],
  ['that is voided', VOIDED],
])('the panel’s report of a result %s is a whole page', (_, measurement) => {
  const findings = withField(NO_FINDINGS, 'impression', 'Hydrops <left> & more');
  const more = {
    created: new Date(2026, 2, 4),
    automaticImages: {},
    outOfDate: [],
    seriesNames: {},
    backend: null,
  };
  const content = reportContent({ ...more, measurement, findings, series: [['MRC', 'a <b>']] });
  expect(brokenMarkup(reportPage(content, [['Patient', 'Phantom <b>']]))).toEqual([]);
});

describe('the search for faults', () => {
  // Put together here, for the marks must not stand at the start of a line of this file.
  const mark = (sign: string, name = '') => `a\n${sign.repeat(7)}${name}\nb`;

  it.each([mark('<', ' HEAD'), mark('='), mark('>', ' branch'), mark('|', ' base')])(
    'finds the mark of a merge in %j',
    (text) => {
      expect(conflictMarkers(text)).toHaveLength(1);
    }
  );

  it.each([
    ['an open element', '<div><p>a</div>'],
    ['a loose sign', '<p>a < b</p>'],
    ['an ampersand', '<p>a & b</p>'],
    ['a missing value', '<td>undefined</td>'],
    ['a missing number', '<svg><path d="M0 NaN"/></svg>'],
    ['an id that stands twice', '<i id="a">a</i><i id="a">b</i>'],
    ['an attribute that stands twice', '<i class="a" class="b">a</i>'],
    ['a table in a paragraph', '<p><table></table></p>'],
    ['an open element of SVG', '<svg><g></svg>'],
  ])('finds %s', (_, text) => {
    expect(brokenMarkup(text)).not.toEqual([]);
  });

  it.each([
    ['an open fence', '```\na'],
    ['a short row', '| a | b |\n|---|---|\n| c |'],
    ['a link to no file', '[a](no/such/file.md)'],
    ['a link to no heading', '# A heading\n[a](#another)'],
  ])('finds %s of Markdown', (_, text) => {
    expect(brokenMarkdown(text, join(ROOT, 'README.md'))).not.toEqual([]);
  });

  it('finds nothing in what is whole', () => {
    const whole =
      '<!doctype html><p>a &lt; b &amp; c<br>d</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>';
    expect(brokenMarkup(whole)).toEqual([]);
    const markdown =
      '# A heading, with `code`\n[a](#a-heading-with-code)\n\n| a | `b|c` |\n|---|---|\n| c | d |';
    expect(brokenMarkdown(markdown, join(ROOT, 'README.md'))).toEqual([]);
  });
});
