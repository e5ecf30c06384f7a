import type { Method } from '../types';
import type { Output } from './warnings';

/** What is known of a method of measurement. */
export interface MethodEntry {
  label: string;
  /** What counts as endolymph. */
  formula: string;
  /** Outputs that the method has: thresholds made on one scale do not hold on another. */
  allows: readonly Output[];
}

export const METHODS: Record<Method, MethodEntry> = {
  'hydrops-mi2': {
    label: 'HYDROPS-Mi2',
    formula: '(PPI − PEI) × MRC below zero',
    allows: ['ratio', 'mixture', 'grade'],
  },
  'hydrops2-mi2': {
    label: 'HYDROPS2-Mi2',
    formula: '(PPI − s·MRC) × MRC below zero',
    // Its zero lies on another scale (field notes): Nakashima's thresholds were not made for it.
    allows: ['ratio'],
  },
  'real-ir': {
    label: '3D-real IR',
    formula: 'phase-sensitive inversion recovery below zero',
    allows: ['ratio', 'grade'],
  },
};
