import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setUpBackend } from './backend';

const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));

beforeAll(async () => {
  await setUpBackend({ backend: 'wasm', wasmPath: path.join(folder, 'dist') + path.sep });
});

/** Values that tell where each came from. */
const counted = (shape: number[], start: number, dtype: 'float32' | 'int32' = 'float32') =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, n) => start + n),
    shape,
    dtype
  );

describe('joining channels on WASM', () => {
  it.each([
    ['few channels', [2, 3, 2, 4], [2, 3, 2, 7], 3],
    ['the last axis from the end', [2, 2, 3], [2, 2, 1], -1],
    ['an axis in the middle, many values a run', [2, 3, 80], [2, 1, 80], 1],
    ['the first axis', [1, 5], [2, 5], 0],
  ] as const)('puts every value where it belongs: %s', (_, a, b, axis) => {
    tf.tidy(() => {
      const [first, second] = [counted([...a], 0), counted([...b], 1000)];
      const joined = tf.concat([first, second], axis);
      const along = axis < 0 ? axis + a.length : axis;
      expect(joined.shape).toEqual(a.map((size, n) => size + (n === along ? b[n]! : 0)));
      const begin = a.map((size, n) => (n === along ? size : 0));
      const back = [
        tf.slice(
          joined,
          begin.map(() => 0),
          [...a]
        ),
        tf.slice(joined, begin, [...b]),
      ];
      expect(back[0]!.dataSync()).toEqual(first.dataSync());
      expect(back[1]!.dataSync()).toEqual(second.dataSync());
    });
  });

  it('joins three, and whole numbers', () => {
    tf.tidy(() => {
      const parts = [counted([2, 1], 0), counted([2, 2], 10), counted([2, 1], 20)];
      expect(Array.from(tf.concat(parts, 1).dataSync())).toEqual([0, 10, 11, 20, 1, 12, 13, 21]);
      const whole = [counted([2, 1], 0, 'int32'), counted([2, 1], 5, 'int32')];
      const joined = tf.concat(whole, 1);
      expect(joined.dtype).toBe('int32');
      expect(Array.from(joined.dataSync())).toEqual([0, 5, 1, 6]);
    });
  });
});
