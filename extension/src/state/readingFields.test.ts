import { EMPTY_READING, isEmptyReading, readingOf, readingTexts, withField } from './readingFields';

const reading = withField(
  withField(EMPTY_READING, 'suri', 'yes', 'left'),
  'impression',
  'a \\ b: c\n幻'
);

it("a reader's findings survive the way through JSON, whatever else came along", () => {
  const stored: unknown = JSON.parse(
    JSON.stringify({ ...reading, later: 1, left: { ...reading.left, x: 2 } })
  );
  expect(readingOf(stored)).toEqual(reading);
  expect(readingOf('no reading')).toBeNull();
});

it('takes no field or grade that no form offers', () => {
  expect(withField(EMPTY_READING, 'constructor', 'x')).toBe(EMPTY_READING);
  expect(withField(EMPTY_READING, 'suri', 'perhaps', 'left')).toBe(EMPTY_READING);
});

it('names each statement by ear, and nothing that was not stated', () => {
  expect(readingTexts(reading)).toEqual({
    'Saccule larger than utricle (SURI), left ear (reader)': 'yes',
    Impression: 'a \\ b: c\n幻',
  });
  expect(isEmptyReading({ ...EMPTY_READING, reader: 'Reader^Test' })).toBe(true);
});
