import { BRUSH_RADIUS } from './brush';
import { TOOL_GROUPS } from './toolGroup';

/**
 * Buttons and their places. Data only: each button names the host's own commands and evaluators
 * (3.12.10 and 3.13.2), so the same tools are offered as in the host's segmentation mode, without
 * measurements.
 */

const setActive = {
  commandName: 'setToolActiveToolbar',
  commandOptions: { toolGroupIds: TOOL_GROUPS },
};

const tool = (id: string, icon: string, label: string) => ({
  id,
  uiType: 'ohif.toolButton',
  props: { icon, label, commands: setActive, evaluate: 'evaluate.cornerstoneTool' },
});

const action = (id: string, icon: string, label: string, commands: unknown) => ({
  id,
  uiType: 'ohif.toolButton',
  props: { icon, label, commands, evaluate: 'evaluate.action' },
});

const section = (id: string, uiType: string) => ({
  id,
  uiType,
  props: { buttonSection: true },
});

const paintTool = (
  id: string,
  icon: string,
  label: string,
  shapes: readonly [value: string, label: string][],
  prefix: string
) => {
  const toolNames = shapes.map(([value]) => value);
  return {
    id,
    uiType: 'ohif.toolBoxButton',
    props: {
      icon,
      label,
      evaluate: [
        {
          name: 'evaluate.cornerstone.segmentation',
          toolNames,
          disabledText: 'Compute EH first: there is no segmentation to edit',
        },
        {
          name: 'evaluate.cornerstone.hasSegmentationOfType',
          segmentationRepresentationType: 'Labelmap',
        },
        // The field shows what the tools have.
        {
          name: 'evaluate.cornerstone.segmentation.synchronizeDrawingRadius',
          radiusOptionId: `${prefix}-radius`,
        },
      ],
      commands: {
        commandName: 'activateSelectedSegmentationOfType',
        commandOptions: { segmentationRepresentationType: 'Labelmap' },
      },
      options: [
        {
          name: 'Radius (mm)',
          id: `${prefix}-radius`,
          type: 'range',
          explicitRunOnly: true,
          min: BRUSH_RADIUS.min,
          max: BRUSH_RADIUS.max,
          step: BRUSH_RADIUS.step,
          value: BRUSH_RADIUS.first,
          commands: { commandName: 'setHydropsBrushRadius', context: 'INNER_EAR_HYDROPS' },
        },
        {
          name: 'Shape',
          type: 'radio',
          id: `${prefix}-mode`,
          value: toolNames[0],
          values: shapes.map(([value, name]) => ({ value, label: name })),
          commands: ['setToolActiveToolbar'],
        },
      ],
    },
  };
};

/** Made afresh for each stay in the mode: the host writes into them what the reader has chosen. */
export const toolbarButtons = () => [
  section('MoreTools', 'ohif.toolButtonList'),
  section('LabelMapTools', 'ohif.toolBoxButtonGroup'),
  section('BrushTools', 'ohif.toolBoxButtonGroup'),
  tool('WindowLevel', 'tool-window-level', 'Window Level'),
  tool('Pan', 'tool-move', 'Pan'),
  tool('Zoom', 'tool-zoom', 'Zoom'),
  tool('StackScroll', 'tool-stack-scroll', 'Scroll'),
  tool('Magnify', 'tool-magnify', 'Magnify'),
  action('Undo', 'prev-arrow', 'Undo', 'undo'),
  action('Redo', 'next-arrow', 'Redo', 'redo'),
  action('Reset', 'tool-reset', 'Reset View', 'resetViewport'),
  action('invert', 'tool-invert', 'Invert', 'invertViewport'),
  action('TagBrowser', 'dicom-tag-browser', 'DICOM tags', 'openDICOMTagViewer'),
  action('Capture', 'tool-capture', 'Capture', 'showDownloadViewportModal'),
  action('FourImages', 'layout-common-2x2', 'Four images', {
    commandName: 'restoreHydropsLayout',
    context: 'INNER_EAR_HYDROPS',
  }),
  {
    id: 'Layout',
    uiType: 'ohif.layoutSelector',
    props: { rows: 3, columns: 4, evaluate: 'evaluate.action', commands: 'setViewportGridLayout' },
  },
  {
    id: 'dataOverlayMenu',
    uiType: 'ohif.dataOverlayMenu',
    props: { icon: 'ViewportViews', label: 'Data Overlay', evaluate: 'evaluate.dataOverlayMenu' },
  },
  {
    id: 'orientationMenu',
    uiType: 'ohif.orientationMenu',
    props: {
      icon: 'OrientationSwitch',
      label: 'Orientation',
      evaluate: { name: 'evaluate.orientationMenu' },
    },
  },
  {
    id: 'windowLevelMenu',
    uiType: 'ohif.windowLevelMenu',
    props: { icon: 'WindowLevel', label: 'Window Level', evaluate: 'evaluate.windowLevelMenu' },
  },
  paintTool(
    'Brush',
    'icon-tool-brush',
    'Brush',
    [
      ['CircularBrush', 'Circle'],
      ['SphereBrush', 'Sphere'],
    ],
    'brush'
  ),
  paintTool(
    'Eraser',
    'icon-tool-eraser',
    'Eraser',
    [
      ['CircularEraser', 'Circle'],
      ['SphereEraser', 'Sphere'],
    ],
    'eraser'
  ),
];

/** Section names as the host's toolbar service calls them, with what stands in each. */
export interface Sections {
  primary: string;
  viewportActionMenu: { topLeft: string; bottomLeft: string };
  labelMapSegmentationToolbox: string;
}

export const toolbarLayout = (sections: Sections): [section: string, buttons: string[]][] => [
  [
    sections.primary,
    [
      'WindowLevel',
      'Pan',
      'Zoom',
      'StackScroll',
      'Undo',
      'Redo',
      'FourImages',
      'Layout',
      'MoreTools',
    ],
  ],
  ['MoreTools', ['Reset', 'invert', 'Magnify', 'Capture', 'TagBrowser']],
  [sections.viewportActionMenu.topLeft, ['orientationMenu', 'dataOverlayMenu']],
  [sections.viewportActionMenu.bottomLeft, ['windowLevelMenu']],
  [sections.labelMapSegmentationToolbox, ['LabelMapTools']],
  ['LabelMapTools', ['BrushTools']],
  ['BrushTools', ['Brush', 'Eraser']],
];
