/** @jest-environment jsdom */
import { TestPanel } from '../../extension/test/testPanel';
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

it.each(STATES)('%s', (_, state) => {
  panel = new TestPanel(state);
  expect(panel.text).toContain('Not for clinical use');
  expect(complaints).not.toHaveBeenCalled();
});

it('no two states look the same', () => {
  const seen = new Map<string, string>();
  for (const [name, state] of STATES) {
    panel = new TestPanel(state);
    const html = panel.container.innerHTML;
    panel.end();
    panel = null;
    expect([name, seen.get(html)]).toEqual([name, undefined]);
    seen.set(html, name);
  }
});
