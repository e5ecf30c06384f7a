import { EMPTY_READING, withField } from '../readingFields';
import { MEASUREMENT } from '../panel/testState';
import { reportContent } from './reportContent';
import { reportPage } from './reportPage';
import { reportText } from './reportText';

const content = reportContent({
  measurement: MEASUREMENT,
  reading: {
    ...withField(EMPTY_READING, 'cochleaNakashima', 'mild', 'left'),
    contrastAgent: 'Gadobutrol',
    delay: '4 h',
    reader: 'Reader^Test',
    impression: 'Hydrops <left> & more',
  },
  edited: true,
  created: new Date(2026, 2, 4, 5, 6),
  sliceNumber: (k) => k + 1,
  series: [['MRC', 'hT2w 3D, TE 540 ms']],
  backend: 'wasm',
});

describe('the report', () => {
  const text = reportText(content);
  it('says all that a reader expects of one, as text', () => {
    for (const words of [
      'For research use only',
      'Left cochlea: EH ratio by area 36.4 % (slice 23); EH ratio by volume 31.4 %',
      'Endolymph 25.5 mm³; Total 81.3 mm³',
      'Cochlea, by area: 21.4 percentage points, left higher',
      'Left vestibule, Nakashima, from the area ratio: significant',
      'Cochlea, Nakashima, left ear (reader): mild',
      'Contrast agent: Gadobutrol',
      'Delay: 4 h',
      'Right ear: The perilymph of this ear is only weakly enhanced',
      'MRC: hT2w 3D, TE 540 ms',
      'PEI moved by 0.8 mm against MRC, corrected',
      'corrected by the reader',
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

  it('names the patient on paper only, and takes no text for markup', () => {
    const page = reportPage(content, [
      ['Patient', 'Phantom <b>'],
      ['Accession number', ''],
    ]);
    expect(page).toContain('<dd>Phantom &lt;b&gt;</dd>');
    expect(page).toContain('Hydrops &lt;left&gt; &amp; more');
    expect(page).not.toContain('Accession number');
    expect(page).not.toMatch(/<script|https?:/);
    expect(text).not.toContain('Phantom');
  });

  it('says of an ear that was not found that it was not measured', () => {
    const { ears } = MEASUREMENT;
    const oneEar = reportContent({
      measurement: { ...MEASUREMENT, ears: { ...ears, right: null } },
      reading: EMPTY_READING,
      edited: false,
      created: new Date(),
      sliceNumber: (k) => k,
      series: [],
      backend: null,
    });
    expect(reportText(oneEar)).toContain('Right cochlea: not measured');
    expect(reportText(oneEar)).not.toContain('Asymmetry');
  });
});
