import {
  SEGMENTS,
  type LabelVolume,
  type Measurement,
  type OrganMeasurement,
  type SliceInput,
  type Volume,
  type Warning,
} from '../types';
import { assembleSeries } from '../volume';
import { endolymphMask, hydropsOf } from '../hydrops';
import type { EarAbsence, PreparedStudy } from '../analysis/analyzeStudy';
import { axialGrid, headerOf, randomNumbers, slicesOf, volumeOf } from '../volume/testGrids';
import { measure } from './measure';

type Images = Record<'mrc' | 'ppi' | 'pei', Volume>;

/** Noise in which each voxel has its sign by its place in the patient; two "ears" of 300 voxels each. */
const grid = axialGrid([24, 16, 8], [0.5, 0.5, 1], [-6, 10, -3]);
const random = randomNumbers(5);
const noise = new Map<string, number[]>();
const valueAt = (point: readonly number[], which: number): number => {
  const key = point.map((x) => x.toFixed(3)).join(' ');
  let values = noise.get(key);
  if (!values) noise.set(key, (values = [1 + random(), random(), random()]));
  return values[which];
};
const images: Images = {
  mrc: volumeOf(grid, (point) => valueAt(point, 0)),
  ppi: volumeOf(grid, (point) => valueAt(point, 1)),
  pei: volumeOf(grid, (point) => valueAt(point, 2)),
};

/** Labels by place: an organ is where it is in the patient, however the image is stored. */
const labelAt = ([x, y, z]: readonly number[]): number => {
  if (Math.abs(x) < 1 || Math.abs(x) > 4.6 || Math.abs(y - 13.75) > 3.5 || Math.abs(z) > 2.5)
    return 0;
  return (x > 0 ? 1 : 3) + (y > 13.6 ? 1 : 0);
};
const labelsOn = (volume: Volume): LabelVolume => ({
  ...volume,
  data: Uint8Array.from(volumeOf(volume, labelAt).data),
  segments: [...SEGMENTS],
});

function prepared({ mrc, ppi, pei }: Images): PreparedStudy {
  const { hydrops, hydropsMi2 } = hydropsOf('hydrops-mi2', { mrc, ppi, pei });
  const still = {
    treatment: 'identical' as const,
    translation: [0, 0, 0] as [number, number, number],
    rotation: [0, 0, 0] as [number, number, number],
    displacement: 0,
    interpolation: 'none' as const,
  };
  return {
    header: { studyInstanceUid: '2.25.1', mrc: '2.25.2', ppi: '2.25.3', pei: '2.25.4' },
    mrc,
    ppi,
    pei,
    hydrops,
    hydropsMi2,
    method: 'hydrops-mi2',
    alignment: { ppi: still, pei: still },
    warnings: [],
    images: Array.from({ length: mrc.size[2] }, (_, k) => ({
      seriesNumber: 4,
      instanceNumber: k + 1,
      frameNumber: null,
      sopInstanceUid: `2.25.9.${k}`,
    })),
    endolymph: endolymphMask(hydropsMi2),
  };
}

const SLICES = {
  left: { cochlea: 3, vestibule: 4 },
  right: { cochlea: 3, vestibule: 4 },
};

function measured(of: Images, slices: typeof SLICES = SLICES): Measurement {
  return measure({
    prepared: prepared(of),
    labels: labelsOn(of.mrc),
    representativeSlices: slices,
    model: null,
  });
}

/** What is counted: pixels and ratios, by ear and organ; not which stored slice it was. */
function countsOf({ ears }: Measurement): unknown {
  return (['left', 'right'] as const).map((ear) =>
    (['cochlea', 'vestibule'] as const).map((organ) => {
      const found = ears[ear]?.[organ];
      return [
        found?.area?.totalPixels,
        found?.area?.endolymphPixels,
        found?.area?.ratio,
        found?.volume.totalVoxels,
        found?.volume.endolymphVoxels,
        found?.volume.ratio,
        found?.grade?.suggested,
      ];
    })
  );
}

const through = (of: Images, change: (slices: SliceInput[]) => SliceInput[]): Images => {
  const one = (volume: Volume): Volume =>
    assembleSeries(headerOf(), change(slicesOf(volume))).series.volume;
  return { mrc: one(of.mrc), ppi: one(of.ppi), pei: one(of.pei) };
};
const mapped = (of: Images, change: (volume: Volume) => Volume): Images => ({
  mrc: change(of.mrc),
  ppi: change(of.ppi),
  pei: change(of.pei),
});

const reference = countsOf(measured(images));

test('a count by hand: endolymph is below zero on (PPI − PEI) × MRC', () => {
  const labels = labelsOn(images.mrc).data;
  let [total, endolymph] = [0, 0];
  labels.forEach((label, n) => {
    if (label !== 2) return;
    total++;
    if (images.ppi.data[n] < images.pei.data[n]) endolymph++;
  });
  const volume = measured(images).ears.left?.vestibule?.volume;
  expect(volume).toMatchObject({ totalVoxels: total, endolymphVoxels: endolymph });
  expect(volume?.ratio).toBe(endolymph / total);
  expect(volume?.totalMm3).toBeCloseTo(total * 0.25, 9);
});

test.each([0.001, 3, 4095])(
  'the ratio does not change with a scale of %d on all series',
  (factor) => {
    const scaled = mapped(images, (volume) => ({
      ...volume,
      data: volume.data.map((value) => factor * value),
    }));
    expect(countsOf(measured(scaled))).toEqual(reference);
  }
);

test('nor with the order of files, or instance numbers that run the other way', () => {
  const shuffled = through(images, (slices) =>
    slices
      .map((slice, n) => ({ ...slice, instanceNumber: slices.length - n }))
      .sort((a, b) => a.pixels[7] - b.pixels[7])
  );
  expect(countsOf(measured(shuffled))).toEqual(reference);
});

test('nor with the direction in which rows, columns and slices are stored', () => {
  const flippedColumns = through(images, (slices) =>
    slices.map((slice) => {
      const [x, y, z] = slice.imagePositionPatient;
      const pixels = Float32Array.from({ length: slice.pixels.length }, (_, n) => {
        const i = n % slice.columns;
        return slice.pixels[n - i + slice.columns - 1 - i];
      });
      return {
        ...slice,
        pixels,
        imagePositionPatient: [x + (slice.columns - 1) * 0.5, y, z] as [number, number, number],
        imageOrientationPatient: [-1, 0, 0, 0, 1, 0] as SliceInput['imageOrientationPatient'],
      };
    })
  );
  // Stored the other way, the stack may run the other way too: the slices are those at the same height.
  const down = flippedColumns.mrc.direction[8] < 0;
  const turned = (k: number): number => (down ? grid.size[2] - 1 - k : k);
  const slices = {
    left: { cochlea: turned(3), vestibule: turned(4) },
    right: { cochlea: turned(3), vestibule: turned(4) },
  };
  expect(countsOf(measured(flippedColumns, slices))).toEqual(reference);
});

test('nor with zeros around the image', () => {
  const pad = (volume: Volume): Volume => {
    const [columns, rows, slices] = volume.size;
    const size: [number, number, number] = [columns + 6, rows + 4, slices + 2];
    const data = new Float32Array(size[0] * size[1] * size[2]);
    for (let n = 0; n < volume.data.length; n++) {
      const i = n % columns;
      const j = Math.floor(n / columns) % rows;
      const k = Math.floor(n / (columns * rows));
      data[i + 3 + size[0] * (j + 2 + size[1] * (k + 1))] = volume.data[n];
    }
    const [x, y, z] = volume.origin;
    return { ...volume, size, data, origin: [x - 1.5, y - 1, z - 1] };
  };
  const slices = {
    left: { cochlea: 4, vestibule: 5 },
    right: { cochlea: 4, vestibule: 5 },
  };
  expect(countsOf(measured(mapped(images, pad), slices))).toEqual(reference);
});

test('left and right change places in a mirrored patient', () => {
  const mirror = (volume: Volume): Volume => {
    const columns = volume.size[0];
    const data = volume.data.map((_, n) => {
      const i = n % columns;
      return volume.data[n - i + columns - 1 - i];
    });
    const [x, y, z] = volume.origin;
    return { ...volume, data, origin: [-x - (columns - 1) * 0.5, y, z] };
  };
  const [left, right] = reference as unknown[];
  expect(countsOf(measured(mapped(images, mirror)))).toEqual([right, left]);
});

test('HYDROPS and HYDROPS-Mi2 count alike where MRC is above zero; MRC = 0 is never endolymph', () => {
  const study = prepared(images);
  study.endolymph = endolymphMask(study.hydrops);
  const onHydrops = measure({
    prepared: study,
    labels: labelsOn(images.mrc),
    representativeSlices: SLICES,
    model: null,
  });
  expect(countsOf(onHydrops)).toEqual(reference);
  const dark = { ...images, mrc: { ...images.mrc, data: images.mrc.data.map(() => 0) } };
  expect(measured(dark).ears.left?.cochlea?.volume.endolymphVoxels).toBe(0);
});

test('one ear without labels is a result with one ear', () => {
  const labels = labelsOn(images.mrc);
  labels.data = labels.data.map((value) => (value > 2 ? 0 : value));
  const { ears } = measure({ prepared: prepared(images), labels, model: null });
  expect(ears.right).toBeNull();
  expect(ears.left?.cochlea?.volume.totalVoxels).toBeGreaterThan(0);
});

describe('an ear that is not there', () => {
  const labels = labelsOn(images.mrc);
  labels.data = labels.data.map((value) => (value > 2 ? 0 : value));
  const missing = (absent?: EarAbsence[]): Warning[] =>
    measure({ prepared: prepared(images), labels, absent, model: null }).warnings.filter(
      ({ code }) => code === 'ear-not-found'
    );

  test.each([
    ['field-of-view', /right ear was not found.*outside MRC or at its border.*series that covers/],
    ['noise', /right ear was not found.*noise on MRC.*by hand/],
    ['not-recognised', /right ear was not found.*nothing on MRC was recognised.*by hand/],
  ] as const)('is said with its side and the reason %s', (reason, words) => {
    const found = missing([{ side: 'right', reason }]);
    expect(found).toEqual([expect.objectContaining({ ear: 'right', values: { reason } })]);
    expect(found[0].message).toMatch(words);
  });

  test('is said where no network looked for it, and not where the reader has drawn it', () => {
    expect(missing().map(({ values }) => values)).toEqual([{ reason: 'no-region' }]);
    const drawn = measure({
      prepared: prepared(images),
      labels: labelsOn(images.mrc),
      absent: [{ side: 'right', reason: 'noise' }],
      model: null,
    });
    expect(drawn.warnings.map(({ code }) => code)).not.toContain('ear-not-found');
  });
});

describe('endolymph', () => {
  test('is what the one mask says, in slices, area and volume alike', () => {
    const study = prepared(images);
    const labels = labelsOn(images.mrc);
    study.endolymph = study.endolymph.map((value, n) => (labels.data[n] === 1 ? 1 : value));
    const { ears } = measure({
      prepared: study,
      labels,
      representativeSlices: SLICES,
      model: null,
    });
    const { area, volume, slices } = ears.left?.cochlea as OrganMeasurement;
    expect([area?.ratio, volume.ratio]).toEqual([1, 1]);
    expect(slices.map(({ ratio }) => ratio)).toEqual(slices.map(() => 1));
    expect(countsOf({ ears } as Measurement)).not.toEqual(reference);
  });

  test('is counted on every slice; together they are the volume, and one of them is the area', () => {
    // Noise is estimated where there is no fluid.
    const mrc = volumeOf(grid, (point) => (labelAt(point) ? 1 : 0.05) * valueAt(point, 0));
    const { right } = measured({ ...images, mrc }).ears;
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const { area, volume, slices } = right?.[organ] as OrganMeasurement;
      const sum = (of: 'totalPixels' | 'endolymphPixels'): number =>
        slices.reduce((total, slice) => total + slice[of], 0);
      expect(sum('totalPixels')).toBe(volume.totalVoxels);
      expect(sum('endolymphPixels')).toBe(volume.endolymphVoxels);
      const shown = slices.find(({ image }) => image.sopInstanceUid === area?.image.sopInstanceUid);
      expect(area).toMatchObject(shown as object);
      for (const { ratio, interval } of slices) {
        expect(interval?.[0]).toBeLessThanOrEqual(ratio);
        expect(interval?.[1]).toBeGreaterThanOrEqual(ratio);
      }
      // Fewer pixels are less sure.
      const width = (interval: [number, number] | null | undefined): number =>
        interval ? interval[1] - interval[0] : NaN;
      expect(width(area?.interval)).toBeGreaterThan(width(volume.interval));
    }
  });
});

test('images are named as people find them; no slice has a number of its own', () => {
  const { ears } = measured(images);
  expect(ears.left?.vestibule?.area?.image).toEqual({
    seriesNumber: 4,
    instanceNumber: 5,
    frameNumber: null,
    sopInstanceUid: '2.25.9.4',
  });
  expect(JSON.stringify(ears)).not.toMatch(/"(slice|k|index)":/);
});

test('who chose the slice is said', () => {
  const labels = labelsOn(images.mrc);
  const left = { cochlea: 3, vestibule: null };
  const { ears } = measure({
    prepared: prepared(images),
    labels,
    representativeSlices: { left },
    model: null,
  });
  expect(ears.left?.cochlea?.area?.chosenBy).toBe('reader');
  expect(ears.left?.vestibule?.area?.chosenBy).toBe('automatic');
});

describe('the mask', () => {
  const automatic = labelsOn(images.mrc);
  const masksOf = (labels: LabelVolume, network?: LabelVolume): unknown =>
    Object.values(
      measure({ prepared: prepared(images), labels, automatic: network, model: null }).ears
    ).map((ear) => [ear?.cochlea?.mask, ear?.vestibule?.mask]);

  test('is the network’s where no voxel differs, edited where one does, organ by organ', () => {
    const data = automatic.data.slice();
    expect(masksOf({ ...automatic, data }, automatic)).toEqual([
      ['automatic', 'automatic'],
      ['automatic', 'automatic'],
    ]);
    data[data.indexOf(2)] = 0;
    expect(masksOf({ ...automatic, data }, automatic)).toEqual([
      ['automatic', 'edited'],
      ['automatic', 'automatic'],
    ]);
  });

  test('is drawn where the network made none', () => {
    const oneEar = { ...automatic, data: automatic.data.map((value) => (value > 2 ? 0 : value)) };
    expect(masksOf(automatic, oneEar)).toEqual([
      ['automatic', 'automatic'],
      ['drawn', 'drawn'],
    ]);
    expect(masksOf(automatic)).toEqual([
      ['drawn', 'drawn'],
      ['drawn', 'drawn'],
    ]);
  });
});

test('the vestibule is graded by area, never by volume, and the cochlea not at all', () => {
  const sign = (area: boolean): Images => {
    // Endolymph only on the representative slice, or everywhere but there; around the ears it is all CSF.
    const pei = volumeOf(grid, (point) =>
      labelAt(point) === 0 || (Math.round(point[2]) === 1) === area ? 2 : 0
    );
    return { ...images, ppi: volumeOf(grid, () => 1), pei };
  };
  const onSlice = measured(sign(true)).ears.left;
  expect(onSlice?.vestibule?.volume.ratio).toBeLessThan(1 / 3);
  expect(onSlice?.vestibule?.grade?.suggested).toBe('significant');
  expect(onSlice?.cochlea?.grade).toBeUndefined();
  const elsewhere = measured(sign(false)).ears.left;
  expect(elsewhere?.vestibule?.volume.ratio).toBeGreaterThan(0.5);
  expect(elsewhere?.vestibule?.grade?.suggested).toBe('none');
});

test('a reader’s slice without the organ gives no area, and says so', () => {
  const { ears, warnings } = measured(images, {
    left: { cochlea: 0, vestibule: 4 },
    right: { cochlea: 3, vestibule: 4 },
  });
  expect(ears.left?.cochlea?.area).toBeNull();
  const empty = warnings.filter(({ code }) => code === 'representative-slice-empty');
  expect(empty).toEqual([expect.objectContaining({ ear: 'left', organ: 'cochlea' })]);
  expect(empty[0].message).toContain('series 4, image 1)');
});

test('labels of another grid are refused', () => {
  const labels = labelsOn(volumeOf(axialGrid([24, 16, 7], [0.5, 0.5, 1]), () => 0));
  expect(() => measure({ prepared: prepared(images), labels, model: null })).toThrow(
    expect.objectContaining({ code: 'grid-differs' }) as Error
  );
});

/** Solid cuboid of "perilymph" with cylinders and cuboids of "endolymph" cut out, of known volume. */
describe('cut-outs of known volume, after the phantom of VOLT', () => {
  const BLOCK = [12, 9, 8] as const;
  const inEndolymph = ([x, y, z]: readonly number[]): boolean =>
    Math.hypot(x + 3, y) < 1.5 ||
    (Math.abs(x - 3) < 1 && Math.abs(y - 1) < 1.5 && Math.abs(z) < 2.5);
  const exact = (Math.PI * 1.5 ** 2 * BLOCK[2] + 2 * 3 * 5) / (BLOCK[0] * BLOCK[1] * BLOCK[2]);

  test.each([
    [0.5, 0.5, 1],
    [0.4, 0.4, 0.8],
    [0.3, 0.3, 0.3],
  ])('%d × %d × %d mm: within half the partial volume of the surfaces', (...spacing) => {
    const size = BLOCK.map((length, axis) => Math.round(length / spacing[axis]));
    const origin = size.map((count, axis) => -0.5 * (count - 1) * spacing[axis]);
    const block = axialGrid(
      size as [number, number, number],
      spacing as [number, number, number],
      origin as [number, number, number]
    );
    let surface = 0;
    // Equal and opposite signals: a voxel half of one and half of the other is zero.
    const fine = 5;
    const hydrops = volumeOf(block, (center) => {
      let sum = 0;
      for (let n = 0; n < fine ** 3; n++) {
        const place = [n % fine, Math.floor(n / fine) % fine, Math.floor(n / fine ** 2)].map(
          (step, axis) => center[axis] + ((step + 0.5) / fine - 0.5) * spacing[axis]
        );
        sum += inEndolymph(place) ? -1 : 1;
      }
      if (Math.abs(sum) < fine ** 3) surface++;
      return sum / fine ** 3;
    });
    const study = prepared({
      mrc: volumeOf(block, () => 1),
      ppi: { ...hydrops, data: hydrops.data.map((value) => 2 + value) },
      pei: volumeOf(block, () => 2),
    });
    const labels = {
      ...block,
      data: new Uint8Array(hydrops.data.length).fill(1),
      segments: [...SEGMENTS],
    };
    const found = measure({ prepared: study, labels, model: null }).ears.left?.cochlea?.volume;
    const partial = (0.5 * surface) / hydrops.data.length;
    expect(partial).toBeLessThan(0.12);
    expect(Math.abs((found?.ratio ?? NaN) - exact)).toBeLessThan(partial);
    // Errors of the surface cancel: the result is far nearer than the bound.
    expect(found?.ratio).toBeCloseTo(exact, 1);
  });
});
