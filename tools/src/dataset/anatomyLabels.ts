import { ANATOMY, EARS, SEGMENTS, type Geometry, type LabelVolume } from '@inner-ear-hydrops/core';

/** The organs of an anatomy (`ANATOMY` codes) as labels (`SEGMENTS`); what lies beside them is left out. */
export function labelsFromAnatomy(
  { size, spacing, origin, direction }: Geometry,
  anatomy: Uint8Array
): LabelVolume {
  const numbers = new Uint8Array(256);
  for (const { ear, organ, number } of SEGMENTS)
    numbers[ANATOMY[organ] + EARS[ear].anatomyOffset] = number;
  const data = anatomy.map((code) => numbers[code]!);
  return { ...{ size, spacing, origin, direction }, data, segments: [...SEGMENTS] };
}
