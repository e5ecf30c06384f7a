/** One structure of an ear, in the ear's frame, with a sphere that encloses it. */
export interface Part {
  center: readonly [number, number, number];
  boundingRadius: number;
  /** Whether a sphere may touch the part: never false when it does. Default: by the enclosing sphere. */
  mayTouch?(x: number, y: number, z: number, radius: number): boolean;
  /** `COMPARTMENT.outside` when the point is not in this part. */
  classify(x: number, y: number, z: number): number;
}
