import { geometryOf, latticeSampling, samplingOf } from '../../volume';
import { axialGrid, randomNumbers, seriesOf, volumeOf } from '../../../test/testGrids';
import { grid, images, labelsOn, prepared, SLICES, type Images } from '../../../test/testEars';
import { findImageFaults } from '../../analysis/imageFaults';
import type { ImageFault, PreparedStudy } from '../../study';
import type { Measurement, Method, Role } from '../../types';
import { measure } from '../measure';

const [columns, rows] = grid.size;
/** Of `role`, the pixels for which `where` holds are `value`. */
function filled(
  role: Role,
  where: (i: number, j: number, k: number) => boolean,
  value = 0,
  of: Images = images
): Images {
  const data = of[role].data.map((before, n) =>
    where(n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows)))
      ? value
      : before
  );
  return { ...of, [role]: { ...of[role], data } };
}
function measured(of: Images, changes: Partial<PreparedStudy> = {}): Measurement {
  const labels = labelsOn(images.mrc);
  return measure({
    prepared: { ...prepared(of), ...changes },
    labels,
    automatic: labels,
    representativeSlices: SLICES,
    model: null,
  });
}
/** Organs whose ratio, fraction and grade are void by a code. */
const voidedBy = ({ ears }: Measurement, code: string): string[] =>
  (['left', 'right'] as const).flatMap((ear) =>
    (['cochlea', 'vestibule'] as const).flatMap((organ) => {
      const { voided, measurable } = ears[ear]?.[organ] ?? {};
      return voided?.ratio?.some((by) => by === code) && measurable === false
        ? [`${ear} ${organ}`]
        : [];
    })
  );
const messageOf = ({ warnings }: Measurement, code: string): string[] =>
  warnings.filter((warning) => warning.code === code).map(({ message }) => message);
const imagesOn = (slices: number[]): ImageFault['images'] =>
  slices.map((k) => ({
    seriesNumber: 6,
    instanceNumber: 20 + k,
    frameNumber: null,
    sopInstanceUid: `2.25.8.${k}`,
  }));
function fault(role: Role, slices: number[], factors: [number, number] | null = null): ImageFault {
  const reach = new Uint8Array(images.mrc.data.length);
  for (const k of slices) reach.fill(1, k * columns * rows, (k + 1) * columns * rows);
  const kind = factors ? 'brightness' : 'blank';
  return { role, kind, images: imagesOn(slices), factors, reach };
}

test('a sound study has neither', () => {
  const codes = measured(images).warnings.map(({ code }) => code as string);
  for (const code of ['signal-missing', 'images-blank', 'images-out-of-line'])
    expect(codes).not.toContain(code);
});

describe('blank images', () => {
  test.each(['ppi', 'pei'] as const)('of %s in an ear void what lies on them', (role) => {
    const measurement = measured(images, { faults: [fault(role, [2, 3, 4])] });
    expect(voidedBy(measurement, 'signal-missing')).toHaveLength(4);
    expect(measurement.ears.left?.vestibule?.grade).toBeNull();
    const [left] = messageOf(measurement, 'signal-missing');
    expect(left).toMatch(
      new RegExp(`^${role.toUpperCase()} \\(series 6, images 22–24\\) hold one single value`)
    );
    expect(left).toContain('The left ear reaches');
  });

  test('away from both ears are only said', () => {
    const measurement = measured(images, { faults: [fault('pei', [0, 7])] });
    expect(voidedBy(measurement, 'signal-missing')).toEqual([]);
    expect(messageOf(measurement, 'images-blank')).toEqual([
      'PEI (series 6, images 20 and 27) hold one single value everywhere: nothing was measured there. ' +
        'No ear that was found lies there.',
    ]);
  });

  test('of MRC void the ears that end there or lie on both sides, where no outline can be', () => {
    const next = measured(images, { faults: [fault('mrc', [6])] });
    expect(voidedBy(next, 'signal-missing')).toHaveLength(4);
    const away = measured(images, { faults: [fault('mrc', [7])] });
    expect(voidedBy(away, 'signal-missing')).toEqual([]);
  });

  test('are found in the series as read, and followed through interpolation onto MRC', () => {
    const thick = axialGrid([24, 16, 16], [0.5, 0.5, 0.5], [-6, 10, -3]);
    const random = randomNumbers(3);
    const sound = volumeOf(thick, () => 10 + random());
    const blank = sound.data.map((value, n) => (Math.floor(n / 384) === 5 ? 3 : value));
    const series = seriesOf({ ...geometryOf(thick), data: blank });
    const [found, ...others] = findImageFaults(
      [
        { role: 'mrc', series: seriesOf(images.mrc), sampling: latticeSampling(grid, [0, 0, 0]) },
        { role: 'ppi', series, sampling: samplingOf(thick, grid) },
      ],
      grid
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({ role: 'ppi', kind: 'blank' });
    expect(found?.images).toHaveLength(1);
    // Slices of 1 mm at z = −1 and 0 are made of those of 0.5 mm at −1.25 to 0.25; blank is −0.5.
    const touched = [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => found?.reach[k * columns * rows] === 1);
    expect(touched).toEqual(expect.arrayContaining([2, 3]));
    expect(touched).not.toContain(5);
  });
});

describe('part of an image', () => {
  const rectangle = (i: number, j: number, k: number): boolean => i > 14 && j > 7 && k === 4;

  test.each([
    ['PEI zero', filled('pei', rectangle)],
    ['PPI zero', filled('ppi', rectangle)],
    ['PPI of a constant', filled('ppi', rectangle, 0.4)],
    ['MRC zero', filled('mrc', rectangle)],
  ])('%s in one organ voids that organ alone', (_, of) => {
    const measurement = measured(of);
    expect(voidedBy(measurement, 'signal-missing')).toEqual(['left vestibule']);
    expect(measurement.ears.left?.vestibule).toMatchObject({ grade: null, mixture: null });
    expect(messageOf(measurement, 'signal-missing')[0]).toContain('image 5');
  });

  test('single zeros and clipped bone round the ear do not', () => {
    const single = filled('pei', (i, j, k) => (i + 2 * j + 3 * k) % 5 === 0);
    expect(voidedBy(measured(single), 'signal-missing')).toEqual([]);
    const air = filled('pei', (i) => i === 11 || i === 12 || i < 2 || i > 21);
    expect(voidedBy(measured(air), 'signal-missing')).toEqual([]);
  });

  test('overflow on MRC is signal', () => {
    const bright = filled('mrc', (i, j, k) => i > 14 && j > 7 && k === 4, 4095);
    expect(voidedBy(measured(bright), 'signal-missing')).toEqual([]);
  });

  test('a hole of MRC beside the outline is found where PPI and PEI show fluid', () => {
    const between = (i: number, _: number, k: number): boolean =>
      i > 10 && i < 14 && k > 1 && k < 5;
    const masked = filled('mrc', between);
    expect(voidedBy(measured(masked), 'signal-missing')).toHaveLength(4);
    // Bone: dark on all three.
    const bone = filled('ppi', between, 0, filled('pei', between, 0, masked));
    expect(voidedBy(measured(bone), 'signal-missing')).toEqual([]);
  });
});

describe('brightness out of line', () => {
  test.each(['ppi', 'pei'] as const)('on %s voids ratio and grade of what lies there', (role) => {
    const measurement = measured(images, { faults: [fault(role, [3], [0.5, 0.5])] });
    expect(voidedBy(measurement, 'brightness-out-of-line')).toHaveLength(4);
    expect(messageOf(measurement, 'brightness-out-of-line')[0]).toMatch(
      /\(series 6, image 23\) is 0\.50 times as bright/
    );
  });

  test('on MRC keeps the ratio, whose sign does not hang on it, but not the grade', () => {
    const measurement = measured(images, { faults: [fault('mrc', [3], [0.5, 0.5])] });
    expect(voidedBy(measurement, 'brightness-out-of-line')).toEqual([]);
    expect(measurement.ears.left?.vestibule).toMatchObject({
      measurable: true,
      grade: null,
      voided: { grade: ['mrc-out-of-line'], mixture: ['mrc-out-of-line'] },
    });
  });

  test('on MRC voids the ratio of HYDROPS2, which subtracts MRC', () => {
    const method: Method = 'hydrops2-mi2';
    const measurement = measured(images, { method, faults: [fault('mrc', [3], [0.5, 0.5])] });
    expect(voidedBy(measurement, 'brightness-out-of-line')).toHaveLength(4);
  });

  test('away from the ears is only said', () => {
    const measurement = measured(images, { faults: [fault('ppi', [0], [0.4, 0.5])] });
    expect(voidedBy(measurement, 'brightness-out-of-line')).toEqual([]);
    expect(messageOf(measurement, 'images-out-of-line')[0]).toContain('0.40 to 0.50 times');
  });
});

describe('padding', () => {
  const labels = labelsOn(images.mrc);
  /** Of a role, padding on the pixels for which `where` holds, as the reader marks it: 0. */
  function padded(role: Role, where: (n: number) => boolean): Images {
    const { data, ...volume } = images[role];
    return {
      ...images,
      [role]: {
        ...volume,
        data: data.map((value, n) => (where(n) ? 0 : value)),
        missing: Uint8Array.from(data, (_, n) => (where(n) ? 1 : 0)),
      },
    };
  }
  const vestibule = [...labels.data.keys()].filter((n) => labels.data[n] === 2);

  test.each(['mrc', 'ppi', 'pei'] as const)(
    'of %s: single pixels are not counted, neither as endolymph nor as fluid',
    (role) => {
      // One of 30 pixels of a slice, so that the limit is kept.
      const lost = new Set([5, 36, 70].map((n) => vestibule[n]));
      const before = measured(images).ears.left?.vestibule;
      const result = measured(padded(role, (n) => lost.has(n)));
      const after = result.ears.left?.vestibule;
      expect(voidedBy(result, 'signal-missing')).toEqual([]);
      expect(after?.volume.totalVoxels).toBe((before?.volume.totalVoxels ?? NaN) - 3);
      const isEndolymph = (n: number | undefined): boolean =>
        images.ppi.data[n!]! < images.pei.data[n!]!;
      expect(after?.volume.endolymphVoxels).toBe(
        (before?.volume.endolymphVoxels ?? NaN) - [...lost].filter(isEndolymph).length
      );
    }
  );

  test.each(['mrc', 'ppi', 'pei'] as const)(
    'of %s: scattered over more of an organ than a repeated scan would move it voids it',
    (role) => {
      const result = measured(padded(role, (n) => labels.data[n] === 2 && n % 9 === 0));
      expect(voidedBy(result, 'signal-missing')).toEqual(['left vestibule']);
      expect(result.ears.left?.vestibule).toMatchObject({ grade: null, mixture: null });
      // All images that hold some of it.
      expect(messageOf(result, 'signal-missing')[0]).toMatch(
        new RegExp(`^${role.toUpperCase()} \\(series 4, images 2–6\\)`)
      );
    }
  );

  test('where all of an organ is padding there is a number to strike, not a failure', () => {
    const result = measured(padded('ppi', (n) => labels.data[n] === 2));
    expect(voidedBy(result, 'signal-missing')).toEqual(['left vestibule']);
    expect(result.ears.left?.vestibule?.volume.totalVoxels).toBe(vestibule.length);
    // The region is no smaller for it.
    const most = measured(padded('ppi', (n) => labels.data[n] === 2 && n % 8 !== 0));
    expect(messageOf(most, 'roi-volume-unusual')).toEqual(
      messageOf(measured(images), 'roi-volume-unusual')
    );
  });

  test('beside the ears it moves nothing', () => {
    const result = measured(padded('pei', (n) => n % columns < 2));
    const counts = ({ ears }: Measurement) =>
      (['left', 'right'] as const).flatMap((ear) =>
        (['cochlea', 'vestibule'] as const).map((organ) => {
          const { volume, area, measurable } = ears[ear]?.[organ] ?? {};
          return [volume?.endolymphVoxels, volume?.totalVoxels, area?.ratio, measurable];
        })
      );
    expect(counts(result)).toEqual(counts(measured(images)));
    expect(result.warnings.map(({ code }) => code)).toEqual(
      measured(images).warnings.map(({ code }) => code)
    );
  });
});
