import { cssColor, EAR_SIDES, ORGANS } from '@inner-ear-hydrops/core';

/** Those of each ear's cochlea in the segmentation. */
const colors = EAR_SIDES.map(
  (ear) => `.${ear} { --ear: ${cssColor(ORGANS.cochlea.segments[ear].color)}; }`
).join('\n');

/** Style sheet of the crops' layer over a viewport. */
export const CROP_STYLES = `
svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
${colors}
polygon { fill: none; }
.outline { stroke: var(--ear); stroke-width: 1.5; }
.off .outline { stroke-dasharray: 6 4; }
.dragged .outline { stroke-width: 2.5; }
.edge { stroke: transparent; stroke-width: 11; pointer-events: stroke; cursor: move; touch-action: none; }
.cross { stroke: var(--ear); stroke-width: 1.5; fill: none; }
.off .cross { opacity: .5; }
button {
  position: absolute; left: 0; top: 0; max-width: 100%; padding: 1px 6px; border: 0; border-radius: 3px;
  background: rgb(9 12 41 / .8); color: var(--ear);
  font: 12px/18px Inter, 'Open Sans', system-ui, sans-serif; white-space: nowrap; text-align: left;
  pointer-events: auto; cursor: move; touch-action: none; user-select: none;
}
button[hidden] { display: none; }
button span { display: block; overflow: hidden; text-overflow: ellipsis; }
button:focus { outline: 2px solid #ffffff; outline-offset: -1px; }
`;
