import type { SeriesHeader, SliceInput } from '../types';
import { refuseSeries } from './describeSeries';
import { nameSlice } from './sliceName';

/** Relative difference of the times of one sequence, by rounding. */
const SAME_TIME = 0.01;

const TIMES = [
  { key: 'inversionTime', name: 'Inversion Time (0018,0082)' },
  { key: 'echoTime', name: 'Echo Time (0018,0081)' },
] as const;

/**
 * The images of a volume are of one sequence: half a stack of another inversion time would change its sign there.
 *
 * @throws RefusedInputError `times-mixed`
 */
export function requireOneAcquisition(header: SeriesHeader, images: readonly SliceInput[]): void {
  for (const { key, name } of TIMES) {
    const stated = images.filter(({ traits }) => typeof traits?.[key] === 'number');
    const time = (image: SliceInput): number => image.traits?.[key] ?? 0;
    const [first] = stated;
    if (!first) continue;
    const others = stated.filter(
      (image) => Math.abs(time(image) - time(first)) > SAME_TIME * Math.abs(time(first))
    );
    const [other] = others;
    if (!other) continue;
    throw refuseSeries(
      'times-mixed',
      header,
      `its images are of more than one sequence: ${name} is ${time(first)} ms in ${stated.length - others.length} images ` +
        `and another in ${others.length} (${time(other)} ms in ${nameSlice(other)}).`,
      'Split the series so that each holds images of one sequence.',
      { time: time(first), other: time(other), images: others.length }
    );
  }
}
