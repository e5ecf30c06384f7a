/** @jest-environment jsdom */
import { firstItems, summaryCsv } from '@inner-ear-hydrops/core';
import type { EarMeasurement, Measurement, Warning } from '@inner-ear-hydrops/core';
import { testMeasurement, testSeries, testVolume } from '../../../core/test/testSeries';
import { reportTable } from './reportTable';
import { textTable } from './textTable';

const mrc = testSeries(
  'MRC',
  testVolume(() => 1)
);
const sound = testMeasurement(mrc);
const unenhanced: Warning = {
  code: 'perilymph-not-enhanced',
  message: 'No enhanced perilymph is seen in the left ear.',
  ear: 'left',
};
const absent: Warning = {
  code: 'ear-not-found',
  message: 'The right ear was not found: the place where it must be is outside MRC.',
  ear: 'right',
  values: { reason: 'field-of-view' },
};

/** As `measure` leaves it: the left ear without gadolinium, the right ear outside the field of view. */
const voided: Measurement = {
  ...sound,
  ears: { left: withoutRatio(sound.ears.left as EarMeasurement), right: null },
  absentEars: { left: null, right: 'field-of-view' },
  warnings: [unenhanced, absent],
};

function withoutRatio(ear: EarMeasurement): EarMeasurement {
  const codes: Warning['code'][] = ['perilymph-not-enhanced'];
  const by = { ratio: codes, mixture: codes, grade: codes };
  return {
    cochlea: ear.cochlea && { ...ear.cochlea, measurable: false, voided: by, mixture: null },
    vestibule: ear.vestibule && {
      ...ear.vestibule,
      measurable: false,
      voided: by,
      mixture: null,
      grade: null,
    },
  };
}

function rowsOf(measurement: Measurement): Record<string, string>[] {
  const [head = [], ...lines] = summaryCsv(measurement)
    .trim()
    .split('\r\n')
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell));
  return lines.map((cells) => Object.fromEntries(head.map((name, n) => [name, cells[n]])));
}

describe('summary.csv', () => {
  test('holds no ratio, fraction or grade of an ear that cannot be measured; the count stands apart', () => {
    const [cochlea, vestibule] = firstItems(rowsOf(voided), 2);
    expect(vestibule).toMatchObject({
      ear: 'left',
      organ: 'vestibule',
      status: 'not-measurable',
      voided_by: 'perilymph-not-enhanced',
      area_ratio: '',
      area_interval_low: '',
      area_endolymph_pixels: '',
      volume_ratio: '',
      endolymph_mm3: '',
      total_mm3: '11.25',
      area_endolymph_mm2: '',
      area_total_mm2: '3',
      within_noise: '0.1',
      counted_area_endolymph_mm2: '1.125',
      model_sha256: 'ab'.repeat(32),
      software_version: expect.stringMatching(/^\d/),
      mixture_fraction: '',
      mixture_voided_by: 'perilymph-not-enhanced',
      suggested_grade: '',
      grade_voided_by: 'perilymph-not-enhanced',
      counted_area_ratio: '0.4',
      counted_volume_ratio: '0.33333333',
      counted_endolymph_mm3: '3.75',
    });
    expect(cochlea.counted_area_ratio).toBe('0.375');
  });

  test('has a row for each organ of an ear that was not found, with the reason', () => {
    const rows = rowsOf(voided);
    expect(rows.map(({ ear, organ, status }) => `${ear} ${organ} ${status}`)).toEqual([
      'left cochlea not-measurable',
      'left vestibule not-measurable',
      'right cochlea not-found',
      'right vestibule not-found',
    ]);
    expect(rows[3]).toMatchObject({ not_found_reason: 'field-of-view', total_mm3: '' });
  });

  test('names the image as people find it, and who chose what', () => {
    const reader = copyOf(sound);
    reader.ears.left!.vestibule!.area!.chosenBy = 'reader';
    reader.ears.left!.vestibule!.mask = 'edited';
    reader.ears.left!.vestibule!.automatic = { areaRatio: 0.25, volumeRatio: 0.3 };
    reader.choices.roles.mrc = 'reader';
    reader.choices.ears.left = 'reader';
    const [, vestibule] = rowsOf(reader);
    const { automaticImage } = reader.ears.left!.vestibule!.area!;
    expect(vestibule).toMatchObject({
      status: 'measured',
      area_ratio: '0.4',
      area_series_number: '1',
      area_instance_number: '25',
      area_sop_instance_uid: mrc.sources[2]!.sopInstanceUid,
      slice_chosen_by: 'reader',
      mask: 'edited',
      mrc_chosen_by: 'reader',
      ppi_chosen_by: 'automatic',
      ear_position_chosen_by: 'reader',
      suggested_grade: 'mild',
      grade_borderline: 'no',
      counted_area_ratio: '',
      automatic_instance_number: automaticImage && String(automaticImage.instanceNumber),
      automatic_sop_instance_uid: automaticImage?.sopInstanceUid,
      automatic_area_ratio: '0.25',
      automatic_volume_ratio: '0.3',
    });
    // Of a region that nobody has edited the ratios are those before.
    const [untouched] = rowsOf(sound);
    expect(untouched).toMatchObject({ automatic_area_ratio: '', automatic_volume_ratio: '' });
  });

  test('says of a borderline grade what would change it', () => {
    const [, vestibule] = firstItems(rowsOf(borderline()), 2);
    expect(vestibule.grade_borderline).toBe('yes');
    expect(vestibule.grade_doubts).toBe(
      'On the neighbouring image 4 the area ratio is 20.0 %: none.'
    );
  });
});

test('the printed table calls a voided ratio not measurable, and an ear that is not there not found', () => {
  const text = textTable(voided);
  expect(text).toMatch(/left vestibule +not measurable \(40\.0 % counted\)/);
  expect(text).toMatch(/right cochlea +not found/);
  expect(text).toContain('Left vestibule: no grade (perilymph-not-enhanced)');
  expect(text).toContain('warning ear-not-found: The right ear was not found');
  expect(text).not.toMatch(/suggested grade/);
  // Columns stay under their heads.
  const [head = '', ...rows] = text.split('\n').slice(0, 5);
  expect(rows.map((row) => row.length)).toEqual(rows.map(() => head.length));
  expect(textTable(borderline())).toContain(
    'Left vestibule: suggested grade mild (Nakashima, by area), borderline:\n  On the neighbouring image 4'
  );
});

test('the page strikes what is no measurement, with the reason beside it', () => {
  const page = new DOMParser().parseFromString(reportTable(voided), 'text/html');
  const rows = [...page.querySelectorAll('tbody tr')];
  const struck = [...rows[1]!.querySelectorAll('s')].map(({ textContent }) => textContent);
  expect(struck).toEqual(['40.0 % (3/8)', '33.3 %', '3.8']);
  expect(rows[1]!.textContent).toContain('not measurable');
  expect(rows[1]!.textContent).toContain('perilymph-not-enhanced');
  expect(rows[1]!.textContent).not.toMatch(/mild|±/);
  expect(rows[2]!.textContent).toContain('outside MRC');
  const plain = new DOMParser().parseFromString(reportTable(borderline()), 'text/html');
  expect(plain.querySelectorAll('s')).toHaveLength(0);
  expect(plain.body.textContent).toContain('series 1, image 25');
  expect(plain.body.textContent).toMatch(
    /mild \(suggested, borderline\)On the neighbouring image 4/
  );
});

function borderline(): Measurement {
  const measurement = copyOf(sound);
  const message = 'On the neighbouring image 4 the area ratio is 20.0 %: none.';
  const doubts = [{ code: 'neighbouring-slice' as const, message }];
  measurement.ears.left!.vestibule!.grade = {
    scheme: 'nakashima',
    suggested: 'mild',
    borderline: true,
    doubts,
  };
  return measurement;
}

/** jsdom has no structuredClone. */
function copyOf(measurement: Measurement): Measurement {
  return JSON.parse(JSON.stringify(measurement)) as Measurement;
}
