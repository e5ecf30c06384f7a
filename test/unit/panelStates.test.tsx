/** @jest-environment jsdom */
import { TestPanel } from '../../extension/test/testPanel';
import { INITIAL_STATE, type HydropsState } from '../../extension/src/state/HydropsState';
import { STATES } from '../panelPage/states';

// The page of the panel's states (`npm run panel`) shows what it names, and React has nothing to complain of.

let complaints: jest.SpyInstance;
let panel: TestPanel | null = null;
beforeEach(() => {
  complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  panel?.end();
  panel = null;
  jest.restoreAllMocks();
});

/** The panel of a state, with the button pressed. */
function open([, state, pressed]: (typeof STATES)[number]): TestPanel {
  const opened = new TestPanel(state);
  if (pressed) opened.click(pressed);
  return opened;
}

it.each(STATES)('%s', (...entry) => {
  panel = open(entry);
  expect(panel.text).toContain('Not for clinical use');
  expect(complaints).not.toHaveBeenCalled();
});

it.each(Object.keys(INITIAL_STATE) as (keyof HydropsState)[])(
  'some state shows what the panel makes of %s',
  (field) => {
    const values = STATES.map(([, state]) => JSON.stringify(state[field]));
    expect(new Set(values).size).toBeGreaterThan(1);
  }
);

it('no two states look the same', () => {
  const seen = new Map<string, string>();
  for (const entry of STATES) {
    const [name] = entry;
    panel = open(entry);
    const html = panel.container.innerHTML;
    panel.end();
    panel = null;
    expect([name, seen.get(html)]).toEqual([name, undefined]);
    seen.set(html, name);
  }
});
