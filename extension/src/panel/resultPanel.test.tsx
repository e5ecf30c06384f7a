/** @jest-environment jsdom */
import type { OrganMeasurement, Warning } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state/HydropsState';
import { TestPanel } from '../../test/testPanel';
import {
  areaOn,
  BORDERLINE,
  DONE,
  imageAt,
  MEASUREMENT,
  ONE_EAR,
  VOIDED,
  withOrgans,
} from '../../test/testState';

// The numbers and what they stand on, as a radiologist reads them.

let panel: TestPanel;
const show = (state: HydropsState): TestPanel => (panel = new TestPanel(state));
afterEach(() => panel.end());

const struck = () => [...panel.container.querySelectorAll('s')].map((mark) => mark.textContent);
const table = () => panel.rows('EH ratio');

describe('the table', () => {
  it('gives both ratios and both volumes of each organ, with the image by its Instance Number', () => {
    show(DONE);
    expect(table()).toEqual([
      ['Left cochlea', '36.4 %image 38', '31.4 %', '25.5', '81.3'],
      ['Left vestibule', '57.0 %image 40', '52.0 %', '33.5', '64.5'],
      ['Right cochlea', '15.0 %image 37', '10.0 %', '7.8', '78.0'],
      ['Right vestibule', '25.0 %image 39', '20.0 %', '12.6', '63.0'],
    ]);
    expect(struck()).toEqual([]);
  });

  it('follows an edit', () => {
    show(DONE);
    const left = withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, mask: 'edited' })).ears
      .left;
    panel.update({ measurement: { ...MEASUREMENT, ears: { left, right: null } } });
    expect(table()[2]).toEqual(['Right cochlea', 'no ROI']);
    expect(panel.text).toContain('Edited by the reader');
  });

  it('goes to the image that an area ratio was read on', () => {
    show(DONE);
    panel.click('Go to series 2, image 40, Left vestibule');
    expect(panel.commands).toEqual([['goToOrgan', { ear: 'left', organ: 'vestibule' }]]);
  });

  it('names the frame of a multi-frame image', () => {
    const image = { ...imageAt(22), instanceNumber: 1, frameNumber: 23 };
    show({
      ...DONE,
      measurement: withOrgans(MEASUREMENT, 'left', (organ) => ({
        ...organ,
        area: { ...areaOn(0.4, 22), image },
      })),
    });
    expect(table()[0]![1]).toBe('40.0 %image 1, frame 23');
  });

  it('shows an organ without ROI on its slice by its volume alone', () => {
    show({
      ...DONE,
      measurement: withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, area: null })),
    });
    expect(table()[0]).toEqual(['Left cochlea', '–', '31.4 %', '25.5', '81.3']);
  });

  it('names the ear of a warning once', () => {
    show({ ...DONE, measurement: ONE_EAR });
    const words = panel.element('[data-code="ear-not-found"]').textContent ?? '';
    expect(words.match(/right ear/gi)).toHaveLength(1);
  });
});

it('numbers stand above the warnings, which are counted and named above the numbers', () => {
  show(DONE);
  expect(panel.element('.counted').textContent).toBe(
    '2 warnings: perilymph weakly enhanced (right) and motion corrected.'
  );
  const order = [
    '.counted',
    'table[aria-label="EH ratio"]',
    '.grades',
    'ul[aria-label="Warnings"]',
  ];
  const places = order.map((selector) => panel.element(selector));
  for (const [n, place] of places.slice(1).entries()) {
    const isBelow = places[n]!.compareDocumentPosition(place);
    expect(isBelow & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  }
});

it('says why there is no grade in words, not in those of a code', () => {
  const measurement = withOrgans(MEASUREMENT, 'left', (organ) =>
    organ.grade ? { ...organ, grade: null, voided: { grade: ['roi-part-far'] } } : organ
  );
  show({ ...DONE, measurement });
  expect(panel.element('ul[aria-label="Suggested grades"] li:first-child').textContent).toBe(
    'Left: no grade: a part of the region lies far from the ear'
  );
});

it('says a warning about series once: beside the series, or with a result of others', () => {
  const message = 'Series 5 and series 2 fit MRC equally well. The later series was taken.';
  const warning: Warning = { code: 'series-repeated', ear: null, message };
  const measurement = { ...MEASUREMENT, warnings: [...MEASUREMENT.warnings, warning] };
  const places = () =>
    [...panel.container.querySelectorAll('[data-code="series-repeated"]')].map((warning) =>
      warning.closest('ul')?.getAttribute('aria-label')
    );
  show({ ...DONE, measurement, roleWarnings: [warning] });
  expect(places()).toEqual(['Warnings about series']);
  // The reader has chosen another series since.
  panel.update({ roleWarnings: [] });
  expect(places()).toEqual(['Warnings']);
});

describe('an ear whose ratios are voided', () => {
  it('has them struck, with the reason beside them, and says so without eyes too', () => {
    show({ ...DONE, measurement: VOIDED });
    const [cochlea, reason, vestibule] = table();
    expect(cochlea?.[1]).toBe('not measurable, counted 100.0 %image 38');
    expect(reason).toEqual(['Not measurable: perilymph not enhanced']);
    expect(vestibule?.[2]).toBe('not measurable, counted 100.0 %');
    expect(struck().filter((text) => text === '81.3')).toHaveLength(1);
  });

  it('leaves the other ear as it is', () => {
    show({ ...DONE, measurement: VOIDED });
    expect(table()[4]).toEqual(['Right cochlea', '15.0 %image 37', '10.0 %', '7.8', '78.0']);
  });

  it('has no grade, no mixture fraction and struck intervals', () => {
    show({ ...DONE, measurement: VOIDED });
    const grades = panel.element('[aria-label="Suggested grades"]').textContent;
    expect(grades).toBe('Left: no grade: perilymph not enhancedRight: none');
    const mixture = panel.rows('Noise and mixture estimate');
    expect(mixture[0]).toEqual(['Left cochlea', '8.0 %', 'perilymph not enhanced']);
    expect(panel.rows('95 % intervals (noise, alignment)')[0]?.[1]).toContain('not measurable');
    const onSlices = panel.rows('Area ratio on each image, Left cochlea');
    expect(onSlices.map((row) => row[1])).toEqual(Array(3).fill('not measurable, counted 100.0 %'));
  });
});

it('says of an ear that is not there that it was not found, and why', () => {
  show({ ...DONE, measurement: ONE_EAR });
  expect(table()[2]).toEqual(['Right cochlea', 'not foundoutside the images or at their border']);
  expect(table()[3]).toEqual(['Right vestibule', 'not found']);
  expect(panel.text).not.toContain('Right: ');
});

it('does not say that an ear was not found where its region was erased', () => {
  const absentEars = { left: null, right: 'no-region' } as const;
  show({ ...DONE, measurement: { ...ONE_EAR, absentEars } });
  expect(table()[2]).toEqual(['Right cochlea', 'no ROI']);
});

describe('a suggested grade', () => {
  it('is a suggestion', () => {
    show(DONE);
    expect(panel.text).toMatch(/\(suggested\):Left: significantRight: none/);
    expect(panel.text).not.toContain('borderline');
  });

  it('says that it is borderline and why', () => {
    show({ ...DONE, measurement: BORDERLINE });
    expect(panel.element('[aria-label="Suggested grades"]').textContent).toContain(
      'significantborderlineOn image 41, beside the representative slice, it would be mild'
    );
  });

  it('is not made by a method whose scale is another', () => {
    const measurement = {
      ...withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, grade: null })),
      method: 'hydrops2-mi2' as const,
    };
    show({ ...DONE, measurement });
    expect(panel.text).toContain('No grade is suggested');
    expect(panel.text).toContain('not made for HYDROPS2-Mi2');
  });
});

describe('the ratio on each image', () => {
  it('stands with its pixels and interval, and goes to the image', () => {
    show(DONE);
    expect(panel.rows('Area ratio on each image, Left cochlea')).toEqual([
      ['image 39', '25.4 %', '18/70', '20.4–30.4 %'],
      ['image 38, representative', '36.4 %', '36/100', '31.4–41.4 %'],
      ['image 37', '31.4 %', '26/84', '26.4–36.4 %'],
    ]);
    panel.click('Show series 2, image 37, Left cochlea');
    expect(panel.commands).toEqual([
      ['goToOrgan', { ear: 'left', organ: 'cochlea', sopInstanceUid: '1.2.2.23' }],
    ]);
  });

  it('an edited region has the automatic ratios beside its own, or says that they are not known', () => {
    const edited = (automatic: OrganMeasurement['automatic']) =>
      withOrgans(MEASUREMENT, 'left', (measured) => ({ ...measured, mask: 'edited', automatic }));
    show({ ...DONE, measurement: edited({ areaRatio: 0.301, volumeRatio: 0.277 }) });
    expect(panel.rows('EH ratio')[0]?.[1]).toMatch(/^36\.4 %.*AI: 30\.1 %$/);
    expect(panel.rows('EH ratio')[0]?.[2]).toBe('31.4 %AI: 27.7 %');
    panel.update({ measurement: edited(null) });
    expect(panel.rows('EH ratio')[0]?.[2]).toBe('31.4 %AI: not known');
    panel.update({ measurement: MEASUREMENT });
    expect(panel.rows('EH ratio')[0]?.[2]).toBe('31.4 %');
  });

  it('has the interval of the area ratio beside that of the volume ratio', () => {
    show(DONE);
    expect(panel.rows('95 % intervals (noise, alignment)')[0]).toEqual([
      'Left cochlea',
      '31.4–41.4 %',
      '28.4–34.4 %',
    ]);
  });
});
