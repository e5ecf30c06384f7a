import { cssColor, FLUIDS, SEGMENTS } from '@inner-ear-hydrops/core';

const FLUID_COLORS = {
  endolymph: cssColor(FLUIDS.endolymph.color),
  perilymph: cssColor(FLUIDS.perilymph.color),
};

const outlines = SEGMENTS.map(
  ({ number, color }) => `.segment-${number} { stroke: ${cssColor(color)}; }`
).join('\n');

export const OVERLAY_STYLES = `
svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
.outline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.fluid { stroke: none; fill-opacity: .5; shape-rendering: crispEdges; }
.endolymph { fill: ${FLUID_COLORS.endolymph}; }
.perilymph { fill: ${FLUID_COLORS.perilymph}; }
${outlines}
.legend {
  position: absolute; left: 50%; bottom: 4px; transform: translateX(-50%); display: flex; gap: 10px;
  padding: 1px 8px; border-radius: 3px; background: rgb(9 12 41 / .8); color: #ffffff;
  font: 12px/18px Inter, 'Open Sans', system-ui, sans-serif; white-space: nowrap;
}
.legend i { display: inline-block; width: 10px; height: 10px; margin-right: 4px; }
.legend .endolymph { background: ${FLUID_COLORS.endolymph}; }
.legend .perilymph { background: ${FLUID_COLORS.perilymph}; }
.note {
  position: absolute; left: 8px; right: 8px; bottom: 60px; width: fit-content; margin: 0 auto; box-sizing: border-box;
  padding: 3px 10px; border: 1px solid #f5b942; border-radius: 3px; background: rgb(9 12 41 / .85); color: #ffffff;
  font: 13px/18px Inter, 'Open Sans', system-ui, sans-serif; text-align: center;
}
[hidden] { display: none; }
`;
