import { decimalString, encodePart10, personName } from './part10';
import type { Organ } from '../../types';
import { endolymphCode, organCode } from './codes';
import { patientAndStudy } from './modules';
import { deriveUid } from './deriveUid';
import { readPart10 } from './readPart10';

describe('deriveUid', () => {
  test('is a valid UID, the same for the same parts and another for others', () => {
    const uid = deriveUid('a', 'bc');
    expect(uid).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
    expect(deriveUid('a', 'bc')).toBe(uid);
    for (const other of [['ab', 'c'], ['abc'], ['a', 'bc', ''], ['bc', 'a']])
      expect(deriveUid(...other)).not.toBe(uid);
  });
});

describe('decimalString', () => {
  test('says the number in 16 characters, to ten digits at least', () => {
    const values = [0, 1, -1, 1 / 3, -1 / 3, 1e-7 / 3, -1e-7 / 3, 123456.78901234567, -0.1 - 0.2];
    values.push(3.0517578125e-5, 1e15 / 7, -1e22 / 7, 5e-324, 1.7976931348623157e308);
    for (const value of values) {
      const text = decimalString(value);
      expect(text.length).toBeLessThanOrEqual(16);
      expect(text).toMatch(/^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i);
      const error = Math.abs(Number(text) - value);
      expect(error).toBeLessThanOrEqual(Math.max(Math.abs(value) * 1e-8, Number.MIN_VALUE));
    }
  });

  test('refuses what has no value', () => {
    expect(() => decimalString(NaN)).toThrow(RangeError);
    expect(() => decimalString(-Infinity)).toThrow(RangeError);
  });
});

test('an organ without a code of its own is not stored under the code of another', () => {
  const unknown = 'saccule' as Organ;
  expect(() => organCode(unknown)).toThrow('There is no code for the organ "saccule".');
  expect(() => endolymphCode(unknown)).toThrow('There is no code for the organ "saccule".');
});

test('person names come out the same from every form that dcmjs and the host hand over', () => {
  for (const form of ['A^B', [{ Alphabetic: 'A^B' }], { Alphabetic: 'A^B' }, ['A^B']])
    expect(personName(form)).toBe('A^B');
  expect(personName([{ Alphabetic: 'A^B', Phonetic: 'C' }])).toBe('A^B==C');
  expect(personName(null)).toBe('');
});

describe('encodePart10', () => {
  const minimal = { SOPClassUID: '1.2', SOPInstanceUID: '1.3', SeriesInstanceUID: '1.4' };

  test('keeps text of any script and numbers of each kind', () => {
    const { file } = encodePart10(
      {
        ...minimal,
        PatientName: 'Ärger^Ö=幻影',
        SliceThickness: 1 / 3,
        Rows: 7,
        InstanceNumber: 3,
      },
      ''
    );
    const { dataset } = readPart10(file);
    expect(personName(dataset.PatientName)).toBe('Ärger^Ö=幻影');
    expect(Number(dataset.SliceThickness)).toBeCloseTo(1 / 3, 12);
    expect(dataset.Rows).toBe(7);
    expect(Number(dataset.InstanceNumber)).toBe(3);
  });

  test('repeats patient and study as the scanner wrote them, also beyond the allowed length', () => {
    const attributes = {
      PatientName: [{ Alphabetic: 'Phantom^Long' }],
      PatientID: 'P'.repeat(70),
      StudyID: 'a study identifier of 38 characters...',
      PatientWeight: 70.12345678901235,
      OtherPatientIDs: ['A', 'B'],
      PatientAge: null,
      StudyInstanceUID: '2.25.1',
    };
    const { dataset } = readPart10(
      encodePart10({ ...minimal, ...patientAndStudy(attributes) }, '').file
    );
    expect(dataset.PatientID).toBe(attributes.PatientID);
    expect(dataset.StudyID).toBe(attributes.StudyID);
    expect(Number(dataset.PatientWeight)).toBe(attributes.PatientWeight);
    expect(dataset.OtherPatientIDs).toEqual(['A', 'B']);
    expect(personName(dataset.PatientName)).toBe('Phantom^Long');
    // Type 2: there, and empty.
    expect(dataset).toHaveProperty('AccessionNumber');
  });

  test('throws rather than dropping an unknown attribute or cutting a value off', () => {
    expect(() => encodePart10({ ...minimal, SliceThicknes: 1 }, '')).toThrow(/SliceThicknes/);
    expect(() => encodePart10({ ...minimal, SeriesDescription: 'x'.repeat(65) }, '')).toThrow(/64/);
    expect(() => encodePart10({ ...minimal, InstanceNumber: 1.5 }, '')).toThrow(/integer/);
    expect(() => encodePart10({ ...minimal, Rows: NaN }, '')).toThrow(/number/);
  });
});
