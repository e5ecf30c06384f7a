import type { Measurement, OrganMeasurement } from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type HydropsState, type SeriesEntry } from '../state';

// States for the panel's tests. The numbers are made up and belong to no one.

const series = (number: number, description: string, role: SeriesEntry['role']): SeriesEntry => ({
  displaySetInstanceUID: `ds-${number}`,
  seriesInstanceUid: `1.2.${number}`,
  seriesNumber: number,
  description,
  imageCount: 48,
  role,
  reason: role ? `description contains "${description}"` : '',
});

const organ = (ratio: number, totalMm3: number, slice: number): OrganMeasurement => ({
  area: {
    ratio: ratio + 0.05,
    totalPixels: 100,
    endolymphPixels: Math.round(100 * (ratio + 0.05)),
    totalMm2: 25,
    endolymphMm2: 25 * (ratio + 0.05),
    slice,
    sopInstanceUid: `1.2.3.${slice}`,
  },
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
});

export const MEASUREMENT: Measurement = {
  schema: 'inner-ear-hydrops/measurement@1',
  notice: '',
  study: { studyInstanceUid: '1.2', mrc: '1.2.2', ppi: '1.2.3', pei: '1.2.4' },
  model: { name: 'inner-ear-unet', version: '0.1.0', sha256: 'ab'.repeat(32) },
  method: 'hydrops-mi2',
  ears: {
    left: {
      cochlea: organ(0.3141, 81.25, 22),
      vestibule: {
        ...organ(0.52, 64.5, 20),
        grade: { scheme: 'nakashima', suggested: 'significant' },
      },
    },
    right: {
      cochlea: organ(0.1, 78, 23),
      vestibule: { ...organ(0.2, 63, 21), grade: { scheme: 'nakashima', suggested: 'none' } },
    },
  },
  warnings: [
    {
      code: 'perilymph-weak',
      ear: 'right',
      message: 'The perilymph of this ear is only weakly enhanced; its ratios may be too high.',
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
  model: MEASUREMENT.model,
  modelNotice: 'Trained on phantoms only.',
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
  backend: 'wasm (2 threads)',
  sliceNumbers: Array.from({ length: 48 }, (_, k) => k + 1),
};

export const STORED: HydropsState['storedResults'] = [
  {
    seriesInstanceUid: '1.2.9',
    sopInstanceUid: '1.2.9.1',
    label: 'Inner ear hydrops segmentation',
    created: '20261124043600',
    edited: true,
    model: MEASUREMENT.model,
    reader: 'Reader Test',
  },
];
