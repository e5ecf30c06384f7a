import type { AutomaticRatios, Measurement } from '@inner-ear-hydrops/core';
import { NO_FINDINGS, withField } from '../../state/findingFields';
import {
  BORDERLINE,
  DONE,
  MEASUREMENT,
  MOVED,
  ONE_EAR,
  VOIDED,
  withOrgans,
} from '../../../test/testState';
import { reportContent, type ReportInput } from './reportContent';
import { reportPage } from './reportPage';
import { reportText } from './reportText';

const plain: ReportInput = {
  measurement: MEASUREMENT,
  findings: NO_FINDINGS,
  created: new Date(2026, 2, 4, 5, 6),
  automaticImages: {},
  outOfDate: [],
  series: [],
  seriesNames: {},
  backend: null,
};
const content = reportContent({
  ...plain,
  findings: {
    ...withField(NO_FINDINGS, 'cochleaNakashima', 'mild', 'left'),
    contrastAgent: 'Gadobutrol',
    delay: '4 h',
    reader: 'Reader^Test',
    impression: 'Hydrops <left> & more',
  },
  series: [['MRC', 'hT2w 3D, TE 540 ms']],
  backend: 'wasm',
});
const textOf = (measurement: Measurement, more: Partial<ReportInput> = {}) =>
  reportText(reportContent({ ...plain, measurement, ...more }), []);

describe('the report', () => {
  const text = reportText(content, [
    ['Patient', 'Phantom <b>'],
    ['Patient ID', ''],
    ['Examination', '2026-01-15, Inner ear MRI'],
  ]);
  it('says all that a reader expects of a report, as text', () => {
    for (const words of [
      'For research use only',
      'Left cochlea: EH ratio by area 36.4 % (series 2, image 38; 95 % interval (noise, alignment) 31.4–41.4 %); ' +
        'EH ratio by volume 31.4 % (95 % interval (noise, alignment) 28.4–34.4 %)',
      'Endolymph 25.5 mm³; Total 81.3 mm³',
      'Cochlea, by area: 21.4 percentage points, left higher',
      'Left vestibule, Nakashima, from the area ratio: significant',
      'Cochlea, Nakashima, left ear (reader): mild',
      'Contrast agent: Gadobutrol',
      'Delay: 4 h',
      '\nThe perilymph of the right ear is weakly enhanced',
      'MRC: hT2w 3D, TE 540 ms',
      'Endolymph: HYDROPS-Mi2, (PPI − PEI) × MRC below zero',
      'PEI moved by 0.8 mm against MRC, corrected',
      `inner-ear-unet 0.1.0, SHA-256 ${'ab'.repeat(32)}`,
      'Result of 2026-03-04 05:06, read by Reader Test',
      'Impression: Hydrops <left> & more',
    ])
      expect(text).toContain(words);
  });

  it('keeps what the software suggests apart from what the reader found', () => {
    const suggested = text.indexOf('Suggested by the software, to be confirmed');
    expect(suggested).toBeGreaterThan(0);
    expect(text.indexOf("Reader's findings")).toBeLessThan(suggested);
    expect(text.slice(suggested)).not.toContain('(reader)');
  });

  it('names patient and examination above the numbers, and leaves out what is not known', () => {
    expect(text).toContain('\nPatient: Phantom <b>\nExamination: 2026-01-15, Inner ear MRI\n\n');
    expect(text.indexOf('Patient: ')).toBeLessThan(text.indexOf('EH ratio by area'));
    expect(text).not.toContain('Patient ID');
    expect(textOf(MEASUREMENT)).not.toMatch(/\n\n\n/);
  });

  it('names the patient on paper, and takes no text for markup', () => {
    const page = reportPage(content, [
      ['Patient', 'Phantom <b>'],
      ['Accession number', ''],
    ]);
    expect(page).toContain('<dd>Phantom &lt;b&gt;</dd>');
    expect(page).toContain('Hydrops &lt;left&gt; &amp; more');
    expect(page).not.toContain('Accession number');
    expect(page).not.toMatch(/<script|https?:/);
  });
});

describe('a number that is voided', () => {
  it('is said not to be measurable, with what was counted and why', () => {
    const text = textOf(VOIDED);
    expect(text).toContain(
      'Left cochlea: EH ratio by area not measurable (100.0 % counted; perilymph not enhanced) ' +
        '(series 2, image 38); EH ratio by volume not measurable (100.0 % counted; perilymph not enhanced)'
    );
    expect(text).toContain('Endolymph not measurable (81.3 mm³ counted; perilymph not enhanced)');
    expect(text).toContain('Right cochlea: EH ratio by area 15.0 %');
  });

  it('is struck on paper', () => {
    const page = reportPage(reportContent({ ...plain, measurement: VOIDED }), []);
    expect(page).toContain('<s>100.0 %</s>');
    expect(page).toContain('not measurable: perilymph not enhanced');
    expect(page).not.toContain('<s>15.0');
  });

  it('gives no grade, no interval and no asymmetry', () => {
    const text = textOf(VOIDED);
    expect(text).toContain(
      'Left vestibule, Nakashima, from the area ratio: no grade (perilymph not enhanced)'
    );
    expect(text).not.toContain('significant');
    expect(text).not.toContain('percentage points');
    expect(text).toContain('Cochlea: none stated, since the left ear is not measurable');
    expect(text).not.toMatch(/100.0 %[^\n;]*95 % interval/);
  });
});

it('says why a grade is borderline', () => {
  expect(textOf(BORDERLINE)).toContain(
    'significant, borderline. On image 41, beside the representative slice, it would be mild (46.0 %).'
  );
});

it('suggests no grade by a method whose scale is another', () => {
  const text = textOf({ ...MEASUREMENT, method: 'hydrops2-mi2' });
  expect(text).toContain("No grade: Nakashima's thresholds were not made for HYDROPS2-Mi2");
});

it('says of an ear that was not found that it was not measured, and why', () => {
  const text = textOf(ONE_EAR);
  expect(text).toContain('Right cochlea: not measured, the ear was not found');
  expect(text).toContain('\nThe right ear was not found and is not measured');
  expect(text).not.toContain('Asymmetry');
});

describe('whose the choices are', () => {
  it('is said where all is automatic', () => {
    const text = textOf(MEASUREMENT);
    expect(text).toContain('All automatic: method, series, ear positions, slices and regions');
  });

  it('is said of a slice that was moved, with the automatic slice', () => {
    const { automatic } = DONE.representativeImages;
    const text = textOf(MOVED.measurement ?? MEASUREMENT, { automaticImages: automatic });
    expect(text).toContain(
      'Slice of the left cochlea: series 2, image 36, by the reader (automatic: series 2, image 38)\n' +
        'All else is automatic'
    );
    expect(text).not.toContain('All automatic');
  });

  it('is said of series and ear positions, with what the software had as far as it is known', () => {
    const measurement: Measurement = {
      ...MEASUREMENT,
      choices: {
        method: 'automatic',
        roles: { mrc: 'automatic', ppi: 'reader', pei: 'reader' },
        ears: { left: 'reader', right: 'reader' },
        automatic: { series: { ppi: '1.2.4', pei: null }, ears: { left: [31.26, 1, 5] } },
      },
      earPositions: { left: [30, 0, 4], right: [-30, 0, 4] },
    };
    expect(textOf(measurement, { seriesNames: { '1.2.4': 'series 4, IR' } })).toContain(
      'Series of PPI, by the reader (automatic: series 4, IR)\n' +
        'Series of PEI, by the reader (automatic: none)\n' +
        'Position of the left ear: 30.0, 0.0, 4.0 mm (LPS), by the reader (automatic: 31.3, 1.0, 5.0 mm (LPS))\n' +
        'Position of the right ear: -30.0, 0.0, 4.0 mm (LPS), by the reader\n' +
        'All else is automatic'
    );
  });
});

describe('a region that was edited', () => {
  const edited = (automatic: AutomaticRatios | null): Measurement =>
    withOrgans(MEASUREMENT, 'left', (measured) => ({ ...measured, mask: 'edited', automatic }));

  it('stands beside what it gave before', () => {
    expect(textOf(edited({ areaRatio: 0.364, volumeRatio: 0.314 }))).toContain(
      'Region of the left cochlea, edited, by the reader (automatic: 36.4 % by area, 31.4 % by volume)\n'
    );
    expect(textOf(edited({ areaRatio: null, volumeRatio: 0.314 }))).toContain(
      'by the reader (automatic: 31.4 % by volume)\n'
    );
  });

  it('says where that is not known any more', () => {
    expect(textOf(edited(null))).toContain('by the reader (automatic ratios: no longer known)\n');
  });
});

it('says that it is out of date', () => {
  const text = textOf(MEASUREMENT, { outOfDate: ['method changed to HYDROPS2-Mi2'] });
  expect(text).toContain('Out of date when the report was made: method changed to HYDROPS2-Mi2.');
});
