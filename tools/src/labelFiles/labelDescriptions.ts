import { SEGMENTS } from '@inner-ear-hydrops/core';

/** The values of our label files as ITK-SNAP reads them (Segmentation, Import Label Descriptions). */
export function labelDescriptions(): string {
  const lines = SEGMENTS.map(
    ({ number, label, color }) => `${[number, ...color].join('\t')}\t1\t1\t1\t"${label}"`
  );
  return [
    '################################################',
    '# ITK-SnAP Label Description File',
    '# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL',
    '################################################',
    '0\t0\t0\t0\t0\t0\t0\t"Clear Label"',
    ...lines,
    '',
  ].join('\n');
}
