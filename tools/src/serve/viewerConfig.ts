export interface ViewerConfigOptions {
  /** Addresses of the built plugins, relative to the server. */
  extensionUrl: string;
  modeUrl: string;
  /** Read by the extension as `appConfig.innerEarHydrops`. */
  innerEarHydrops: Record<string, unknown>;
  /** Laid over the viewer's configuration at the top level. */
  overrides?: Record<string, unknown>;
}

/**
 * The text of `app-config.js`. The configuration is a function that imports the plugins itself: in
 * the list-of-addresses form one plugin that fails to load leaves the whole viewer blank.
 */
export function viewerConfigScript(options: ViewerConfigOptions): string {
  const literal = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c');
  return `// Written by "hydrops serve".
window.config = async function () {
  const dicomweb = window.location.origin + '/dicomweb';
  const failures = [];
  async function plugin(address) {
    try {
      return (await import(address)).default;
    } catch (error) {
      console.error('Inner Ear Hydrops: ' + address + ' could not be loaded.', error);
      failures.push(address);
      return null;
    }
  }
  const extension = await plugin(${literal(options.extensionUrl)});
  const mode = extension && (await plugin(${literal(options.modeUrl)}));
  if (failures.length > 0) {
    const notice = document.createElement('div');
    notice.setAttribute('role', 'alert');
    notice.style.cssText =
      'position:fixed;left:0;right:0;bottom:0;z-index:10000;padding:8px 16px;background:#7f1d1d;color:#fff;font:14px sans-serif';
    notice.textContent =
      'Inner Ear Hydrops could not be loaded (' + failures.join(', ') +
      '). The viewer works without it. Run "npm run build" and reload this page.';
    document.body.appendChild(notice);
  }
  return {
    routerBasename: null,
    extensions: extension ? [extension] : [],
    modes: mode ? [mode] : [],
    customizationService: {},
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: true,
    showCPUFallbackMessage: false,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
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
          wadoUriRoot: dicomweb,
          qidoRoot: dicomweb,
          wadoRoot: dicomweb,
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
    innerEarHydrops: ${literal(options.innerEarHydrops)},
    ...${literal(options.overrides ?? {})},
  };
};
window.config.innerEarHydrops = ${literal(options.innerEarHydrops)};
`;
}
