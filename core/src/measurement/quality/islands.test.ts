import { firstItems } from '../../items';
import type { EarSide, LabelVolume, Organ, Vector3 } from '../../types';
import { SEGMENTS } from '../../types';
import { axialGrid } from '../../../test/testGrids';
import { collectOrgans } from '../organVoxels';
import { voidedBy } from '../../registry';
import { islandWarnings, regionParts } from './islands';

const grid = axialGrid([40, 40, 12], [0.5, 0.5, 1], [0, 0, 0]);
type Box = [from: Vector3, to: Vector3];
const at = ([i, j, k]: Vector3) => i + 40 * (j + 40 * k);

/** Left vestibules of boxes of voxels, both corners included. */
function labels(...boxes: Box[]): LabelVolume {
  const data = new Uint8Array(40 * 40 * 12);
  for (const [from, to] of boxes) {
    for (let k = from[2]; k <= to[2]; k++)
      for (let j = from[1]; j <= to[1]; j++)
        for (let i = from[0]; i <= to[0]; i++) data[at([i, j, k])] = 2;
  }
  return { ...grid, data, segments: [...SEGMENTS] };
}
const warningsOf = (...boxes: Box[]) => islandWarnings(grid, collectOrgans(labels(...boxes)));
const BODY: Box = [
  [10, 10, 3],
  [17, 17, 6],
];

test('one body, and one that hangs together by a corner, need no word', () => {
  expect(warningsOf(BODY)).toEqual([]);
  expect(
    warningsOf(BODY, [
      [18, 18, 7],
      [20, 20, 7],
    ])
  ).toEqual([]);
});

test('a voxel or two beside the organ are not worth a word', () => {
  expect(
    warningsOf(BODY, [
      [20, 10, 3],
      [21, 12, 3],
    ])
  ).toEqual([]);
});

test('detached parts are said with their voxels and volume', () => {
  const [warning, ...others] = warningsOf(
    BODY,
    [
      [20, 10, 3],
      [21, 13, 3],
    ],
    [
      [13, 13, 8],
      [13, 13, 8],
    ]
  );
  expect(others).toEqual([]);
  expect(warning).toMatchObject({
    code: 'roi-in-parts',
    ear: 'left' satisfies EarSide,
    organ: 'vestibule' satisfies Organ,
    values: { parts: 2, voxels: 9, volume: 2.25 },
  });
  expect(warning?.message).toContain(
    '2 detached parts beside the main one: 9 of 265 voxels (2.3 mm³)'
  );
  expect(voidedBy('roi-in-parts')).toEqual([]);
});

test('a part farther than the organ reaches voids grade and mixture, which are not of this organ alone', () => {
  const [warning] = firstItems(
    warningsOf(BODY, [
      [30, 30, 5],
      [31, 33, 5],
    ]),
    1
  );
  expect(warning.code).toBe('roi-part-far');
  expect(warning.values?.['farthest']).toBeCloseTo(Math.hypot(8.5, 9, 0.5), 6);
  expect(voidedBy('roi-part-far')).toEqual(['grade', 'mixture']);
});

test('the end of one row is no neighbour of the next row', () => {
  const [{ indices }] = firstItems(
    collectOrgans(
      labels(
        [
          [39, 5, 2],
          [39, 5, 2],
        ],
        [
          [0, 6, 2],
          [0, 6, 2],
        ]
      )
    ),
    1
  );
  expect(regionParts(grid.size, indices)).toHaveLength(2);
});
