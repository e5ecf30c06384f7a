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
  MOVED,
  ONE_EAR,
  VOIDED,
  withOrgans,
} from '../../test/testState';

// The numbers and what they stand on, as a radiologist reads them.

let panel: TestPanel;
const show = (state: HydropsState): TestPanel => (panel = new TestPanel(state));
afterEach(() => panel.end());

const struck = () => [...panel.container.querySelectorAll('s')].map((one) => one.textContent);
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
    const words = panel.one('[data-code="ear-not-found"]').textContent ?? '';
    expect(words.match(/right ear/gi)).toHaveLength(1);
  });
});

it('numbers stand above the warnings, which are counted and named above the numbers', () => {
  show(DONE);
  expect(panel.one('.counted').textContent).toBe(
    '2 warnings: perilymph weakly enhanced (right) and motion corrected.'
  );
  const order = [
    '.counted',
    'table[aria-label="EH ratio"]',
    '.grades',
    'ul[aria-label="Warnings"]',
  ];
  const places = order.map((selector) => panel.one(selector));
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
  expect(panel.one('ul[aria-label="Suggested grades"] li:first-child').textContent).toBe(
    'Left: no grade: a part of the region lies far from the ear'
  );
});

it('says a warning about series once: beside the series, or with a result of others', () => {
  const message = 'Series 5 and series 2 fit MRC equally well. The later series was taken.';
  const warning: Warning = { code: 'series-repeated', ear: null, message };
  const measurement = { ...MEASUREMENT, warnings: [...MEASUREMENT.warnings, warning] };
  const places = () =>
    [...panel.container.querySelectorAll('[data-code="series-repeated"]')].map((one) =>
      one.closest('ul')?.getAttribute('aria-label')
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
    const grades = panel.one('[aria-label="Suggested grades"]').textContent;
    expect(grades).toBe('Left: no grade: perilymph not enhancedRight: none');
    const mixture = panel.rows('Noise and mixture estimate');
    expect(mixture[0]).toEqual(['Left cochlea', '8.0 %', 'perilymph not enhanced']);
    expect(panel.rows('95 % intervals from noise')[0]?.[1]).toContain('not measurable');
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
    expect(panel.one('[aria-label="Suggested grades"]').textContent).toContain(
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
    expect(panel.rows('95 % intervals from noise')[0]).toEqual([
      'Left cochlea',
      '31.4–41.4 %',
      '28.4–34.4 %',
    ]);
  });
});

describe('a representative slice', () => {
  it('is moved along the stack to the next image by number, in a direction with a name', () => {
    show(DONE);
    panel.click('One image towards the feet, Left cochlea');
    panel.click('One image towards the head, Left cochlea');
    expect(panel.commands).toEqual([
      ['setRepresentativeSlice', { ear: 'left', organ: 'cochlea', sopInstanceUid: '1.2.2.21' }],
      ['setRepresentativeSlice', { ear: 'left', organ: 'cochlea', sopInstanceUid: '1.2.2.23' }],
    ]);
  });

  it('is moved to the previous or next image where the stack runs along no axis of the body', () => {
    const { images } = DONE.stack!;
    show({ ...DONE, stack: { images, direction: [0.6, 0.5, 0.62] } });
    panel.click('Next image, Left cochlea');
    expect(panel.commands[0]?.[1]).toMatchObject({ sopInstanceUid: '1.2.2.21' });
  });

  it('of a multi-frame image is named with its frame', () => {
    const images = Array.from({ length: 48 }, (_, k) => ({
      seriesNumber: 2,
      instanceNumber: 1,
      frameNumber: k + 1,
      sopInstanceUid: '1.2.2.1',
    }));
    show({
      ...DONE,
      stack: { images, direction: [0, 0, 1] },
      representativeImages: { chosen: { left: { cochlea: images[5]! } }, automatic: {} },
    });
    panel.click('One image towards the head, Left cochlea');
    expect(panel.commands[0]?.[1]).toMatchObject({ sopInstanceUid: '1.2.2.1', frameNumber: 7 });
  });

  it('does not leave the stack', () => {
    const chosen = { left: { cochlea: imageAt(0) } };
    show({ ...DONE, representativeImages: { chosen, automatic: {} } });
    panel.click('One image towards the feet, Left cochlea');
    expect(panel.commands).toEqual([]);
  });

  it('without a pixel of the organ stays where the reader put it, to be moved on', () => {
    const measurement = withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, area: null }));
    const chosen = { left: { cochlea: imageAt(40) } };
    show({ ...DONE, measurement, representativeImages: { chosen, automatic: {} } });
    expect(panel.one('[aria-label="Left cochlea, slice"] output').textContent).toBe('image 20');
    panel.click('Reset slice, Left cochlea');
    expect(panel.commands).toEqual([
      ['resetRepresentativeSlice', { ear: 'left', organ: 'cochlea' }],
    ]);
  });
});

describe('what the reader chose', () => {
  it('is nothing in an AI result', () => {
    show(DONE);
    expect(panel.text).toContain('AI result, unedited');
    expect(panel.text).not.toContain('By the reader');
  });

  it('is said of a slice that was moved, with the automatic one and a way back', () => {
    show(MOVED);
    expect(panel.text).not.toContain('AI result, unedited');
    expect(panel.text).toContain('Changed by the reader');
    expect(panel.text).toContain(
      'By the reader: slice of the left cochlea: series 2, image 36. All else is automatic.'
    );
    expect(table()[0]?.[1]).toBe('41.0 %image 36reader');
    const row = panel.one('[aria-label="Left cochlea, slice"]');
    expect(row.textContent).toContain('automatic: image 38');
    panel.click('Reset slice, Left cochlea');
    expect(panel.commands).toEqual([
      ['resetRepresentativeSlice', { ear: 'left', organ: 'cochlea' }],
    ]);
  });

  it('is said of a region that was edited, which can be reset alone', () => {
    const measurement = withOrgans(MEASUREMENT, 'right', (organ) => ({ ...organ, mask: 'edited' }));
    show({ ...DONE, edited: true, measurement });
    expect(table()[2]?.[0]).toBe('Right cochleaedited');
    panel.click('Reset region, Right cochlea');
    expect(panel.commands).toEqual([
      ['resetHydropsSegmentation', { ear: 'right', organ: 'cochlea' }],
    ]);
  });

  it('is said of the method, a role and an ear position that the numbers rest on', () => {
    const choices = {
      method: 'reader',
      roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
      ears: { left: 'reader', right: 'automatic' },
    } as const;
    show({ ...DONE, measurement: { ...MEASUREMENT, choices } });
    expect(panel.text).toContain(
      'By the reader: method: HYDROPS-Mi2; series of PPI; position of the left ear.'
    );
  });

  it('of a region of other software is not called an AI result', () => {
    const measurement = {
      ...withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, mask: 'drawn' })),
      model: null,
    };
    show({ ...DONE, measurement: { ...measurement, ears: { ...measurement.ears, right: null } } });
    expect(panel.text).toContain('Not an AI result');
    expect(panel.buttonsNamed('Reset region, Left cochlea')).toEqual([]);
  });
});

it('a region that the reader drew where the model had none can be taken away again', () => {
  const measurement = withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, mask: 'drawn' }));
  show({ ...DONE, edited: true, measurement });
  expect(panel.one('[aria-label="Left cochlea, slice"]').textContent).toContain('automatic: none');
  panel.click('Reset region, Left cochlea');
  expect(panel.commands[0]?.[1]).toEqual({ ear: 'left', organ: 'cochlea' });
});

describe('a result that is out of date', () => {
  const words = () => panel.one('#out-of-date').textContent;
  const dimmed = (element: Element) => element.closest('.out-of-date') !== null;
  it('says so at once when the method is changed, and no more when it is changed back', () => {
    show(DONE);
    expect(words()).toBe('');
    panel.update({ method: 'hydrops2-mi2' });
    expect(words()).toBe('Out of date: method changed to HYDROPS2-Mi2. Press Compute EH.');
    const ratios = panel.one('table[aria-label="EH ratio"]');
    expect(ratios.getAttribute('aria-describedby')).toBe('out-of-date');
    panel.update({ method: 'hydrops-mi2' });
    expect(words()).toBe('');
    expect(panel.container.querySelector('.out-of-date')).toBeNull();
  });

  it('looks so in all that hangs on it, and says so once', () => {
    show({
      ...MOVED,
      measurement: { ...BORDERLINE, warnings: MEASUREMENT.warnings },
      method: 'real-ir',
    });
    const all = [...panel.one('section[aria-label="Result"]').querySelectorAll('*')];
    const leaves = all.filter((element) => element.children.length === 0 && element.textContent);
    // What still holds: the heading, the words themselves, saving, and the reader's own findings.
    const elsewhere =
      '#out-of-date, .actions, .actions ~ .hint, .parts, .findings, .field, h2, summary';
    const bright = leaves.filter((element) => !dimmed(element) && !element.closest(elsewhere));
    expect(bright.map(({ textContent }) => textContent)).toEqual([
      'These grades are your own. The suggested grade is never entered for you.',
    ]);
    for (const part of [
      'h2 .badge',
      '.warnings',
      'table[aria-label="EH ratio"]',
      '.grades',
      '.slices',
    ])
      expect([part, dimmed(panel.one(`section[aria-label="Result"] ${part}`))]).toEqual([
        part,
        true,
      ]);
    expect(panel.text.match(/out of date/gi)).toHaveLength(1);
    // Read out when it changes, and with the numbers.
    expect(panel.one('#out-of-date').getAttribute('aria-live')).toBe('polite');
    for (const numbers of ['EH ratio', 'Suggested grades'])
      expect(panel.one(`[aria-label="${numbers}"]`).getAttribute('aria-describedby')).toBe(
        'out-of-date'
      );
  });

  it('says so after a role or an ear position was changed', () => {
    show(DONE);
    panel.update({ roles: { ...DONE.roles, ppi: 'ds-1' }, earCenters: { right: [-36, 0, 5] } });
    expect(words()).toContain('PPI changed to series 1 and position of the right ear changed');
  });

  it('can still be saved, as what it is', () => {
    show({ ...DONE, method: 'real-ir' });
    expect(panel.text).toContain(
      'Save, Download and the report use the result shown above: HYDROPS-Mi2, before the change.'
    );
    panel.click('Save results');
    expect(panel.commands).toEqual([['saveHydropsResults', undefined]]);
  });
});

it('asks before a computation replaces slices that the reader moved', () => {
  show(MOVED);
  panel.click('Compute EH');
  expect(panel.commands).toEqual([]);
  panel.click('Compute again');
  expect(panel.commands.map(([name]) => name)).toEqual(['computeHydrops']);
});
