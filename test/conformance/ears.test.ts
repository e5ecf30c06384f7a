import { join } from 'node:path';
import {
  analyzeStudy,
  RIGHT_EAR_OFFSET,
  type EarSide,
  type Geometry,
  type Organ,
  type Segmenter,
  type Vector3,
  type Volume,
  type Matrix3,
} from '@inner-ear-hydrops/core';
import { createSegmenter } from '@inner-ear-hydrops/core/segmentation';
import {
  centredOrigin,
  createCase,
  paperGrid,
  simulateStudy,
  type PhantomStudy,
} from '@inner-ear-hydrops/phantom';
import { seriesOf } from '../../core/test/testGrids';
import { openModelAt, wasmFolder } from '../../tools/src/model/modelFiles';

// The shipped model finds both ears however the stack was laid, and by the paper's reference points
// where it cannot look for them.

jest.setTimeout(300_000);

const CODES: Record<Organ, number> = { cochlea: 1, vestibule: 2 };
const ORGANS = ['cochlea', 'vestibule'] as const;

const series = (volume: Volume, seriesInstanceUid: string, inversionTime: number | null) =>
  seriesOf(volume, { seriesInstanceUid, inversionTime });

async function segmenterOf(withLocator: boolean): Promise<Segmenter & { dispose(): void }> {
  const model = await openModelAt(join(__dirname, '../../models/inner-ear-unet'));
  const { networks } = model.manifest;
  const manifest = {
    ...model.manifest,
    networks: withLocator ? networks : { ...networks, locator: null },
  };
  return createSegmenter({ ...model, manifest }, { backend: 'wasm', wasmPath: wasmFolder() });
}

const grid = (size: Vector3, spacing: Vector3, direction: Matrix3): Geometry => ({
  size,
  spacing,
  direction,
  origin: centredOrigin(size, spacing, direction, [0, 0, 0]),
});
const [c, s] = [Math.cos(Math.PI / 7), Math.sin(Math.PI / 7)];

const STACKS: [string, Geometry][] = [
  [
    'tilted by 26° towards coronal',
    grid([324, 300, 48], [0.5, 0.5, 1], [1, 0, 0, 0, c, s, 0, -s, c]),
  ],
  ['turned by 26° in its plane', grid([324, 324, 40], [0.5, 0.5, 1], [c, s, 0, -s, c, 0, 0, 0, 1])],
  ['coronal', grid([324, 160, 60], [0.5, 0.5, 1], [1, 0, 0, 0, 0, -1, 0, 1, 0])],
];

const simulate = (stack: Geometry, position: Vector3 = [0, 0, 0]): PhantomStudy =>
  simulateStudy(
    createCase(1_000_301, {
      grid: stack,
      position,
      tilt: [0, 0, 0],
      noise: 0.015,
      gadolinium: 0.08,
      hydrops: { left: 0.6, right: 0.1 },
    })
  );

/** Dice of each organ against the phantom's truth, and the ratio's difference from that in the true region. */
async function compare(segmenter: Segmenter, study: PhantomStudy) {
  const result = await analyzeStudy(
    {
      mrc: series(study.mrc, '1.2.1', null),
      ppi: series(study.ppi, '1.2.2', 2250),
      pei: series(study.pei, '1.2.3', 2050),
    },
    segmenter
  );
  const rows: { ear: EarSide; organ: Organ; dice: number; off: number }[] = [];
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ORGANS) {
      const code = CODES[organ] + (ear === 'right' ? RIGHT_EAR_OFFSET : 0);
      let [truth, found, both, negative] = [0, 0, 0, 0];
      study.truth.anatomy.forEach((value, n) => {
        const isFound = result.segmentation.anatomy[n] === code;
        if (isFound) found++;
        if (value !== code) return;
        truth++;
        if (isFound) both++;
        if (result.prepared.hydropsMi2.data[n]! < 0) negative++;
      });
      const ratio = result.measurement.ears[ear]?.[organ]?.volume.ratio ?? NaN;
      rows.push({
        ear,
        organ,
        dice: (2 * both) / (truth + found),
        off: Math.abs(ratio - negative / truth),
      });
    }
  }
  return { rows, ears: result.segmentation.ears };
}

describe('wherever the stack lies', () => {
  let segmenter: Segmenter & { dispose(): void };
  beforeAll(async () => {
    segmenter = await segmenterOf(true);
  });
  afterAll(() => segmenter.dispose());

  test.each(STACKS)(
    '%s: both ears on their sides, measured as in the true region',
    async (_, stack) => {
      const { rows, ears } = await compare(segmenter, simulate(stack));
      expect(ears.map(({ side }) => side).sort()).toEqual(['left', 'right']);
      for (const { dice, off } of rows) {
        expect(dice).toBeGreaterThan(0.75);
        expect(off).toBeLessThan(0.08);
      }
    }
  );
});

test("without a network that looks for ears, the paper's reference points find them on its grid", async () => {
  const segmenter = await segmenterOf(false);
  try {
    // The paper's points lie 38 mm left and 35 mm right of the middle, and 6–12 mm behind it.
    const { rows } = await compare(segmenter, simulate(paperGrid(36), [2, 6, 0]));
    expect(rows).toHaveLength(4);
    for (const { dice } of rows) expect(dice).toBeGreaterThan(0.75);
  } finally {
    segmenter.dispose();
  }
});
