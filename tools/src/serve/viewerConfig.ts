export interface ViewerConfigOptions {
  /** Text of `extension/public/install.js`, which adds the plugins; absent: a viewer without them. */
  install?: string;
  /** Read by the extension as `appConfig.innerEarHydrops`. */
  innerEarHydrops: Record<string, unknown>;
  /** Laid over the viewer's configuration at the top level. */
  overrides?: Record<string, unknown>;
}

/**
 * The text of `app-config.js`, as docs/install.md tells a site to make it: the viewer's own
 * configuration, and `install.js` after it.
 */
export function viewerConfigScript({
  install,
  innerEarHydrops,
  overrides = {},
}: ViewerConfigOptions): string {
  const literal = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c');
  return `// Written by "hydrops serve".
window.config = {
  routerBasename: null,
  extensions: [],
  modes: [],
  customizationService: {},
  showStudyList: true,
  maxNumberOfWebWorkers: 3,
  showWarningMessageForCrossOrigin: true,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  disableConfirmationPrompts: true,
  // The panel carries the research notice, always in sight.
  investigationalUseDialog: { option: 'never' },
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  defaultDataSourceName: 'archive',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'archive',
      configuration: {
        friendlyName: 'Archive',
        name: 'archive',
        wadoUriRoot: window.location.origin + '/dicomweb',
        qidoRoot: window.location.origin + '/dicomweb',
        wadoRoot: window.location.origin + '/dicomweb',
        qidoSupportsIncludeField: true,
        supportsReject: false,
        dicomUploadEnabled: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        staticWado: false,
        singlepart: 'bulkdata,video',
        bulkDataURI: { enabled: true },
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
  innerEarHydrops: ${literal(innerEarHydrops)},
  ...${literal(overrides)},
};
${install ?? ''}`;
}
