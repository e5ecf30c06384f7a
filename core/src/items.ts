/**
 * The item of a list whose length something else vouches for; a negative index counts from the end.
 * Not for the loops over voxels.
 *
 * @throws RangeError where the list has no such item
 */
export function itemAt<T>(list: ArrayLike<T>, index: number): T {
  const at = index < 0 ? list.length + index : index;
  if (!(at in list)) throw new RangeError(`No item ${index} in a list of ${list.length}.`);
  return list[at] as T;
}

type Items<T, N extends number, R extends T[] = []> = R['length'] extends N
  ? R
  : Items<T, N, [...R, T]>;

/**
 * The first items of a list that holds at least so many.
 *
 * @throws RangeError where it holds fewer
 */
export function firstItems<T, N extends number>(list: Iterable<T>, count: N): Items<T, N> {
  const items = [...list].slice(0, count);
  if (items.length < count)
    throw new RangeError(`${items.length} items where ${count} are wanted.`);
  return items as Items<T, N>;
}
