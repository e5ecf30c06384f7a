import { BRUSH_RADIUS } from './brush';

/** The host's exports in `@ohif/extension-cornerstone.utilityModule.tools` that are used here. */
export interface HostTools {
  toolNames: Record<string, string>;
  Enums: { MouseBindings: Record<'Primary' | 'Secondary' | 'Auxiliary' | 'Wheel', number> };
}

/** Of our own layout, and of the host's multiplanar reformation; both get the same tools. */
export const TOOL_GROUPS = ['default', 'mpr'];

const brush = (toolName: string, activeStrategy: string) => ({
  toolName,
  parentTool: 'Brush',
  configuration: {
    activeStrategy,
    // Without it the host paints with 25 mm, whatever the toolbar's field shows.
    brushSize: BRUSH_RADIUS.first,
    minRadius: BRUSH_RADIUS.min,
    maxRadius: BRUSH_RADIUS.max,
  },
});

/** Tools of a tool group: navigation on the mouse, brushes when chosen. */
export function hydropsTools({ toolNames, Enums }: HostTools) {
  const { Primary, Secondary, Auxiliary, Wheel } = Enums.MouseBindings;
  return {
    active: [
      { toolName: toolNames['WindowLevel'], bindings: [{ mouseButton: Primary }] },
      { toolName: toolNames['Pan'], bindings: [{ mouseButton: Auxiliary }] },
      {
        toolName: toolNames['Zoom'],
        bindings: [{ mouseButton: Secondary }, { numTouchPoints: 2 }],
      },
      {
        toolName: toolNames['StackScroll'],
        bindings: [{ mouseButton: Wheel }, { numTouchPoints: 3 }],
      },
    ],
    passive: [
      brush('CircularBrush', 'FILL_INSIDE_CIRCLE'),
      brush('SphereBrush', 'FILL_INSIDE_SPHERE'),
      brush('CircularEraser', 'ERASE_INSIDE_CIRCLE'),
      brush('SphereEraser', 'ERASE_INSIDE_SPHERE'),
      { toolName: toolNames['Magnify'] },
    ],
    disabled: [],
  };
}
