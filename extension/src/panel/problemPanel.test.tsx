/** @jest-environment jsdom */
import { type HydropsState, type Problem } from '../state/HydropsState';
import { TestPanel } from '../../test/testPanel';
import { DONE, RECOGNISED, STORED } from '../../test/testState';

let panel: TestPanel;
const show = (state: HydropsState) => {
  panel = new TestPanel(state);
  return panel;
};
afterEach(() => panel.end());

const element = (selector: string) => panel.element(selector);
const click = (name: string) => panel.click(name);

describe('a problem', () => {
  const problem = (retry: Problem['retry'], more: Partial<Problem> = {}): Problem => ({
    ...{ code: 'one', message: 'It failed.', remedy: '', retry },
    ...more,
  });
  const place = () => element('[role="alert"]').closest('section')?.getAttribute('aria-label');
  const ALL_THERE = { ...DONE, storedResults: STORED };

  it.each([
    ['computeHydrops', 'Computation'],
    ['saveHydropsResults', 'Result'],
    ['loadHydropsResults', 'Stored results'],
    [null, 'Computation'],
  ] as const)('of %s stands in the part with the button that was pressed: %s', (retry, where) => {
    show({ ...ALL_THERE, problem: problem(retry) });
    expect(place()).toBe(where);
  });

  it.each(['saveHydropsResults', 'loadHydropsResults'] as const)(
    'of %s stands near the top where its own part is not there',
    (retry) => {
      show({ ...RECOGNISED, problem: problem(retry) });
      expect(place()).toBe('Computation');
    }
  );

  it('stands above the long text about ear positions', () => {
    show({ ...RECOGNISED, problem: problem('computeHydrops') });
    expect(element('[role="alert"] + details summary').textContent).toContain('Ear positions');
  });

  it('is tried again with what was asked for the first time', () => {
    const retryOptions = { seriesInstanceUid: '1.2.9', sopInstanceUid: '1.2.9.7' };
    const service = show({
      ...ALL_THERE,
      problem: problem('loadHydropsResults', { retryOptions }),
    });
    click('Retry');
    expect(service.commands).toEqual([['loadHydropsResults', retryOptions]]);
  });
});
