/** quickselect 2.0.0 has no types of its own. Later versions are ES modules alone, which Node below 20.19 cannot require. */
declare module 'quickselect' {
  /** Moves the values within `values` so that the one at `rank` is where sorting would have it, with none greater before and none less behind it. */
  export default function quickselect(values: number[] | Float64Array, rank: number): void;
}
