/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { INITIAL_STATE, type HydropsState } from '../state';
import { HydropsPanel } from './HydropsPanel';
import { FakeService } from './testService';
import { DONE, MEASUREMENT, RECOGNISED, RUNNING, STORED } from './testState';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let container: HTMLElement;

function show(state: HydropsState): FakeService {
  const service = new FakeService(state);
  container = document.createElement('div');
  document.body.append(container);
  root = createRoot(container);
  act(() => root.render(<HydropsPanel service={service} />));
  return service;
}

afterEach(() => {
  act(() => root.unmount());
  container.remove();
});

const one = (selector: string): HTMLElement => {
  const found = container.querySelectorAll<HTMLElement>(selector);
  if (found.length !== 1) throw new Error(`${found.length} elements match ${selector}`);
  return found[0];
};
const nameOf = (button: Element) => button.getAttribute('aria-label') ?? button.textContent;
const buttonsNamed = (name: string) =>
  [...container.querySelectorAll('button')].filter((button) => nameOf(button) === name);
const click = (name: string) => {
  const buttons = buttonsNamed(name);
  if (buttons.length !== 1) throw new Error(`${buttons.length} buttons are named ${name}`);
  act(() => buttons[0].click());
};
const choose = (select: HTMLSelectElement, value: string) =>
  act(() => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
const labelled = (label: string): HTMLSelectElement => {
  const found = [...container.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label
  );
  const control = found && container.querySelector(`[id="${found.htmlFor}"]`);
  if (!(control instanceof HTMLSelectElement)) throw new Error(`no control is labelled ${label}`);
  return control;
};
/** Text of the table's rows, with ordinary spaces. */
const rows = () =>
  [...one('table[aria-label="EH ratio"]').querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent?.replace(/\u00a0/g, ' '))
  );

describe('what always stands there', () => {
  it.each([
    ['nothing loaded', INITIAL_STATE],
    ['before a computation', RECOGNISED],
    ['while it runs', RUNNING],
    ['with a result', DONE],
  ])('the research notice, %s', (_name, state) => {
    show(state);
    expect(container.textContent).toContain('For research use only. Not for clinical use.');
  });

  it('the model that a computation would use, before there is a result', () => {
    show(RECOGNISED);
    expect(container.textContent).toContain('inner-ear-unet 0.1.0');
    expect(container.textContent).toContain('Trained on phantoms only.');
  });

  it('the model of the result, where it is not the one that would be used now', () => {
    const model = { name: 'inner-ear-unet', version: '9.0.0', sha256: '' };
    show({ ...DONE, model });
    expect(container.textContent).toContain('inner-ear-unet 0.1.0');
    expect(container.textContent).not.toContain('9.0.0');
  });
});

describe('ear positions', () => {
  it('are set where the reader looks, and given back to the network', () => {
    const service = show({ ...RECOGNISED, earCenters: { left: [36.2, -4.4, 12] } });
    expect(container.textContent).toContain('Left ear: L 36, A 4, S 12 mm');
    expect(container.textContent).toContain('Right ear: automatic');
    click('Set here, Right ear');
    click('Automatic, Left ear');
    expect(service.commands).toEqual([
      ['setEarCenter', { ear: 'right' }],
      ['setEarCenter', { ear: 'left', center: null }],
    ]);
  });

  it('show the crops on the images while the section is open, unless the reader hides them', () => {
    const service = show(RECOGNISED);
    const section = () => one('details:has(> .slice-row)') as HTMLDetailsElement;
    const summary = () => one('details:has(> .slice-row) > summary');
    act(() => summary().click());
    expect(section().open).toBe(true);
    expect(service.commands).toEqual([['showEarCrops', { shown: true }]]);
    act(() => service.update({ cropsShown: true }));
    expect(section().open).toBe(true);
    const box = one('details input[type=checkbox]') as HTMLInputElement;
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
    expect(buttonsNamed('Set here, Left ear')[0].closest('details')?.open).toBe(true);
  });
});

describe('series and roles', () => {
  it('shows which series plays each role and why', () => {
    show(RECOGNISED);
    const select = labelled('PPI');
    expect(select.selectedOptions[0].textContent).toContain('hT2w-3D-FLAIR PPI');
    const reason = container.querySelector(`[id="${select.getAttribute('aria-describedby')}"]`);
    expect(reason?.textContent).toContain('description contains');
  });

  it('lets the reader give a role to any series', () => {
    const service = show(RECOGNISED);
    choose(labelled('MRC'), 'ds-1');
    expect(service.commands).toEqual([
      ['setSeriesRole', { displaySetInstanceUID: 'ds-1', role: 'mrc' }],
    ]);
  });

  it('names the roles that no series has', () => {
    show({ ...RECOGNISED, roles: { mrc: 'ds-2', ppi: null, pei: null } });
    expect(container.textContent).toContain('No series was recognised as PPI and PEI');
  });

  it('does not ask for PEI under a method without it', () => {
    show({
      ...RECOGNISED,
      method: 'hydrops2-mi2',
      roles: { mrc: 'ds-2', ppi: 'ds-3', pei: null },
    });
    expect(container.textContent).not.toContain('No series was recognised');
    expect(() => labelled('PEI')).toThrow();
  });

  it('changes the method', () => {
    const service = show(RECOGNISED);
    choose(labelled('Method'), 'real-ir');
    expect(service.commands).toEqual([['setHydropsMethod', { method: 'real-ir' }]]);
  });
});

describe('computing', () => {
  it('starts, once', () => {
    const service = show(RECOGNISED);
    click('Compute EH');
    act(() => service.update(RUNNING));
    click('Compute EH');
    expect(service.commands.map(([name]) => name)).toEqual(['computeHydrops']);
  });

  it('does not start before a study is open', () => {
    const service = show(INITIAL_STATE);
    click('Compute EH');
    expect(service.commands).toEqual([]);
    expect(buttonsNamed('Compute EH')[0].getAttribute('aria-disabled')).toBe('true');
  });

  it('shows how far it is and in what stage, and cancels', () => {
    const service = show(RUNNING);
    const bar = one('[role="progressbar"]');
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

describe('the table', () => {
  it('gives both ratios and both volumes of each organ', () => {
    show(DONE);
    expect(rows()).toEqual([
      ['Left cochlea', '36.4 %slice 23', '31.4 %', '25.5', '81.3'],
      ['Left vestibule', '57.0 %slice 21', '52.0 %', '33.5', '64.5'],
      ['Right cochlea', '15.0 %slice 24', '10.0 %', '7.8', '78.0'],
      ['Right vestibule', '25.0 %slice 22', '20.0 %', '12.6', '63.0'],
    ]);
  });

  it('follows an edit', () => {
    const service = show(DONE);
    const left = MEASUREMENT.ears.left;
    act(() =>
      service.update({
        edited: true,
        measurement: { ...MEASUREMENT, ears: { left, right: null } },
      })
    );
    expect(rows()[2]).toEqual(['Right cochlea', 'ear not found']);
    expect(container.textContent).toContain('Edited by the reader');
  });

  it('goes to the slice that an area ratio was read on', () => {
    const service = show(DONE);
    click('Go to slice 21, Left vestibule');
    expect(service.commands).toEqual([['goToOrgan', { ear: 'left', organ: 'vestibule' }]]);
  });

  it('shows an organ without ROI on its slice by its volume alone', () => {
    const cochlea = { ...MEASUREMENT.ears.left!.cochlea!, area: null };
    const left = { ...MEASUREMENT.ears.left!, cochlea };
    show({ ...DONE, measurement: { ...MEASUREMENT, ears: { left, right: null } } });
    expect(rows()[0]).toEqual(['Left cochlea', '–', '31.4 %', '25.5', '81.3']);
  });

  it('marks grades as suggested and names the ear of a warning', () => {
    show(DONE);
    const text = container.textContent ?? '';
    expect(text).toMatch(/suggested.*left significant, right none/);
    expect(one('[data-code="perilymph-weak"]').textContent).toMatch(/^Right ear: /);
  });
});

describe('representative slices', () => {
  it('are moved by one slice of the grid', () => {
    const service = show(DONE);
    click('Next slice, Left cochlea');
    expect(service.commands).toEqual([
      ['setRepresentativeSlice', { ear: 'left', organ: 'cochlea', slice: 23 }],
    ]);
  });

  it('follow the numbers of the viewport where these run against the grid', () => {
    const sliceNumbers = Array.from({ length: 48 }, (_, k) => 48 - k);
    const service = show({ ...DONE, sliceNumbers });
    expect(rows()[0][1]).toContain('slice 26');
    click('Next slice, Left cochlea');
    expect(service.commands[0][1]).toMatchObject({ slice: 21 });
  });

  it('do not leave the stack', () => {
    const service = show({ ...DONE, representativeSlices: { left: { cochlea: 47 } } });
    click('Next slice, Left cochlea');
    expect(service.commands).toEqual([]);
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
    const service = show({ ...DONE, save: { status: 'saving', message: 'Saving…' } });
    click('Save results');
    expect(service.commands).toEqual([]);
    expect(one('[role="status"]').textContent).toBe('Saving…');
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
    expect(rows()).toHaveLength(4);
    const alert = one('[role="alert"]');
    expect(alert.textContent).toContain('The archive answered 500.');
    expect(alert.textContent).toContain('Try again.');
    const [retry, download] = alert.querySelectorAll('button');
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
    expect(one('[role="alert"]').querySelectorAll('button')).toHaveLength(0);
  });
});

it('restores a stored result', () => {
  const service = show({ ...RECOGNISED, storedResults: STORED });
  expect(container.textContent).toContain('2026-11-24 04:36, edited');
  click('Restore the result of 2026-11-24 04:36');
  expect(service.commands).toEqual([
    ['loadHydropsResults', { seriesInstanceUid: '1.2.9', sopInstanceUid: '1.2.9.1' }],
  ]);
});

it('discards edits only when the reader confirms it', () => {
  const service = show({ ...DONE, edited: true });
  click('Reset to AI result');
  click('Keep it');
  expect(service.commands).toEqual([]);
  click('Reset to AI result');
  click('Discard edits');
  expect(service.commands.map(([name]) => name)).toEqual(['resetHydropsSegmentation']);
});
