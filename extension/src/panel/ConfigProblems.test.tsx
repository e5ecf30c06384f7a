/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { HydropsPanel } from './HydropsPanel';
import { FakeService } from '../../test/testService';
import { RECOGNISED } from '../../test/testState';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

function panelWith(configProblems: string[]): string {
  const container = document.createElement('div');
  const root = createRoot(container);
  const service = new FakeService({ ...RECOGNISED, configProblems });
  act(() => root.render(<HydropsPanel service={service} />));
  const text = container.textContent ?? '';
  act(() => root.unmount());
  return text;
}

test('settings that were not taken are listed in the panel, which works all the same', () => {
  const problem = 'innerEarHydrops.backend: "gpu" is not one of auto, webgl, wasm; auto is used.';
  const text = panelWith([problem]);
  expect(text).toContain('One setting of this viewer is wrong');
  expect(text).toContain(problem);
  expect(text).toContain('Compute EH');
});

test('nothing is said where all settings are right', () => {
  expect(panelWith([])).not.toContain('of this viewer');
});
