import { itemAt } from '@inner-ear-hydrops/core';
import { RandomNumbers } from './randomNumbers';

/**
 * Deals patients into folds: shuffled by the seed, then one after another, so that the folds' sizes
 * differ by one at most and no patient is in two.
 * @returns the validation patients of each fold
 */
export function dealFolds(patients: readonly string[], folds: number, seed: number): string[][] {
  const random = new RandomNumbers(seed ^ 0xf01d);
  const order = [...patients].sort();
  for (let n = order.length - 1; n > 0; n--) {
    const other = random.integer(n + 1);
    [order[n], order[other]] = [itemAt(order, other), itemAt(order, n)];
  }
  const dealt = Array.from({ length: folds }, (): string[] => []);
  order.forEach((patient, n) => itemAt(dealt, n % folds).push(patient));
  return dealt;
}
