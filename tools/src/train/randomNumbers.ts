/** A small seeded generator (mulberry32): the same numbers for the same seed, everywhere. */
export class RandomNumbers {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  /** 0 ≤ number < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  }
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  integer(count: number): number {
    return Math.floor(this.next() * count);
  }
  /** Mean 0, standard deviation 1 (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}
