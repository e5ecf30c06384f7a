import { HANGING_PROTOCOL_ID, VIEWPORT_IDS } from '../id';
import { MRC_WINDOW } from './mrcWindow';

/** Names of the attributes that the session adds to the host's protocol engine. */
export const ROLE_ATTRIBUTE = 'hydropsRole';
export const MI2_ATTRIBUTE = 'hydropsMi2Place';

const MIN_SLICES = 8;

/** Scroll by patient position. Zoom and pan are linked by `linkViews`; each image keeps its own window. */
const syncGroups = [{ type: 'imageslice', id: 'hydrops-scroll', source: true, target: true }];

const viewport = (viewportId: string, selector: string, options: Record<string, unknown> = {}) => ({
  viewportOptions: {
    viewportId,
    viewportType: 'stack',
    toolGroupId: 'default',
    allowUnmatchedView: true,
    initialImageOptions: { preset: 'middle' },
    syncGroups,
  },
  displaySets: [{ id: selector, options }],
});

const roleRule = (role: string) => ({
  weight: 100,
  attribute: ROLE_ATTRIBUTE,
  constraint: { equals: { value: role } },
  required: true,
});

/**
 * MRC | HYDROPS-Mi2 over PPI | PEI. Series are matched by the role that the service gave them, so
 * the same rules and the reader's own choice hold for the layout as for the measurement.
 */
export const hydropsProtocol = {
  id: HANGING_PROTOCOL_ID,
  name: 'Inner Ear Hydrops',
  description: 'MRC and HYDROPS-Mi2 over PPI and PEI, linked in scroll, zoom and pan',
  protocolMatchingRules: [],
  toolGroupIds: ['default'],
  numberOfPriorsReferenced: 0,
  defaultViewport: {
    viewportOptions: {
      viewportType: 'stack',
      toolGroupId: 'default',
      allowUnmatchedView: true,
      syncGroups,
    },
    displaySets: [{ id: 'mrc', matchedDisplaySetsIndex: -1 }],
  },
  displaySetSelectors: {
    mrc: {
      // Where no series was recognised the first place still shows an image to choose from.
      seriesMatchingRules: [
        { ...roleRule('mrc'), required: false },
        {
          weight: 1,
          attribute: 'numImageFrames',
          constraint: { greaterThan: { value: MIN_SLICES } },
          required: true,
        },
      ],
    },
    ppi: { seriesMatchingRules: [roleRule('ppi')] },
    pei: { seriesMatchingRules: [roleRule('pei')] },
    hydropsMi2: {
      seriesMatchingRules: [
        {
          weight: 10,
          attribute: MI2_ATTRIBUTE,
          constraint: { equals: { value: 'image' } },
        },
        {
          weight: 1,
          attribute: MI2_ATTRIBUTE,
          constraint: { notNull: true },
          required: true,
        },
      ],
    },
  },
  stages: [
    {
      id: 'grid',
      name: 'MRC | HYDROPS-Mi2 over PPI | PEI',
      stageActivation: { enabled: { minViewportsMatched: 1 } },
      viewportStructure: { layoutType: 'grid', properties: { rows: 2, columns: 2 } },
      viewports: [
        viewport(VIEWPORT_IDS.mrc, 'mrc', { voi: MRC_WINDOW }),
        viewport(VIEWPORT_IDS.hydropsMi2, 'hydropsMi2'),
        viewport(VIEWPORT_IDS.ppi, 'ppi'),
        viewport(VIEWPORT_IDS.pei, 'pei'),
      ],
    },
  ],
};
