import { perOrgan } from '@inner-ear-hydrops/core';
import type {
  AreaMeasurement,
  ImageReference,
  Measurement,
  OrganMeasurement,
  SliceMeasurement,
  SuggestedGrade,
  Warning,
} from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type HydropsState, type SeriesEntry } from '../src/state/HydropsState';

// States for the panel's tests. The numbers are made up and belong to no one.

const series = (number: number, description: string, role: SeriesEntry['role']): SeriesEntry => ({
  displaySetInstanceUID: `ds-${number}`,
  seriesInstanceUid: `1.2.${number}`,
  seriesNumber: number,
  description,
  imageCount: 48,
  inversionTimes: [],
  role,
  reason: role ? `description contains "${description}"` : '',
});

/** MRC's image of slice k: numbers fall towards the head and match no index or count. */
export const imageAt = (k: number): ImageReference => ({
  seriesNumber: 2,
  instanceNumber: 60 - k,
  frameNumber: null,
  sopInstanceUid: `1.2.2.${k}`,
});

const onSlice = (ratio: number, k: number, totalPixels = 100): SliceMeasurement => ({
  image: imageAt(k),
  ratio,
  totalPixels,
  endolymphPixels: Math.round(totalPixels * ratio),
  interval: [Math.max(0, ratio - 0.05), ratio + 0.05],
});

export const areaOn = (ratio: number, k: number): AreaMeasurement => ({
  ...onSlice(ratio, k),
  totalMm2: 25,
  endolymphMm2: 25 * ratio,
  chosenBy: 'automatic',
  automaticImage: imageAt(k),
});

const organ = (ratio: number, totalMm3: number, k: number): OrganMeasurement => ({
  measurable: true,
  voided: {},
  area: areaOn(ratio + 0.05, k),
  volume: {
    ratio,
    totalVoxels: totalMm3 * 4,
    endolymphVoxels: Math.round(totalMm3 * 4 * ratio),
    totalMm3,
    endolymphMm3: totalMm3 * ratio,
    withinNoise: 0.08,
    interval: [ratio - 0.03, ratio + 0.03],
  },
  mixture: { fraction: ratio + 0.11, uncertainty: 0.02 },
  slices: [onSlice(ratio - 0.06, k - 1, 70), onSlice(ratio + 0.05, k), onSlice(ratio, k + 1, 84)],
  mask: 'automatic',
});

const nakashima = (suggested: SuggestedGrade['suggested']): SuggestedGrade => ({
  scheme: 'nakashima',
  suggested,
  borderline: false,
  doubts: [],
});

export const MEASUREMENT: Measurement = {
  schema: 'inner-ear-hydrops/measurement@2',
  notice: '',
  study: { studyInstanceUid: '1.2', mrc: '1.2.2', ppi: '1.2.3', pei: '1.2.4' },
  model: { name: 'inner-ear-unet', version: '0.1.0', sha256: 'ab'.repeat(32) },
  method: 'hydrops-mi2',
  ears: {
    left: {
      cochlea: organ(0.3141, 81.25, 22),
      vestibule: { ...organ(0.52, 64.5, 20), grade: nakashima('significant') },
    },
    right: {
      cochlea: organ(0.1, 78, 23),
      vestibule: { ...organ(0.2, 63, 21), grade: nakashima('none') },
    },
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
      ear: 'right',
      message:
        'The perilymph of the right ear is weakly enhanced: fluid with too little gadolinium counts as ' +
        'endolymph, so the ratio may read too high.',
    },
    {
      code: 'motion-corrected',
      ear: null,
      message: 'PEI had moved by 0.8 mm against MRC and was moved back.',
    },
  ],
  alignment: {
    ppi: {
      treatment: 'identical',
      translation: [0, 0, 0],
      rotation: [0, 0, 0],
      displacement: 0.1,
      interpolation: 'none',
    },
    pei: {
      treatment: 'corrected',
      translation: [0.5, 0.6, 0],
      rotation: [0, 0, 0],
      displacement: 0.8,
      interpolation: 'cubic',
    },
  },
  timings: { read: 210, locate: 300, segment: 1400, align: 420, measure: 40, total: 2400 },
};

/** The given organs changed. */
export function withOrgans(
  measurement: Measurement,
  ear: 'left' | 'right',
  change: (organ: OrganMeasurement) => OrganMeasurement
): Measurement {
  const organs = measurement.ears[ear] ?? perOrgan(() => null);
  return {
    ...measurement,
    ears: {
      ...measurement.ears,
      [ear]: perOrgan((organ) => organs[organ] && change(organs[organ])),
    },
  };
}

const NOT_ENHANCED: Warning = {
  code: 'perilymph-not-enhanced',
  ear: 'left',
  message: 'No enhanced perilymph is seen in the left ear: all of its fluid counts as endolymph.',
};

/** The left ear got no gadolinium: everything counts as endolymph and nothing is measured. */
export const VOIDED: Measurement = {
  ...withOrgans(MEASUREMENT, 'left', (measured) => ({
    ...measured,
    measurable: false,
    voided: {
      ratio: [NOT_ENHANCED.code],
      mixture: [NOT_ENHANCED.code],
      grade: [NOT_ENHANCED.code],
    },
    area: measured.area && { ...measured.area, ratio: 1, endolymphPixels: 100, interval: [1, 1] },
    volume: { ...measured.volume, ratio: 1, endolymphMm3: measured.volume.totalMm3 },
    slices: measured.slices.map((slice) => ({
      ...slice,
      ratio: 1,
      endolymphPixels: slice.totalPixels,
      interval: [1, 1],
    })),
    mixture: null,
    ...(measured.grade === undefined ? {} : { grade: null }),
  })),
  warnings: [NOT_ENHANCED],
};

/** The right ear was not found. */
export const ONE_EAR: Measurement = {
  ...MEASUREMENT,
  ears: { ...MEASUREMENT.ears, right: null },
  absentEars: { left: null, right: 'field-of-view' },
  warnings: [
    {
      code: 'ear-not-found',
      ear: 'right',
      message:
        'The right ear was not found and is not measured: the place where it must lie is outside MRC or at ' +
        'its border. Measure it in a series that covers both temporal bones.',
      values: { reason: 'field-of-view' },
    },
  ],
};

/** The grade of the left vestibule hangs on its slice. */
export const BORDERLINE: Measurement = {
  ...withOrgans(MEASUREMENT, 'left', (measured) =>
    measured.grade
      ? {
          ...measured,
          grade: {
            scheme: 'nakashima',
            suggested: 'significant',
            borderline: true,
            doubts: [
              {
                code: 'neighbouring-slice',
                message: 'On image 41, beside the representative slice, it would be mild (46.0 %).',
              },
            ],
          },
        }
      : measured
  ),
  warnings: [],
};

export const RECOGNISED: HydropsState = {
  ...INITIAL_STATE,
  studyInstanceUid: '1.2',
  series: [
    series(1, 'localizer', null),
    series(2, 'MRC hT2w 3D', 'mrc'),
    series(3, 'hT2w-3D-FLAIR PPI', 'ppi'),
    series(4, 'hT2w-3D-IR PEI', 'pei'),
  ],
  roles: { mrc: 'ds-2', ppi: 'ds-3', pei: 'ds-4' },
  automaticRoles: { mrc: 'ds-2', ppi: 'ds-3', pei: 'ds-4' },
  model: MEASUREMENT.model,
  modelNotice: 'Trained on phantoms only.',
  passedOver: 'WebGL is not used: no graphics processor draws it here, but SwiftShader.',
};

export const RUNNING: HydropsState = {
  ...RECOGNISED,
  status: 'running',
  progress: { stage: 'segment', fraction: 0.423 },
};

export const DONE: HydropsState = {
  ...RECOGNISED,
  status: 'ready',
  measurement: MEASUREMENT,
  measuredWith: {
    method: 'hydrops-mi2',
    roles: RECOGNISED.roles,
    inversionTimes: {},
    earCenters: {},
  },
  backend: 'wasm (2 threads)',
  stack: { images: Array.from({ length: 48 }, (_, k) => imageAt(k)), direction: [0, 0, 1] },
  representativeImages: {
    chosen: {},
    automatic: {
      left: { cochlea: imageAt(22), vestibule: imageAt(20) },
      right: { cochlea: imageAt(23), vestibule: imageAt(21) },
    },
  },
};

/** The reader has moved the slice of the left cochlea from image 38 to image 36. */
export const MOVED: HydropsState = {
  ...DONE,
  measurement: withOrgans(MEASUREMENT, 'left', (measured) =>
    measured.grade
      ? measured
      : {
          ...measured,
          area: {
            ...areaOn(0.41, 24),
            chosenBy: 'reader' as const,
            automaticImage: measured.area?.image ?? null,
          },
        }
  ),
  representativeImages: {
    ...DONE.representativeImages,
    chosen: { left: { cochlea: imageAt(24) } },
  },
};

export const STORED: HydropsState['storedResults'] = [
  {
    seriesInstanceUid: '1.2.9',
    sopInstanceUid: '1.2.9.1',
    label: 'Inner ear hydrops segmentation',
    created: '20261124043600',
    origin: 'edited',
    model: MEASUREMENT.model,
    reader: 'Reader Test',
  },
];
