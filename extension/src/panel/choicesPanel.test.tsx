/** @jest-environment jsdom */
import type { HydropsState } from '../state/HydropsState';
import { TestPanel } from '../../test/testPanel';
import { BORDERLINE, DONE, imageAt, MEASUREMENT, MOVED, withOrgans } from '../../test/testState';

// What the reader chooses, what it replaces, and what it makes out of date.

let panel: TestPanel;
const show = (state: HydropsState): TestPanel => (panel = new TestPanel(state));
afterEach(() => panel.end());

const table = () => panel.rows('EH ratio');

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
    expect(panel.element('[aria-label="Left cochlea, slice"] output').textContent).toBe('image 20');
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
    const row = panel.element('[aria-label="Left cochlea, slice"]');
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
  expect(panel.element('[aria-label="Left cochlea, slice"]').textContent).toContain(
    'automatic: none'
  );
  panel.click('Reset region, Left cochlea');
  expect(panel.commands[0]?.[1]).toEqual({ ear: 'left', organ: 'cochlea' });
});

describe('a result that is out of date', () => {
  const words = () => panel.element('#out-of-date').textContent;
  const dimmed = (element: Element) => element.closest('.out-of-date') !== null;
  it('says so at once when the method is changed, and no more when it is changed back', () => {
    show(DONE);
    expect(words()).toBe('');
    panel.update({ method: 'hydrops2-mi2' });
    expect(words()).toBe('Out of date: method changed to HYDROPS2-Mi2. Press Compute EH.');
    const ratios = panel.element('table[aria-label="EH ratio"]');
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
    const all = [...panel.element('section[aria-label="Result"]').querySelectorAll('*')];
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
      expect([part, dimmed(panel.element(`section[aria-label="Result"] ${part}`))]).toEqual([
        part,
        true,
      ]);
    expect(panel.text.match(/out of date/gi)).toHaveLength(1);
    // Read out when it changes, and with the numbers.
    expect(panel.element('#out-of-date').getAttribute('aria-live')).toBe('polite');
    for (const numbers of ['EH ratio', 'Suggested grades'])
      expect(panel.element(`[aria-label="${numbers}"]`).getAttribute('aria-describedby')).toBe(
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
