import type { HydropsState } from './HydropsState';

/** Said beside what is held back. */
export const HELD_WORDS = 'Nothing can be changed until it has finished.';

/**
 * While a result is made or opened, nothing is changed that it takes the place of, or that it is made with: the change
 * would go with the result before, or not be in the new one.
 */
export const isHeld = ({ status }: Pick<HydropsState, 'status'>): boolean => status === 'running';
