import { HANGING_PROTOCOL_ID, VIEWPORT_IDS } from '../id';
import type { HostServices } from '../host/types';
import { MRC_WINDOW } from './mrcWindow';

/** Names of the attributes that the session adds to the host's protocol engine. */
export const ROLE_ATTRIBUTE = 'hydropsRole';
export const MI2_ATTRIBUTE = 'hydropsMi2Place';

/** Localizers have as many or fewer. */
export const MIN_SLICES = 8;

/** Scroll by patient position. Zoom and pan are linked by `linkViews`; each image keeps its own window. */
const syncGroups = [{ type: 'imageslice', id: 'hydrops-scroll', source: true, target: true }];

/** By a selector of the protocol; an empty one chooses nothing. */
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

/** The viewport of each of the four images; the selector has the name of the place. */
export const placeViewport = (place: keyof typeof VIEWPORT_IDS) =>
  viewport(VIEWPORT_IDS[place], place, place === 'mrc' ? { voi: MRC_WINDOW } : {});

/** A viewport beyond the four, linked with them. */
export const furtherViewport = (viewportId: string) => viewport(viewportId, '');

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
        placeViewport('mrc'),
        placeViewport('hydropsMi2'),
        placeViewport('ppi'),
        placeViewport('pei'),
      ],
    },
  ],
};

/** Whether our protocol hangs, in whatever rows and columns; another one does in a reformation. */
export function ourLayoutHangs({
  hangingProtocolService,
}: Pick<HostServices, 'hangingProtocolService'>): boolean {
  return hangingProtocolService.getActiveProtocol().protocol?.id === HANGING_PROTOCOL_ID;
}
