/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { Warning } from '@inner-ear-hydrops/core';
import type { HydropsState, SaveItem } from '../state/HydropsState';
import { NO_FINDINGS, withField } from '../state/findingFields';
import { HydropsPanel } from './HydropsPanel';
import { FakeService } from '../../test/testService';
import { DONE, MEASUREMENT, RECOGNISED, STORED } from '../../test/testState';

// Saving, keeping and the reader's findings, as the panel offers them.

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

function named<T extends HTMLElement>(selector: string, name: string): T {
  const found = [...container.querySelectorAll<T>(selector)].filter((element) => {
    const { id } = element;
    const label = id ? container.querySelector(`label[for="${id}"]`) : element.closest('label');
    const words = element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent;
    return words?.startsWith(name);
  });
  if (found.length !== 1) throw new Error(`${found.length} of ${selector} are named ${name}`);
  return found[0]!;
}
const click = (name: string) => act(() => named('button', name).click());

describe('what is saved', () => {
  it('is said before it is stored, and where', () => {
    show({ ...DONE, archiveName: 'Test archive' });
    const summaries = [...container.querySelectorAll('summary')].map(
      (summary) => summary.textContent
    );
    expect(summaries).toContain(
      'Saves Segmentation, Report, HYDROPS and HYDROPS-Mi2 to Test archive'
    );
  });

  it('can be left out part by part', () => {
    const service = show(DONE);
    const box = named<HTMLInputElement>('input[type="checkbox"]', 'HYDROPSPPI');
    expect(box.checked).toBe(true);
    act(() => box.click());
    expect(named<HTMLInputElement>('input[type="checkbox"]', 'Summary image').checked).toBe(false);
    expect(service.commands).toEqual([['setSavePart', { part: 'hydrops', chosen: false }]]);
  });

  it('is refused beforehand, with the reason, where the study lacks what DICOM needs', () => {
    const warnings: Warning[] = [
      { code: 'frame-of-reference-missing', message: 'Series 2 …', ear: null },
    ];
    const service = show({ ...DONE, measurement: { ...MEASUREMENT, warnings } });
    const save = named('button', 'Save results');
    expect(save.getAttribute('aria-disabled')).toBe('true');
    const reason = container.querySelector(`#${save.getAttribute('aria-describedby')}`);
    expect(reason?.textContent).toContain('(0020,0052)');
    expect(container.querySelector<HTMLElement>('.parts')?.hidden).toBe(true);
    click('Save results');
    click('Download');
    expect(service.commands).toEqual([['downloadHydropsResults', undefined]]);
  });

  it('is counted while it is stored, and what is missing is named after a failure', () => {
    const item = (change: Partial<SaveItem>): SaveItem => ({
      part: 'hydrops',
      label: 'HYDROPS (48 images)',
      total: 48,
      stored: 48,
      status: 'stored',
      problems: [],
      ...change,
    });
    const mi2 = { part: 'hydrops-mi2', label: 'HYDROPS-Mi2 (48 images)', stored: 7 } as const;
    const service = show({
      ...DONE,
      saving: true,
      saveItems: [item({}), item({ ...mi2, status: 'storing' })],
    });
    expect(container.querySelector('[role="status"]')?.textContent).toBe(
      'Saving… HYDROPS-Mi2 7 of 48'
    );
    act(() =>
      service.update({
        save: { status: 'failed', message: 'Not stored.' },
        saveItems: [
          item({}),
          item({ ...mi2, status: 'failed', problems: ['image 8, 1.2.3: the archive refused'] }),
        ],
      })
    );
    const list = container.querySelector('[aria-label="Stored so far"]');
    expect([...(list?.children ?? [])].map((item) => item.textContent)).toEqual([
      'HYDROPS (48 images): stored',
      'HYDROPS-Mi2 (48 images): failed, 7 of 48 storedWhy?image 8, 1.2.3: the archive refused',
    ]);
  });
});

describe('a save that takes long', () => {
  it('can be cancelled, and says so when the archive does not answer', () => {
    const part = { part: 'segmentation', label: 'Segmentation', total: 1, stored: 0 } as const;
    const service = show({
      ...DONE,
      archiveName: 'PACS',
      saving: true,
      savingStalls: true,
      saveItems: [{ ...part, status: 'storing', problems: [] }],
    });
    expect(container.querySelector('[role="status"]')?.textContent).toBe(
      'Saving… Segmentation. PACS has not answered yet. Still waiting.'
    );
    click('Cancel');
    expect(service.commands).toEqual([['cancelSaving', undefined]]);
  });
});

describe('a result that this browser has kept', () => {
  const created = new Date(2026, 10, 25, 13, 49, 5).toISOString();
  const kept = { id: 'save 1', kind: 'save', created, edited: true, objects: 2 } as const;
  const draft = { ...kept, id: 'draft 2', kind: 'draft', objects: 1 } as const;

  it('is offered with its time, and saved', () => {
    const service = show({ ...RECOGNISED, unsavedResults: [kept] });
    expect(container.textContent).toContain('Unsaved result of 2026-11-25 13:49:05');
    expect(container.textContent).toContain('2 objects not confirmed by the archive');
    click('Save the unsaved result of 2026-11-25 13:49:05');
    expect(service.commands).toEqual([['saveUnsavedResult', { id: 'save 1' }]]);
  });

  it('is opened; unsaved work is seen before it is saved', () => {
    const service = show({ ...RECOGNISED, unsavedResults: [draft] });
    expect(() => named('button', 'Save the unsaved')).toThrow();
    click('Open the unsaved result of 2026-11-25 13:49:05');
    expect(service.commands).toEqual([['restoreUnsavedResult', { id: 'draft 2' }]]);
  });

  it('says what of it is the reader’s, so that two of the same minute can be told apart', () => {
    const changes = ['slice of the left cochlea', 'findings'];
    show({
      ...RECOGNISED,
      unsavedResults: [
        { ...draft, changes },
        { ...draft, id: 'draft 3' },
      ],
    });
    expect(container.textContent).toContain(
      'Your changes: slice of the left cochlea and findings; kept in this browser'
    );
    expect(container.textContent).toContain('edited by the reader; kept in this browser');
  });

  it('cannot be taken or discarded while another tab works on it', () => {
    show({ ...DONE, unsavedResults: [{ ...kept, isOpenElsewhere: true }] });
    expect(container.textContent).toContain('Open in another tab of this browser');
    for (const name of ['Save the unsaved', 'Open the unsaved', 'Discard'])
      expect(() => named('button', name)).toThrow();
    expect(container.querySelector('[role="status"]')?.textContent).toBe(
      'Result ready, not stored yet.'
    );
  });

  it('is discarded only when the reader confirms it', () => {
    const service = show({ ...RECOGNISED, unsavedResults: [draft] });
    click('Discard');
    expect(service.commands).toEqual([]);
    click('Discard it');
    expect(service.commands).toEqual([['discardUnsavedResult', { id: 'draft 2' }]]);
  });

  it('that cannot be kept is said, and nothing else changes', () => {
    show({ ...DONE, keepingProblem: 'This browser has no room to keep the result.' });
    expect(container.textContent).toContain('no room to keep');
    expect(named('button', 'Save results').getAttribute('aria-disabled')).toBe('false');
  });
});

describe("the reader's findings", () => {
  it('are set by ear, apart from what the software suggests', () => {
    const service = show(DONE);
    const grade = named<HTMLSelectElement>('select', 'Vestibule, Nakashima, left ear');
    expect(grade.value).toBe('');
    act(() => {
      grade.value = 'mild';
      grade.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(service.commands).toEqual([
      ['setReaderField', { field: 'vestibuleNakashima', value: 'mild', ear: 'left' }],
    ]);
  });

  it('go out with every key, and not at all while a result is made or opened', () => {
    const service = show(DONE);
    const field = named<HTMLTextAreaElement>('textarea', 'Impression');
    const type = (text: string) =>
      act(() => {
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(
          field,
          text
        );
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
    type('H');
    expect(service.commands).toEqual([['setReaderField', { field: 'impression', value: 'H' }]]);
    act(() => service.update({ status: 'running' }));
    expect(field.readOnly).toBe(true);
    expect(named<HTMLSelectElement>('select', 'Vestibule, Nakashima, left ear').disabled).toBe(
      true
    );
    const reason = container.querySelector(`#${field.getAttribute('aria-describedby')}`);
    expect(reason?.textContent).toBe('Nothing can be changed until it has finished.');
  });

  it('are counted where they are folded away', () => {
    const findings = withField(NO_FINDINGS, 'suri', 'no', 'right');
    show({ ...DONE, findings: withField(findings, 'impression', 'Unremarkable.') });
    const summaries = [...container.querySelectorAll('summary')].map(
      (summary) => summary.textContent
    );
    expect(summaries).toContain('Reader’s findings2');
    expect(named<HTMLTextAreaElement>('textarea', 'Impression').value).toBe('Unremarkable.');
  });

  it('go into a report for clipboard and paper', () => {
    const service = show(DONE);
    click('Copy report text');
    click('Print report');
    expect(service.commands).toEqual([
      ['exportHydropsReport', { format: 'text' }],
      ['exportHydropsReport', { format: 'print' }],
    ]);
  });
});

it('a result of other software, a stored or a kept result asks before it replaces unsaved work', () => {
  const findings = withField(NO_FINDINGS, 'impression', 'Hydrops');
  const foreign = {
    seriesInstanceUid: '1.3',
    sopInstanceUid: '1.3.1',
    label: 'Other',
    segments: [{ number: 1, label: 'Left cochlea', organ: 1 }],
  };
  const kept = { id: 'draft', kind: 'draft', created: '', edited: true, objects: 1 } as const;
  const service = show({
    ...DONE,
    findings,
    storedResults: STORED,
    foreignSegmentations: [foreign],
    unsavedResults: [kept],
  });
  const asks = ['Restore the result', 'Use Other as ROI', 'Open the unsaved result'];
  const yes = ['Restore it', 'Use it', 'Open it'];
  for (const [n, name] of asks.entries()) {
    click(name);
    expect(service.commands).toHaveLength(n);
    expect(container.querySelector('.question')?.textContent).toContain(
      'Opening a result replaces your unsaved findings. They are kept in this browser'
    );
    click(yes[n] ?? '');
  }
  expect(service.commands.map(([name, options]) => [name, options?.['discardUnsaved']])).toEqual([
    ['loadHydropsResults', undefined],
    ['useSegmentationAsRoi', undefined],
    ['restoreUnsavedResult', undefined],
  ]);
  act(() => service.update({ keepsUnsaved: false }));
  click('Restore the result');
  expect(container.querySelector('.question')?.textContent).toContain('discards your unsaved');
  click('Restore it');
  expect(service.commands.at(-1)?.[1]).toMatchObject({ discardUnsaved: true });
});

it("takes another software's segmentation as ROI", () => {
  const foreign = {
    seriesInstanceUid: '1.2.9',
    sopInstanceUid: '1.2.9.1',
    label: 'Inner ear (Vendor)',
    segments: [
      { number: 1, label: 'Left cochlea', organ: 1 },
      { number: 2, label: 'Region B', organ: null },
    ],
  };
  const service = show({ ...RECOGNISED, foreignSegmentations: [foreign] });
  click('Use Inner ear (Vendor) as ROI');
  expect(service.commands).toEqual([
    [
      'useSegmentationAsRoi',
      { seriesInstanceUid: '1.2.9', sopInstanceUid: '1.2.9.1', label: 'Inner ear (Vendor)' },
    ],
  ]);
});

describe('segments of other software whose names say nothing', () => {
  const foreign = {
    seriesInstanceUid: '1.2.9',
    sopInstanceUid: '1.2.9.1',
    label: 'Regions (Vendor)',
    segments: [{ number: 3, label: 'Region C', organ: null }],
  };
  const choice = () =>
    container.querySelector<HTMLSelectElement>('[aria-label^="Organ of segment 3"]')!;
  const button = () =>
    container.querySelector<HTMLButtonElement>('[aria-label^="Use Regions (Vendor)"]')!;

  it('are listed, and can be measured once the reader has said which organ one is', () => {
    const service = show({ ...RECOGNISED, foreignSegmentations: [foreign] });
    expect(container.textContent).toContain('Segments, 1 not recognised');
    expect(container.textContent).toContain('no organ recognised; made by other software');
    button().click();
    expect(service.commands).toEqual([]);
    act(() => {
      choice().value = '2';
      choice().dispatchEvent(new Event('change', { bubbles: true }));
    });
    const assigned = { sopInstanceUid: '1.2.9.1', segment: 3, organ: 2 };
    expect(service.commands).toEqual([['assignSegment', assigned]]);
    act(() => service.update({ segmentAssignments: { '1.2.9.1': { 3: 2 } } }));
    expect(container.textContent).toContain('Left vestibule; made by other software');
    expect(choice().value).toBe('2');
    click('Use Regions (Vendor) as ROI');
    expect(service.commands.at(-1)?.[0]).toBe('useSegmentationAsRoi');
  });
});
