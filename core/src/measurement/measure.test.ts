import { mapAxes } from '../axes';
import { SEGMENTS, type Measurement, type SliceInput, type Volume, type Vector3 } from '../types';
import { assembleSeries } from '../volume';
import { endolymphMask } from '../hydrops';
import { axialGrid, headerOf, slicesOf, volumeOf } from '../../test/testGrids';
import { measure } from './measure';
import {
  grid,
  images,
  labelAt,
  labelsOn,
  measured,
  prepared,
  SLICES,
  valueAt,
  type Images,
} from '../../test/testEars';

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
  const changed = (volume: Volume): Volume =>
    assembleSeries(headerOf(), change(slicesOf(volume))).series.volume;
  return { mrc: changed(of.mrc), ppi: changed(of.ppi), pei: changed(of.pei) };
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
    if (images.ppi.data[n]! < images.pei.data[n]!) endolymph++;
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
      .sort((a, b) => a.pixels[7]! - b.pixels[7]!)
  );
  expect(countsOf(measured(shuffled))).toEqual(reference);
});

test('nor with the direction in which rows, columns and slices are stored', () => {
  const flippedColumns = through(images, (slices) =>
    slices.map((slice) => {
      const [x, y, z] = slice.imagePositionPatient;
      const pixels = Float32Array.from({ length: slice.pixels.length }, (_, n) => {
        const i = n % slice.columns;
        return slice.pixels[n - i + slice.columns - 1 - i]!;
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
      data[i + 3 + size[0] * (j + 2 + size[1] * (k + 1))] = volume.data[n]!;
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
      return volume.data[n - i + columns - 1 - i]!;
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
  const labels = labelsOn(images.mrc);
  const onHydrops = measure({
    prepared: study,
    labels,
    automatic: labels,
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

test('the vestibule is graded by area, never by volume, and the cochlea not at all', () => {
  const sign = (area: boolean): Images => {
    // Endolymph only on the representative slice, or everywhere but there; around the ears it is all CSF.
    // Equal pixels would be no signal.
    const grain = (point: readonly number[]): number => 0.01 * valueAt(point, 1);
    const pei = volumeOf(
      grid,
      (point) =>
        (labelAt(point) === 0 || (Math.round(point[2]) === 1) === area ? 2 : 0) + grain(point)
    );
    return { ...images, ppi: volumeOf(grid, (point) => 1 + grain(point)), pei };
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
  expect(ears.left?.cochlea?.emptySlice).toMatchObject({
    image: { instanceNumber: 1 },
    chosenBy: 'reader',
    automaticImage: { seriesNumber: 4 },
  });
  expect(ears.left?.vestibule).not.toHaveProperty('emptySlice');
  const empty = warnings.filter(({ code }) => code === 'representative-slice-empty');
  expect(empty).toEqual([expect.objectContaining({ ear: 'left', organ: 'cochlea' })]);
  expect(empty[0]!.message).toContain('series 4, image 1)');
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
  const inEndolymph = ([x, y, z]: Readonly<Vector3>): boolean =>
    Math.hypot(x + 3, y) < 1.5 ||
    (Math.abs(x - 3) < 1 && Math.abs(y - 1) < 1.5 && Math.abs(z) < 2.5);
  const exact = (Math.PI * 1.5 ** 2 * BLOCK[2] + 2 * 3 * 5) / (BLOCK[0] * BLOCK[1] * BLOCK[2]);

  test.each([
    [0.5, 0.5, 1],
    [0.4, 0.4, 0.8],
    [0.3, 0.3, 0.3],
  ])('%d × %d × %d mm: within half the partial volume of the surfaces', (...spacing) => {
    const size = BLOCK.map((length, axis) => Math.round(length / spacing[axis]!));
    const origin = size.map((count, axis) => -0.5 * (count - 1) * spacing[axis]!);
    const block = axialGrid(
      size as [number, number, number],
      spacing,
      origin as [number, number, number]
    );
    let surface = 0;
    // Equal and opposite signals: a voxel half of one and half of the other is zero.
    const fine = 5;
    const hydrops = volumeOf(block, (center) => {
      let sum = 0;
      for (let n = 0; n < fine ** 3; n++) {
        const place = mapAxes(
          [n % fine, Math.floor(n / fine) % fine, Math.floor(n / fine ** 2)],
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
