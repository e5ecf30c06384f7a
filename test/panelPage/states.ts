import type { Measurement, Warning } from '@inner-ear-hydrops/core';
import type { PanelService } from '../../extension/src/panel';
import {
  BORDERLINE,
  DONE,
  MEASUREMENT,
  MOVED,
  ONE_EAR,
  RECOGNISED,
  RUNNING,
  STORED,
  VOIDED,
  withOrgans,
} from '../../extension/test/testState';

// Every state that a reader can meet, for the page of the panel. Numbers and names belong to no one.

type State = ReturnType<PanelService['getState']>;

const NO_ROLES = { mrc: null, ppi: null, pei: null };
const NOTHING_OPEN: State = {
  ...RECOGNISED,
  studyInstanceUid: null,
  series: [],
  roles: NO_ROLES,
  automaticRoles: NO_ROLES,
};
const NONE_RECOGNISED: State = {
  ...RECOGNISED,
  series: RECOGNISED.series.map((series) => ({ ...series, role: null, reason: '' })),
  roles: NO_ROLES,
  automaticRoles: NO_ROLES,
};
const REPEATED: Warning = {
  code: 'series-repeated',
  ear: null,
  message: 'Series 3 and 5 both fit the role PPI; the later one, series 5, is used.',
};
const EDITED: Measurement = withOrgans(MEASUREMENT, 'right', (organ) => ({
  ...organ,
  mask: 'edited',
  automatic: { areaRatio: 0.214, volumeRatio: 0.177 },
}));
const LEFT_DRAWN = withOrgans(MEASUREMENT, 'left', (organ) => ({ ...organ, mask: 'drawn' }));
/** Images of MRC as frames of one instance. */
const ofFrames = (state: State): State =>
  JSON.parse(
    JSON.stringify(state).replaceAll(
      /"instanceNumber":(\d+),"frameNumber":null/g,
      '"instanceNumber":1,"frameNumber":$1'
    )
  ) as State;
/** Of other software, which outlined one ear. */
const DRAWN: Measurement = {
  ...LEFT_DRAWN,
  ears: { ...LEFT_DRAWN.ears, right: null },
  model: null,
  warnings: [],
};
const BY_THE_READER: Measurement = {
  ...MEASUREMENT,
  choices: {
    method: 'reader',
    roles: { mrc: 'automatic', ppi: 'reader', pei: 'automatic' },
    ears: { left: 'reader', right: 'automatic' },
  },
};
const STORED_TWICE: State['storedResults'] = [
  {
    ...{ ...STORED[0]!, sopInstanceUid: '1.2.9.2', created: '20261125091500' },
    ...({ origin: 'automatic', reader: null } as const),
  },
  ...STORED,
];
const SAVE_ITEMS: State['saveItems'] = [
  {
    ...{ part: 'hydrops', label: 'HYDROPS, 48 images', total: 48, stored: 48 },
    ...{ status: 'stored', problems: [] },
  },
  {
    ...{ part: 'hydrops-mi2', label: 'HYDROPS-Mi2, 48 images', total: 48, stored: 7 },
    ...{ status: 'storing', problems: [] },
  },
  {
    ...{ part: 'segmentation', label: 'Segmentation', total: 1, stored: 0 },
    ...{ status: 'waiting', problems: [] },
  },
];
const KEPT: State['unsavedResults'][number] = {
  ...{ id: 'save 1', kind: 'save', created: '2026-11-25T13:49:00.000Z' },
  ...{ edited: true, objects: 2 },
};
const LONG = 'hT2w_3D_FLAIR_PPI_TI2250_postGd4h_p2_iso0.5mm_RESEARCH_SEQUENCE_64';
const UNSAVED = 'Result ready, not stored yet.';

const FOREIGN: State['foreignSegmentations'][number] = {
  ...{ seriesInstanceUid: '1.2.8', sopInstanceUid: '1.2.8.1' },
  label: 'Inner ear (Vendor)',
  segments: [
    { number: 1, label: 'Left cochlea', organ: 1 },
    { number: 2, label: 'Left vestibule', organ: 2 },
    { number: 3, label: 'Region 3', organ: null },
  ],
};
/** PPI and PEI in one series. */
const BOTH_TIMES: State = {
  ...RECOGNISED,
  series: RECOGNISED.series
    .filter((series) => series.role !== 'pei')
    .map((series) =>
      series.role === 'ppi'
        ? { ...series, description: 'hT2w 3D IR', inversionTimes: [2050, 2250], reason: '' }
        : series
    ),
  roles: { ...RECOGNISED.roles, pei: RECOGNISED.roles.ppi },
  automaticRoles: { ...RECOGNISED.automaticRoles, ppi: null, pei: null },
  inversionTimes: { ppi: 2250, pei: 2050 },
};

/** Names and states, in the order in which a reader meets them, and the button that the reader has pressed. */
export const STATES: readonly [name: string, state: State, pressed?: string][] = [
  ['Nothing open', NOTHING_OPEN],
  ['No series recognised', NONE_RECOGNISED],
  [
    'PEI missing',
    {
      ...RECOGNISED,
      roles: { ...RECOGNISED.roles, pei: null },
      automaticRoles: { ...RECOGNISED.roles, pei: null },
    },
  ],
  ['Recognised', RECOGNISED],
  ['Model not loaded yet', { ...RECOGNISED, model: null, modelNotice: '' }],
  ['Computed on the graphics processor', { ...RECOGNISED, passedOver: '' }],
  ['PPI and PEI in one series', BOTH_TIMES],
  ['Acquired twice', { ...RECOGNISED, roleWarnings: [REPEATED] }],
  [
    'Role and method chosen by the reader',
    {
      ...RECOGNISED,
      method: 'hydrops2-mi2',
      roles: { ...RECOGNISED.roles, mrc: 'ds-1' },
    },
  ],
  [
    'Ears placed by the reader, crops shown',
    {
      ...RECOGNISED,
      earCenters: { left: [36.2, -4.4, 12] },
      foundEars: { left: [34.8, -3, 11], right: [-35.1, -2.6, 11.4] },
      cropsShown: true,
      cropSize: [50, 50, 26],
    },
  ],
  [
    'Ear placed by the reader before it was looked for, and one that was missed',
    {
      ...DONE,
      measurement: ONE_EAR,
      foundEars: { left: [34.8, -3, 11] },
      earCenters: { right: [-36, -4, 12] },
    },
  ],
  ['Drawn with rounded values', { ...RECOGNISED, roundedSeries: ['ds-3'] }],
  [
    'Settings that were not taken',
    {
      ...RECOGNISED,
      configProblems: [
        'innerEarHydrops.backend: "gpu" is not one of auto, webgl, wasm; auto is used.',
        'innerEarHydrops.modelURL is not a setting; is "modelUrl" meant?',
      ],
    },
  ],
  ['Computing', RUNNING],
  ['Computing again', { ...DONE, status: 'running', progress: RUNNING.progress }],
  ['Result', { ...DONE, save: { status: 'none', message: UNSAVED } }],
  ['Borderline grade', { ...DONE, measurement: BORDERLINE }],
  ['Voided ear', { ...DONE, measurement: VOIDED }],
  ['Ear not found', { ...DONE, measurement: ONE_EAR, foundEars: { left: [34.8, -3, 11] } }],
  ['Multi-frame images', ofFrames({ ...DONE, measurement: VOIDED })],
  ['Slice moved by the reader', MOVED],
  ['Region edited by the reader', { ...DONE, measurement: EDITED, edited: true }],
  ['Region of other software', { ...DONE, measurement: DRAWN }],
  ['Method, role and ear chosen by the reader', { ...DONE, measurement: BY_THE_READER }],
  ['Out of date: another method', { ...DONE, method: 'real-ir' }],
  [
    'Out of date: another series and ear',
    {
      ...DONE,
      roles: { ...DONE.roles, ppi: 'ds-1' },
      earCenters: { right: [-35, -3, 11] },
    },
  ],
  [
    'Error: no ear found',
    {
      ...RECOGNISED,
      problem: {
        code: 'no-ear-found',
        message: 'No ear was found on MRC (series 2).',
        remedy: 'Look at MRC, scroll to an ear, and set its position under Ear positions.',
        retry: 'computeHydrops',
      },
    },
  ],
  [
    'Error: series missing',
    {
      ...NONE_RECOGNISED,
      problem: {
        code: 'series-missing',
        message: 'The study has no series with the roles PPI and PEI.',
        remedy: 'Choose a series for each of these roles.',
        retry: null,
      },
    },
  ],
  [
    'Error beside a result',
    {
      ...DONE,
      problem: {
        code: 'worker-unavailable',
        message: "The computation's background worker failed: out of memory.",
        remedy: 'Try again. If it keeps failing, reload the page.',
        retry: 'computeHydrops',
      },
    },
  ],
  [
    'Asked before another result takes the place of the edits',
    { ...DONE, measurement: EDITED, edited: true },
    'Compute EH',
  ],
  [
    'Asked where this browser keeps nothing',
    { ...DONE, measurement: EDITED, edited: true, keepsUnsaved: false },
    'Compute EH',
  ],
  ['Asked before a reset', { ...MOVED, edited: true }, 'Reset to AI result'],
  ['Saving', { ...DONE, saving: true, saveItems: SAVE_ITEMS }],
  [
    'Saving, and the archive is silent',
    { ...DONE, saving: true, savingStalls: true, saveItems: SAVE_ITEMS },
  ],
  [
    'Parts chosen by the reader',
    { ...DONE, saveParts: { ...DONE.saveParts, summary: true, hydrops: false } },
  ],
  [
    'Saving failed',
    {
      ...DONE,
      save: { status: 'failed', message: 'Not stored.' },
      saveItems: SAVE_ITEMS.map((item) =>
        item.status === 'storing'
          ? {
              ...item,
              status: 'failed' as const,
              problems: ['Series 802, image 8: the archive answers 507, no space left.'],
            }
          : item
      ),
      problem: {
        code: 'store-failed',
        message: 'Archive has stored 55 of 97 objects; HYDROPS-Mi2 is not complete.',
        remedy: 'Try again, or download the result. It is kept in this browser.',
        retry: 'saveHydropsResults',
      },
    },
  ],
  [
    'Saved',
    {
      ...DONE,
      save: { status: 'saved', message: 'Saved in Archive: HYDROPS, HYDROPS-Mi2, Segmentation.' },
      saveItems: SAVE_ITEMS.map((item) => ({ ...item, stored: item.total, status: 'stored' })),
      storedResults: STORED,
    },
  ],
  [
    'Cannot be saved',
    {
      ...DONE,
      measurement: {
        ...MEASUREMENT,
        warnings: [
          {
            code: 'frame-of-reference-missing',
            ear: null,
            message: 'Series 2 has no Frame of Reference UID (0020,0052).',
          },
        ],
      },
    },
  ],
  [
    'Unsaved results',
    {
      ...RECOGNISED,
      unsavedResults: [
        KEPT,
        { ...KEPT, id: 'draft 2', kind: 'draft', objects: 1 },
        {
          ...{ ...KEPT, id: 'draft 3', kind: 'draft', isOpenElsewhere: true },
          changes: ['region of the left vestibule', 'slice of the right cochlea'],
        },
      ],
    },
  ],
  [
    'This browser cannot keep results',
    { ...DONE, keepingProblem: 'This browser has no room to keep the result until it is stored.' },
  ],
  [
    'Stored results and a segmentation of other software',
    {
      ...RECOGNISED,
      storedResults: STORED,
      foreignSegmentations: [FOREIGN],
    },
  ],
  [
    'Segment of other software assigned by the reader',
    {
      ...RECOGNISED,
      foreignSegmentations: [FOREIGN],
      segmentAssignments: { [FOREIGN.sopInstanceUid]: { 3: 4 } },
    },
  ],
  [
    'Restored',
    {
      ...DONE,
      backend: null,
      measurement: { ...EDITED, timings: {} },
      edited: true,
      storedResults: STORED_TWICE,
      shownStored: '1.2.9.1',
      save: {
        status: 'saved',
        message: 'Restored from the archive: Inner ear hydrops segmentation',
      },
    },
  ],
  [
    'Restored and changed since',
    {
      ...DONE,
      measurement: EDITED,
      edited: true,
      storedResults: STORED_TWICE,
      shownStored: '1.2.9.1',
    },
  ],
  [
    'Error: stored result',
    {
      ...RECOGNISED,
      storedResults: STORED_TWICE,
      problem: {
        code: 'archive-not-found',
        message: 'Archive does not have the stored result "Inner ear hydrops segmentation" (404).',
        remedy: 'Ask whoever runs the archive whether it was deleted.',
        retry: 'loadHydropsResults',
      },
    },
  ],
  [
    'Findings of the reader',
    {
      ...DONE,
      findings: {
        ...DONE.findings,
        ...{
          reader: 'Test^Reader',
          contrastAgent: 'Gadobutrol',
          impression: 'Hydrops on the left.',
        },
        left: { ...DONE.findings.left, vestibuleNakashima: 'significant', suri: 'yes' },
      },
    },
  ],
  [
    'Long texts',
    {
      ...DONE,
      series: DONE.series.map((series) => ({ ...series, description: LONG, reason: LONG })),
      archiveName: 'Research archive of the department of otorhinolaryngology (test)',
      model: { name: 'inner-ear-unet-of-a-site-with-a-long-name', version: '10.20.30', sha256: '' },
      measurement: {
        ...VOIDED,
        model: {
          ...{ name: 'inner-ear-unet-of-a-site-with-a-long-name', version: '10.20.30' },
          sha256: 'ab'.repeat(32),
        },
        warnings: [...VOIDED.warnings, ...MEASUREMENT.warnings, ...ONE_EAR.warnings, REPEATED],
      },
      unsavedResults: [KEPT],
      storedResults: STORED.map((stored) => ({ ...stored, label: LONG, reader: LONG })),
    },
  ],
];
