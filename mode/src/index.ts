import { bindBrushKeys, type HotKeyService } from './brush';
import { hydropsTools, TOOL_GROUPS, type HostTools } from './toolGroup';
import { toolbarButtons, toolbarLayout, type Sections } from './toolbar';

const MODE_ID = '@inner-ear-hydrops/mode';
/** What is agreed on with the extension, as its own file `id.ts` says. */
const CONTRACT = 1;

/** Modules that the mode is composed of, by the host's ids. */
const MODULES = {
  layout: '@ohif/extension-default.layoutTemplateModule.viewerLayout',
  studyBrowser: '@ohif/extension-default.panelModule.seriesList',
  imageHandler: '@ohif/extension-default.sopClassHandlerModule.stack',
  imageViewport: '@ohif/extension-cornerstone.viewportModule.cornerstone',
  segmentationPanel: '@ohif/extension-cornerstone.panelModule.panelSegmentationWithToolsLabelMap',
  segmentationHandler: '@ohif/extension-cornerstone-dicom-seg.sopClassHandlerModule.dicom-seg',
  segmentationViewport: '@ohif/extension-cornerstone-dicom-seg.viewportModule.dicom-seg',
  reportHandler: '@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr',
  reportViewport: '@ohif/extension-cornerstone-dicom-sr.viewportModule.dicom-sr',
  tools: '@ohif/extension-cornerstone.utilityModule.tools',
  panel: '@inner-ear-hydrops/extension.panelModule.hydrops',
  placeholderHandler: '@inner-ear-hydrops/extension.sopClassHandlerModule.placeholder',
  placeholderViewport: '@inner-ear-hydrops/extension.viewportModule.placeholder',
} as const;

/**
 * The application's configuration registers our own extension: a prebuilt host would import a name
 * given here as a bare specifier.
 */
const extensionDependencies = {
  '@ohif/extension-default': '^3.12.0',
  '@ohif/extension-cornerstone': '^3.12.0',
  '@ohif/extension-cornerstone-dicom-seg': '^3.12.0',
  '@ohif/extension-cornerstone-dicom-sr': '^3.12.0',
};

/**
 * The host counts each segment again after an edit and, seconds later, writes back the segments as they were before: the
 * segment that the reader has chosen meanwhile is no longer the segment that is painted (3.12.10 and 3.13.2). What it counts
 * are its own pixels, which for some slopes are wrong.
 */
const NO_STATISTICS = { 'panelSegmentation.disableUpdateSegmentationStats': { $set: true } };

interface ModeContext {
  servicesManager: { services: Record<string, Record<string, unknown>> };
  extensionManager: { getModuleEntry(id: string): { exports?: unknown } | undefined };
}

/** Calls a method of one of the host's services where the host has it. */
function call(
  context: Pick<ModeContext, 'servicesManager'>,
  service: string,
  method: string,
  ...values: unknown[]
): unknown {
  const target = context.servicesManager.services[service];
  const member = target?.[method];
  return typeof member === 'function' ? (member.apply(target, values) as unknown) : undefined;
}

/** Runs a command of our extension, through its service: on leaving, the host hands over no commands manager. */
function runHydrops(context: Pick<ModeContext, 'servicesManager'>, command: string): unknown {
  return call(context, 'hydropsService', 'runCommand', command);
}

function onModeEnter(context: ModeContext): void {
  const tools = context.extensionManager.getModuleEntry(MODULES.tools)?.exports as HostTools;
  call(context, 'measurementService', 'clearMeasurements');
  for (const group of TOOL_GROUPS) {
    call(context, 'toolGroupService', 'createToolGroupAndAddTools', group, hydropsTools(tools));
  }
  call(context, 'toolbarService', 'register', toolbarButtons());
  const sections = context.servicesManager.services['toolbarService']?.['sections'] as Sections;
  for (const [section, buttons] of toolbarLayout(sections)) {
    call(context, 'toolbarService', 'updateSection', section, buttons);
  }
  bindBrushKeys(
    context.servicesManager.services['customizationService'] as unknown as HotKeyService
  );
  call(context, 'customizationService', 'setCustomizations', NO_STATISTICS, 'mode');
  runHydrops(context, 'beginHydropsSession');
}

function onModeExit(context: ModeContext): void {
  // While all that the session uses is still there.
  runHydrops(context, 'endHydropsSession');
  call(context, 'uiDialogService', 'hideAll');
  call(context, 'uiModalService', 'hide');
  for (const service of [
    'toolGroupService',
    'syncGroupService',
    'segmentationService',
    'cornerstoneViewportService',
  ]) {
    call(context, service, 'destroy');
  }
}

/** Made anew each time: the host takes the panels out of it. */
const layout = () => ({
  id: MODULES.layout,
  props: {
    leftPanels: [MODULES.studyBrowser],
    leftPanelResizable: true,
    rightPanels: [MODULES.panel, MODULES.segmentationPanel],
    rightPanelResizable: true,
    viewports: [
      {
        namespace: MODULES.imageViewport,
        displaySetsToDisplay: [MODULES.imageHandler],
      },
      {
        namespace: MODULES.segmentationViewport,
        displaySetsToDisplay: [MODULES.segmentationHandler],
      },
      {
        namespace: MODULES.reportViewport,
        displaySetsToDisplay: [MODULES.reportHandler],
      },
      {
        namespace: MODULES.placeholderViewport,
        displaySetsToDisplay: [MODULES.placeholderHandler],
      },
    ],
  },
});

/** The host waits for it before it enters the mode: what the extension needs there is loaded by then, or said to be missing. */
async function layoutTemplate(context: Pick<ModeContext, 'servicesManager'>) {
  await runHydrops(context, 'loadHydropsSession');
  return layout();
}

/** Composition only: what is done is done in the extension. */
const mode = {
  id: MODE_ID,
  contract: CONTRACT,
  extensionDependencies,
  modeFactory: () => ({
    id: MODE_ID,
    routeName: 'inner-ear-hydrops',
    displayName: 'Inner Ear Hydrops',
    onModeEnter,
    onModeExit,
    validationTags: { study: [], series: [] },
    isValidMode: ({ modalities }: { modalities: string }) => ({
      valid: modalities.split('\\').includes('MR'),
      description: 'Inner Ear Hydrops needs a study with MR series.',
    }),
    routes: [
      {
        path: 'inner-ear-hydrops',
        layoutTemplate,
      },
    ],
    extensions: extensionDependencies,
    hangingProtocol: 'inner-ear-hydrops',
    sopClassHandlers: [
      MODULES.imageHandler,
      MODULES.segmentationHandler,
      MODULES.reportHandler,
      MODULES.placeholderHandler,
    ],
  }),
};

export default mode;
