import type {
  Geometry,
  LabelVolume,
  Measurement,
  OrganMeasurement,
  Series,
  Vector3,
  Volume,
  Matrix3,
} from '../src/types';
import type { WarningCode } from '../src/registry/warnings';
import { RESEARCH_NOTICE, SEGMENTS } from '../src/types';
import { imagesOf } from '../src/volume';

/** Small, oblique, plainly fictitious series for the tests of this folder and of test/conformance. */
export const TEST_GRID: Geometry = {
  size: [13, 9, 6],
  spacing: [0.5, 0.75, 1.25],
  origin: [-40.125, 12.3456789, -7.5],
  // Turned by 10° about z and tilted by 20° about the new x: oblique in every slice.
  direction: obliqueAxes(10, 20),
};

function obliqueAxes(aboutZ: number, aboutX: number): Matrix3 {
  const z = (aboutZ * Math.PI) / 180;
  const x = (aboutX * Math.PI) / 180;
  const i: Vector3 = [Math.cos(z), Math.sin(z), 0];
  const j: Vector3 = [-Math.sin(z) * Math.cos(x), Math.cos(z) * Math.cos(x), Math.sin(x)];
  const k: Vector3 = [
    i[1] * j[2] - i[2] * j[1],
    i[2] * j[0] - i[0] * j[2],
    i[0] * j[1] - i[1] * j[0],
  ];
  return [...i, ...j, ...k];
}

export function testVolume(
  value: (i: number, j: number, k: number) => number,
  grid = TEST_GRID
): Volume {
  const [columns, rows, slices] = grid.size;
  const data = new Float32Array(columns * rows * slices);
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) data[i + columns * (j + rows * k)] = value(i, j, k);
  return { ...grid, data };
}

export function testSeries(name: 'MRC' | 'PPI' | 'PEI', volume: Volume): Series {
  const number = { MRC: 1, PPI: 2, PEI: 3 }[name];
  return {
    header: {
      studyInstanceUid: '2.25.1001',
      seriesInstanceUid: `2.25.200${number}`,
      seriesNumber: number,
      seriesDescription: name,
      protocolName: name,
      sequenceName: '',
      modality: 'MR',
      frameOfReferenceUid: '2.25.3001',
      imageType: ['ORIGINAL', 'PRIMARY', 'M'],
      inversionTime: name === 'MRC' ? null : name === 'PPI' ? 2250 : 2050,
      echoTime: 540,
      repetitionTime: 9000,
      scanningSequence: ['SE'],
      manufacturer: 'Test',
      modelName: 'Test',
      windowCenter: null,
      windowWidth: null,
      hasNegativeValues: false,
      imageCount: volume.size[2],
      attributes: {
        PatientName: [{ Alphabetic: 'Phantom^Ärger', Ideographic: '幻影' }],
        PatientID: 'PHANTOM-1',
        PatientBirthDate: '19700101',
        PatientSex: 'O',
        StudyInstanceUID: '2.25.1001',
        StudyDate: '20260101',
        StudyTime: '101500',
        StudyID: '1',
        FrameOfReferenceUID: '2.25.3001',
        PatientPosition: 'HFS',
      },
    },
    volume,
    sources: Array.from({ length: volume.size[2] }, (_, k) => ({
      sopInstanceUid: `2.25.4${number}0${k + 1}`,
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      // Neither k nor k + 1, and falling.
      instanceNumber: 29 - 2 * k,
    })),
  };
}

/** The four organs as boxes, on three of the six slices and touching the edges of the grid. */
export function testLabels(grid = TEST_GRID): LabelVolume {
  const labels = testVolume((i, j, k) => {
    if (k === 0 || k === 5) return 0;
    if (k === 3) return i === 12 && j === 8 ? 4 : 0;
    if (i < 3 && j < 4) return 3;
    if (i < 3 && j > 5) return 4;
    if (i > 9 && j < 5 - k) return 1;
    return i > 8 && j > 5 ? 2 : 0;
  }, grid);
  return { ...grid, data: Uint8Array.from(labels.data), segments: [...SEGMENTS] };
}

/** Structures beside the organs of `testLabels` (values of `ANATOMY`), and nothing where they are. */
export function testAnatomy(grid = TEST_GRID): Uint8Array {
  const code = (i: number, j: number, k: number): number =>
    k === 2 && j === 4 && i > 4 && i < 8 ? [3, 5, 14][i - 5]! : 0;
  return Uint8Array.from(testVolume(code, grid).data);
}

/** Some of each organ of `testLabels`, and voxels outside. */
export function testEndolymph(grid = TEST_GRID): Uint8Array {
  return Uint8Array.from(testVolume((i, j) => (i < j || i === 10 ? 1 : 0), grid).data);
}

/** What `measure` would say of `testLabels`; the numbers are made up. */
export function testMeasurement(mrc: Series): Measurement {
  const images = imagesOf(mrc);
  const organ = (slice: number, ratio: number): OrganMeasurement => {
    const counted = { ratio, totalPixels: 8, endolymphPixels: 3 };
    const area = { ...counted, image: images[slice]!, interval: [0.25, 0.5] as [number, number] };
    return {
      measurable: true,
      voided: {},
      area: {
        ...area,
        totalMm2: 3.0000000000000004,
        endolymphMm2: 1.125,
        chosenBy: 'automatic',
        automaticImage: images[slice]!,
      },
      volume: {
        ratio: 1 / 3,
        totalVoxels: 24,
        endolymphVoxels: 8,
        totalMm3: 11.25,
        endolymphMm3: 3.75,
        withinNoise: 0.1,
        interval: [0.3, 0.4],
      },
      mixture: { fraction: 0.45, uncertainty: 0.05 },
      slices: [area],
      mask: 'automatic',
    };
  };
  return {
    schema: 'inner-ear-hydrops/measurement@2',
    notice: RESEARCH_NOTICE,
    study: { studyInstanceUid: '2.25.1001', mrc: '2.25.2001', ppi: '2.25.2002', pei: '2.25.2003' },
    model: { name: 'Test network', version: '1.2.3', sha256: 'ab'.repeat(32) },
    method: 'hydrops-mi2',
    ears: {
      left: {
        cochlea: organ(1, 3 / 8),
        vestibule: {
          ...organ(2, 0.4),
          grade: { scheme: 'nakashima', suggested: 'mild', borderline: false, doubts: [] },
        },
      },
      right: { cochlea: organ(4, 0.1), vestibule: null },
    },
    absentEars: { left: null, right: null },
    choices: {
      method: 'automatic',
      roles: { mrc: 'automatic', ppi: 'automatic', pei: 'automatic' },
      ears: { left: 'automatic', right: 'automatic' },
    },
    warnings: [
      {
        code: 'perilymph-weakly-enhanced',
        message: 'Perilymph is dark \\ look again.',
        ear: 'right',
      },
    ],
    alignment: null,
    timings: {},
  };
}

/** Changes of a result that change what is stored of it, each to be checked with every object. */
export const TEST_CASES = {
  /** Needs labels without the right ear. */
  'an ear that was not found': (measurement: Measurement) => {
    measurement.ears.right = null;
    measurement.absentEars.right = 'field-of-view';
    measurement.warnings.push({
      code: 'ear-not-found',
      message: 'The right ear was not found: it lies outside the stack.',
      ear: 'right',
      values: { reason: 'field-of-view' },
    });
  },
  'a voided ear': (measurement: Measurement) => {
    for (const organ of [measurement.ears.left!.cochlea!, measurement.ears.left!.vestibule!]) {
      const codes: WarningCode[] = ['perilymph-not-enhanced'];
      organ.measurable = false;
      organ.voided = { ratio: codes, mixture: codes, grade: codes };
      organ.mixture = null;
      organ.grade = null;
      organ.area!.ratio = 1;
      organ.volume.ratio = 1;
    }
    measurement.warnings.push({
      code: 'perilymph-not-enhanced',
      message: 'No enhanced perilymph is seen in the left ear.',
      ear: 'left',
    });
  },
  'a borderline grade': (measurement: Measurement) => {
    measurement.ears.left!.vestibule!.grade = {
      scheme: 'nakashima',
      suggested: 'mild',
      borderline: true,
      doubts: [
        { code: 'interval', message: 'the interval 25–50 % reaches none' },
        { code: 'neighbouring-slice', message: 'image 23 reads 62.0 %: significant' },
      ],
    };
  },
  'a moved slice': (measurement: Measurement) => {
    measurement.ears.left!.cochlea!.area!.chosenBy = 'reader';
  },
  'a region that was edited and one that was drawn': (measurement: Measurement) => {
    measurement.ears.left!.cochlea!.mask = 'edited';
    measurement.ears.right!.cochlea!.mask = 'drawn';
  },
} satisfies Record<string, (measurement: Measurement) => void>;

/** The same series as frames of one multi-frame image, the last slice first. */
export function asMultiFrame(series: Series): Series {
  const count = series.sources.length;
  return {
    ...series,
    sources: series.sources.map((_, k) => ({
      sopInstanceUid: '2.25.77',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4.1',
      instanceNumber: 1,
      frameNumber: count - k,
    })),
  };
}
