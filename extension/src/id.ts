export const EXTENSION_ID = '@inner-ear-hydrops/extension';
export const MODE_ID = '@inner-ear-hydrops/mode';
export const HANGING_PROTOCOL_ID = 'inner-ear-hydrops';
export const PANEL_ELEMENT = 'inner-ear-hydrops-panel';
export const PLACEHOLDER_ELEMENT = 'inner-ear-hydrops-placeholder';
export const SERVICE_NAME = 'hydropsService';
export const COMMANDS_CONTEXT = 'INNER_EAR_HYDROPS';
/**
 * What extension and mode agree on: the mode runs the service's commands `beginHydropsSession` and
 * `endHydropsSession`. Both carry the number, and `install.js` leaves out a file that carries another: a
 * browser or proxy may hold an old file.
 */
export const CONTRACT = 1;
/** SOP class handler of the empty place that HYDROPS-Mi2 takes once it is computed. */
export const PLACEHOLDER_HANDLER = `${EXTENSION_ID}.sopClassHandlerModule.placeholder`;

/** Viewports of the hanging protocol, by the image that each is meant for. */
export const VIEWPORT_IDS = {
  mrc: 'hydrops-mrc',
  hydropsMi2: 'hydrops-mi2',
  ppi: 'hydrops-ppi',
  pei: 'hydrops-pei',
} as const;
