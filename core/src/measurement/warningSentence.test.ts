import type { Warning } from '../types';
import { warningSentence } from './warningSentence';

const about = (message: string, more: Partial<Warning> = {}): Warning => ({
  code: 'low-confidence',
  ear: 'right',
  message,
  ...more,
});

it.each([
  'The right ear was not found and is not measured.',
  'The network is unsure of the right cochlea.',
  'Right vestibule: 200 mm³.',
])('a message that names its ear is not given it twice: %s', (message) => {
  expect(warningSentence(about(message))).toBe(message);
});

it('a message that does not name its ear, as of an older result, gets it in front', () => {
  expect(warningSentence(about('Perilymph is dark.'))).toBe('Right ear: Perilymph is dark.');
  expect(warningSentence(about('Perilymph is dark.', { organ: 'cochlea' }))).toBe(
    'Right cochlea: Perilymph is dark.'
  );
  // The other ear's name is not this one's.
  expect(warningSentence(about('Darker than the left ear.'))).toMatch(/^Right ear: /);
});

it('a warning about the study names no ear', () => {
  expect(warningSentence(about('PEI had moved.', { ear: null }))).toBe('PEI had moved.');
});
