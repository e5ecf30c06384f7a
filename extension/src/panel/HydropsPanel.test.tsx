/** @jest-environment jsdom */
import { firstItems } from '@inner-ear-hydrops/core';
import { act } from 'react';
import { INITIAL_STATE, type HydropsState } from '../state/HydropsState';
import { TestPanel } from '../../test/testPanel';
import { DONE, ONE_EAR, RECOGNISED, RUNNING, STORED } from '../../test/testState';

let panel: TestPanel;
const show = (state: HydropsState) => {
  panel = new TestPanel(state);
  return panel;
};
afterEach(() => panel.end());

const element = (selector: string) => panel.element(selector);
const buttonsNamed = (name: string) => panel.buttonsNamed(name);
const click = (name: string) => panel.click(name);
const choose = (select: HTMLSelectElement, value: string) =>
  act(() => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
const labelled = (label: string): HTMLSelectElement => {
  const found = [...panel.container.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label
  );
  const control = found && panel.container.querySelector(`[id="${found.htmlFor}"]`);
  if (!(control instanceof HTMLSelectElement)) throw new Error(`no control is labelled ${label}`);
  return control;
};

describe('what always stands there', () => {
  it.each([
    ['nothing loaded', INITIAL_STATE],
    ['before a computation', RECOGNISED],
    ['while it runs', RUNNING],
    ['with a result', DONE],
  ])('the research notice, %s', (_name, state) => {
    show(state);
    expect(panel.text).toContain('For research use only. Not for clinical use.');
  });

  it('the model that a computation would use, before there is a result', () => {
    show(RECOGNISED);
    expect(panel.text).toContain('inner-ear-unet 0.1.0');
    expect(panel.text).toContain('Trained on phantoms only.');
  });

  it('why the network runs on a slower backend than it could', () => {
    const service = show(RECOGNISED);
    expect(panel.text).toContain('WebGL is not used: no graphics processor draws it here');
    service.update({ ...DONE, passedOver: '' });
    expect(panel.text).not.toContain('is not used');
  });

  it('the model of the result, where it is not the one that would be used now', () => {
    const model = { name: 'inner-ear-unet', version: '9.0.0', sha256: '' };
    show({ ...DONE, model });
    expect(panel.text).toContain('inner-ear-unet 0.1.0');
    expect(panel.text).not.toContain('9.0.0');
  });
});

describe('ear positions', () => {
  it('are set where the reader looks, and given back to the network', () => {
    const service = show({
      ...RECOGNISED,
      earCenters: { left: [36.2, -4.4, 12] },
      foundEars: { left: [34.8, -3, 11] },
    });
    expect(panel.text).toContain('Left ear: L 36, A 4, S 12 mm');
    expect(panel.text).toContain('automatic: L 35, A 3, S 11 mm');
    expect(panel.text).toContain('Right ear: automatic');
    click('Set here, Right ear');
    click('Reset position, Left ear');
    expect(service.commands).toEqual([
      ['setEarCenter', { ear: 'right' }],
      ['setEarCenter', { ear: 'left', center: null }],
    ]);
  });

  it('say that there is no automatic position where an ear was not found or not looked for', () => {
    show({ ...DONE, measurement: ONE_EAR, earCenters: { right: [-36, -4, 12] } });
    const right = () => element('[aria-label="Right ear, position"]').textContent;
    expect(right()).toContain('reader automatic: not found');
    expect(panel.text).toContain('Ear positions: set by the reader');
    panel.update({ earCenters: {} });
    expect(right()).toContain('Right ear: not found');
    expect(panel.text).toContain('Ear positions: right ear not found');
    panel.update({ measurement: null, earCenters: { right: [-36, -4, 12] } });
    expect(right()).toContain('reader automatic: not known yet');
  });

  it('show the crops on the images while the section is open, unless the reader hides them', () => {
    const service = show(RECOGNISED);
    const section = () =>
      element('details:has(> [aria-label="Left ear, position"])') as HTMLDetailsElement;
    const summary = () => element('details:has(> [aria-label="Left ear, position"]) > summary');
    act(() => summary().click());
    expect(section().open).toBe(true);
    expect(service.commands).toEqual([['showEarCrops', { shown: true }]]);
    service.update({ cropsShown: true });
    expect(section().open).toBe(true);
    const box = element('details input[type=checkbox]') as HTMLInputElement;
    expect(box.checked).toBe(true);
    act(() => box.click());
    act(() => summary().click());
    expect(section().open).toBe(false);
    expect(service.commands.slice(1)).toEqual([
      ['showEarCrops', { shown: false }],
      ['showEarCrops', { shown: false }],
    ]);
  });

  it('are offered openly where no ear was found', () => {
    const problem = { code: 'no-ear-found', message: 'none', remedy: 'mark', retry: null };
    show({ ...RECOGNISED, problem });
    expect(buttonsNamed('Set here, Left ear')[0]!.closest('details')?.open).toBe(true);
  });
});

describe('series and roles', () => {
  it('shows which series plays each role and why', () => {
    show(RECOGNISED);
    const select = labelled('PPI');
    expect(select.selectedOptions[0]!.textContent).toContain('hT2w-3D-FLAIR PPI');
    const reason = panel.container.querySelector(
      `[id="${select.getAttribute('aria-describedby')}"]`
    );
    expect(reason?.textContent).toContain('description contains');
  });

  it('lets the reader give a role to any series', () => {
    const service = show(RECOGNISED);
    choose(labelled('MRC'), 'ds-1');
    expect(service.commands).toEqual([
      ['setSeriesRole', { displaySetInstanceUID: 'ds-1', role: 'mrc' }],
    ]);
  });

  it('lets the reader give roles to the images of one inversion time of a series', () => {
    const both = { ...firstItems(RECOGNISED.series, 1)[0], inversionTimes: [1500, 1700] };
    const series = [both, ...RECOGNISED.series.slice(1)];
    const service = show({ ...RECOGNISED, series });
    choose(labelled('PPI'), 'ds-1@1700');
    const images = { displaySetInstanceUID: 'ds-1', inversionTime: 1700, role: 'ppi' };
    expect(service.commands).toEqual([['setSeriesRole', images]]);
    service.update({ roles: { ...RECOGNISED.roles, ppi: 'ds-1' }, inversionTimes: { ppi: 1700 } });
    expect(labelled('PPI').selectedOptions[0]!.textContent).toBe('1 · localizer (48), TI 1700 ms');
  });

  it('names the roles that no series has', () => {
    show({ ...RECOGNISED, roles: { mrc: 'ds-2', ppi: null, pei: null } });
    expect(panel.text).toContain('No series was found for PPI and PEI');
  });

  it('does not ask for PEI under a method without it', () => {
    show({
      ...RECOGNISED,
      method: 'hydrops2-mi2',
      roles: { mrc: 'ds-2', ppi: 'ds-3', pei: null },
    });
    expect(panel.text).not.toContain('No series was found');
    expect(() => labelled('PEI')).toThrow();
  });

  it('changes the method', () => {
    const service = show(RECOGNISED);
    expect(buttonsNamed('Reset method')).toEqual([]);
    choose(labelled('Method'), 'real-ir');
    service.update({ method: 'real-ir' });
    expect(panel.text).toContain('automatic: HYDROPS-Mi2');
    click('Reset method');
    expect(service.commands).toEqual([
      ['setHydropsMethod', { method: 'real-ir' }],
      ['resetHydropsMethod', undefined],
    ]);
  });

  it('says which role the reader has given, to which series it was given before, and takes it back', () => {
    const service = show({ ...RECOGNISED, roles: { ...RECOGNISED.roles, ppi: 'ds-1' } });
    expect(panel.text).toContain('automatic: 3 · hT2w-3D-FLAIR PPI (48)');
    expect(buttonsNamed('Reset series, MRC')).toEqual([]);
    click('Reset series, PPI');
    expect(service.commands).toEqual([['resetSeriesRole', { role: 'ppi' }]]);
  });

  it('names a series that the viewer draws with rounded values', () => {
    show(RECOGNISED);
    expect(panel.container.querySelector('[role="note"]')).toBeNull();
    panel.end();
    show({ ...RECOGNISED, roundedSeries: [RECOGNISED.roles.ppi ?? ''] });
    const notes = [...panel.container.querySelectorAll('[role="note"]')];
    expect(notes.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/rounds the values of .*PPI.* for display.*use the stored values/s),
    ]);
  });

  it('says before anything is computed that several series fit a role', () => {
    const message = 'Series 2 and series 7 fit MRC; series 7, the later one, was taken.';
    show({ ...RECOGNISED, roleWarnings: [{ code: 'series-repeated', ear: null, message }] });
    expect(element('section[aria-label="Series and method"] [data-code]').textContent).toBe(
      message
    );
  });
});

describe('computing', () => {
  it('starts, once', () => {
    const service = show(RECOGNISED);
    click('Compute EH');
    service.update(RUNNING);
    click('Compute EH');
    expect(service.commands.map(([name]) => name)).toEqual(['computeHydrops']);
  });

  it.each([
    ['no study is open', INITIAL_STATE, 'No MR series is loaded.'],
    [
      'PEI is missing',
      { ...RECOGNISED, roles: { ...RECOGNISED.roles, pei: null } },
      'PEI is missing.',
    ],
    [
      'two are missing',
      { ...RECOGNISED, roles: { ...RECOGNISED.roles, ppi: null, pei: null } },
      'PPI and PEI are missing.',
    ],
    [
      'the one series of 3D-real IR is missing',
      { ...RECOGNISED, method: 'real-ir' as const, roles: { ...RECOGNISED.roles, ppi: null } },
      '3D-real IR is missing.',
    ],
  ])('cannot start while %s, and says so beside the button', (_name, state, words) => {
    const service = show(state);
    click('Compute EH');
    expect(service.commands).toEqual([]);
    const [button] = firstItems(buttonsNamed('Compute EH'), 1);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(element(`#${button.getAttribute('aria-describedby')}`).textContent).toContain(words);
  });

  it('can start without PEI under a method that works without it', () => {
    show({
      ...RECOGNISED,
      method: 'hydrops2-mi2',
      roles: { ...RECOGNISED.roles, pei: null },
    });
    const [button] = firstItems(buttonsNamed('Compute EH'), 1);
    expect(button.getAttribute('aria-disabled')).toBe('false');
    expect(button.hasAttribute('aria-describedby')).toBe(false);
  });

  it('shows how far it is and in what stage, and cancels', () => {
    const service = show(RUNNING);
    const bar = element('[role="progressbar"]');
    expect(bar.getAttribute('aria-valuenow')).toBe('42');
    expect(bar.getAttribute('aria-valuetext')).toContain('Segmenting');
    click('Cancel');
    expect(service.commands).toEqual([['cancelHydrops', undefined]]);
  });

  it('asks before it replaces edits that are not saved', () => {
    const service = show({ ...DONE, edited: true });
    click('Compute EH');
    expect(service.commands).toEqual([]);
    click('Compute again');
    expect(service.commands.map(([name]) => name)).toEqual(['computeHydrops']);
  });

  it('does not ask when the edits are saved', () => {
    const service = show({ ...DONE, edited: true, save: { status: 'saved', message: 'Saved.' } });
    click('Compute EH');
    expect(service.commands.map(([name]) => name)).toEqual(['computeHydrops']);
  });
});

describe('saving', () => {
  it('saves and downloads', () => {
    const service = show(DONE);
    click('Save results');
    click('Download');
    expect(service.commands.map(([name]) => name)).toEqual([
      'saveHydropsResults',
      'downloadHydropsResults',
    ]);
  });

  it('is not started twice', () => {
    const service = show({ ...DONE, saving: true });
    click('Save results');
    expect(service.commands).toEqual([]);
    expect(element('[role="status"]').textContent).toBe('Saving…');
  });

  it('that failed keeps the result and offers to try again or to download', () => {
    const service = show({
      ...DONE,
      problem: {
        code: 'store-failed',
        message: 'The archive answered 500.',
        remedy: 'Try again.',
        retry: 'saveHydropsResults',
      },
      save: { status: 'failed', message: 'Not saved.' },
    });
    expect(panel.rows('EH ratio')).toHaveLength(4);
    const alert = element('[role="alert"]');
    expect(alert.textContent).toContain('The archive answered 500.');
    expect(alert.textContent).toContain('Try again.');
    const [retry, download] = firstItems(alert.querySelectorAll('button'), 2);
    act(() => retry.click());
    act(() => download.click());
    expect(service.commands.map(([name]) => name)).toEqual([
      'saveHydropsResults',
      'downloadHydropsResults',
    ]);
  });

  it('a problem that a repetition cannot solve has no Retry', () => {
    show({
      ...RECOGNISED,
      problem: { code: 'series-missing', message: 'No PEI.', remedy: 'Choose one.', retry: null },
    });
    expect(element('[role="alert"]').querySelectorAll('button')).toHaveLength(0);
  });
});

it('marks the stored result that is on the screen', () => {
  const [first] = STORED;
  const other = { ...first!, sopInstanceUid: '1.2.9.2', created: '20261125091500' };
  const state: HydropsState = { ...DONE, storedResults: [other, first!], shownStored: '1.2.9.1' };
  const service = show({ ...state, save: { status: 'saved', message: 'Restored.' } });
  expect(element('li[aria-current="true"]').textContent).toMatch(
    /segmentation shown2026-11-24 04:36/
  );
  service.update({ save: { status: 'none', message: '' } });
  expect(element('li[aria-current="true"]').textContent).toContain('shown, changed since');
  service.update({ shownStored: null });
  expect(panel.text).not.toContain('shown');
});

it('restores a stored result', () => {
  const service = show({ ...RECOGNISED, storedResults: STORED });
  expect(panel.text).toContain('2026-11-24 04:36, edited');
  click('Restore the result of 2026-11-24 04:36');
  expect(service.commands).toEqual([
    ['loadHydropsResults', { seriesInstanceUid: '1.2.9', sopInstanceUid: '1.2.9.1' }],
  ]);
});

it('discards edits only when the reader confirms it', () => {
  const service = show({ ...DONE, edited: true });
  click('Reset to AI result');
  click('Keep');
  expect(service.commands).toEqual([]);
  click('Reset to AI result');
  click('Discard edits');
  expect(service.commands.map(([name]) => name)).toEqual(['resetHydropsSegmentation']);
});
