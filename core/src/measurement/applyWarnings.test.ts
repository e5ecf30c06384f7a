import { METHODS, WARNINGS, voidedBy, type Output, type WarningCode } from '../registry';
import type { EarMeasurement, Method, OrganMeasurement, Warning } from '../types';
import { applyWarnings } from './applyWarnings';

const organ: OrganMeasurement = {
  measurable: true,
  voided: {},
  area: null,
  volume: {
    ratio: 1,
    totalVoxels: 200,
    endolymphVoxels: 200,
    totalMm3: 50,
    endolymphMm3: 50,
    withinNoise: 0,
    interval: [1, 1],
  },
  mixture: { fraction: 0.89, uncertainty: 0.09 },
  slices: [],
  mask: 'automatic',
};
const grade = {
  scheme: 'nakashima',
  suggested: 'significant',
  borderline: false,
  doubts: [],
} as const;
const ear: EarMeasurement = {
  cochlea: organ,
  vestibule: { ...organ, grade: { ...grade, doubts: [] } },
};
const warning = (code: WarningCode, changes: Partial<Warning> = {}): Warning => ({
  code,
  message: '',
  ear: null,
  ...changes,
});
const voided = (warnings: Warning[], method: Method = 'hydrops-mi2') =>
  applyWarnings({ left: ear, right: ear }, warnings, method);

test('without a warning everything holds', () => {
  expect(voided([])).toEqual({ left: ear, right: ear });
});

test('an ear without enhanced perilymph keeps what was counted and loses what is made of it', () => {
  const { left, right } = voided([warning('perilymph-not-enhanced', { ear: 'left' })]);
  expect(left?.vestibule).toEqual({
    ...organ,
    measurable: false,
    voided: {
      ratio: ['perilymph-not-enhanced'],
      mixture: ['perilymph-not-enhanced'],
      grade: ['perilymph-not-enhanced'],
    },
    mixture: null,
    grade: null,
  });
  expect(left?.cochlea).toMatchObject({ measurable: false, mixture: null });
  expect(left?.cochlea).not.toHaveProperty('grade');
  expect(left?.cochlea?.volume.ratio).toBe(1);
  expect(right).toEqual(ear);
});

test('weak enhancement leaves a grade, in doubt, and applying warnings again changes nothing', () => {
  const warnings = [warning('perilymph-weakly-enhanced', { ear: 'left' })];
  const once = voided(warnings);
  expect(once.left?.vestibule).toMatchObject({
    measurable: true,
    voided: {},
    grade: { suggested: 'significant', borderline: true, doubts: [{ code: 'weak-enhancement' }] },
  });
  expect(once.right).toEqual(ear);
  expect(applyWarnings(once, warnings, 'hydrops-mi2')).toEqual(once);
});

test('a warning of one organ leaves the other alone, one of the study takes both ears', () => {
  const of = voided([warning('noise-high', { ear: 'right', organ: 'vestibule' })]);
  expect(of.right?.vestibule).toMatchObject({ measurable: true, grade: null });
  expect(of.right?.vestibule?.mixture).not.toBeNull();
  expect([of.right?.cochlea, of.left]).toEqual([organ, ear]);
  const all = voided([warning('scaling-unusual')]);
  for (const side of [all.left, all.right]) {
    expect([side?.cochlea?.measurable, side?.vestibule?.measurable]).toEqual([false, false]);
  }
});

test('each code stands once, however many warnings carry it', () => {
  const codes = ['scaling-unusual', 'motion-uncertain', 'motion-uncertain'] as const;
  const { left } = voided(codes.map((code) => warning(code)));
  expect(left?.vestibule?.voided.grade).toEqual(['scaling-unusual', 'motion-uncertain']);
});

test('HYDROPS2 has no grade even if its warning were lost', () => {
  const { left } = voided([], 'hydrops2-mi2');
  expect(left?.vestibule).toMatchObject({ measurable: true, grade: null, mixture: null });
});

describe('the table', () => {
  const codes = Object.keys(WARNINGS) as WarningCode[];

  test('voids with a ratio what is made of it', () => {
    for (const code of codes) {
      const outputs = voidedBy(code);
      if (outputs.includes('ratio')) expect(outputs).toEqual(['ratio', 'mixture', 'grade']);
    }
  });

  test('says of every method why it has no grade: a warning that it always carries voids it', () => {
    const always: Partial<Record<Method, WarningCode>> = { 'hydrops2-mi2': 'mrc-scale-estimated' };
    for (const [method, { allows }] of Object.entries(METHODS)) {
      if (allows.includes('grade' satisfies Output)) continue;
      expect(voidedBy(always[method as Method] as WarningCode)).toContain('grade');
    }
  });

  test('voids nothing for what does not touch the numbers', () => {
    const harmless: WarningCode[] = ['duplicate-slices', 'series-repeated', 'ear-not-found'];
    for (const code of [...harmless, 'geometry-resampled', 'motion-corrected'] as const)
      expect(voidedBy(code)).toEqual([]);
  });
});
