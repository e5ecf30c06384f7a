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
