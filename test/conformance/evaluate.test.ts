import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  A_MODEL,
  BOTH_EARS,
  drawBalls,
  writeSegmentation,
  writeStudy,
} from '../../tools/test/testSite';
import type { Accounting, Counts } from '../../tools/src/evaluate/accounting';
import type { ModelSummary } from '../../tools/src/evaluate/summarise';
import { buildTools, hydrops, type Outcome } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops evaluate` as a user starts it, on a site whose annotations are good, partial and none. */
const site = temporaryFolder();

const ALL = drawBalls(BOTH_EARS);
const { 3: _, 4: __, ...LEFT } = BOTH_EARS;
const only = (...numbers: number[]) => ALL.map((number) => (numbers.includes(number) ? number : 0));
const named = (name: string) => writeStudy(join(site, name), `ID-${name}`, BOTH_EARS);

let outcome: Outcome;
let json: { accounting: Accounting; models: ModelSummary[] };

beforeAll(async () => {
  buildTools();
  await writeSegmentation(await named('both'), ALL);
  await writeSegmentation(await named('one-eared'), drawBalls(LEFT));
  await named('not-annotated');
  await writeSegmentation(await named('by-a-program'), ALL, 'seg.dcm', new Date(2026, 0, 2), {
    model: A_MODEL,
  });
  const readers = await named('two-readers');
  await writeSegmentation(readers, ALL, 'kim.dcm', new Date(2026, 0, 2), { reader: 'Kim' });
  await writeSegmentation(readers, ALL, 'nameless.dcm');
  const exchanged = { 1: BOTH_EARS[3]!, 2: BOTH_EARS[4]!, 3: BOTH_EARS[1]!, 4: BOTH_EARS[2]! };
  await writeSegmentation(await named('exchanged'), drawBalls(exchanged));
  const dab = ALL.indexOf(1);
  const dabbed = ALL.map((number, n) => (number === 1 && n !== dab ? 0 : number));
  await writeSegmentation(await named('dab'), dabbed);
  await writeSegmentation(await named('cochleae'), only(1, 3));
  writeFileSync(join(site, '3001.case'), 'a crop');
  outcome = hydrops('evaluate', '--data', site, '--out', join(site, 'out'));
  json = JSON.parse(readFileSync(join(site, 'out', 'evaluation.json'), 'utf8')) as typeof json;
});

it('accounts for every study, ear and organ that was given', () => {
  expect(outcome).toMatchObject({ status: 0 });
  const { given, used, leftOut, byReason } = json.accounting;
  const sum = (a: Counts, b: Counts) => ({
    studies: a.studies + b.studies,
    ears: a.ears + b.ears,
    organs: a.organs + b.organs,
  });
  expect(given).toEqual({ studies: 9, ears: 18, organs: 36 });
  expect(used).toEqual({ studies: 3, ears: 5, organs: 8 });
  expect(sum(used, leftOut)).toEqual(given);
  const whole = { studies: 1, ears: 2, organs: 4 };
  expect(byReason).toEqual({
    'no-annotation': whole,
    'found-by-program': whole,
    'several-readers': whole,
    'laterality-wrong': whole,
    'annotation-too-small': whole,
    'training-crop': whole,
    'not-annotated': { studies: 0, ears: 1, organs: 4 },
  });
});

it('says so in the terminal and on the page, with each reason', () => {
  expect(outcome.stdout).toContain(
    'Given: 9 studies, 18 ears, 36 organs. In the figures: 3 studies, 5 ears, 8 organs. Left out: 6 studies, 13 ears, 28 organs, because of'
  );
  for (const code of Object.keys(json.accounting.byReason))
    expect(outcome.stdout).toContain(`  ${code}: `);
  const page = readFileSync(join(site, 'out', 'evaluation.html'), 'utf8');
  for (const { where, code } of json.accounting.items) {
    expect(page).toContain(where);
    expect(page).toContain(`<code>${code}</code>`);
  }
  expect(page).toContain('<tr><td>left out</td><td>6</td><td>13</td><td>28</td></tr>');
  expect(outcome.stderr).toMatch(/left out: .*dab: The left cochlea on series "MRC/);
});

it('says of each figure how many organs it is of, and why the others are not in it', () => {
  const { organs, counts } = json.models[0]!.all;
  expect(organs).toBe(8);
  expect(counts.volumeRatio).toEqual({ used: 0, leftOut: { 'no PPI or PEI': 8 } });
  const { used, leftOut } = counts.hausdorff95;
  expect(used + (leftOut['not found'] ?? 0)).toBe(8);
});
