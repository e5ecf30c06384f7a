/** Set by scripts/build.mjs: the version of the root package.json, and a hash of the sources. */
declare const __HYDROPS_VERSION__: string | undefined;
declare const __HYDROPS_BUILD__: string | undefined;

export const SOFTWARE_NAME = 'Inner Ear Hydrops';

export const SOFTWARE_VERSION: string =
  typeof __HYDROPS_VERSION__ === 'string' ? __HYDROPS_VERSION__ : '0.0.0';

/** The same for all parts of a build; it differs as soon as a source differs. */
export const BUILD_ID: string =
  typeof __HYDROPS_BUILD__ === 'string' ? __HYDROPS_BUILD__ : 'unbuilt';

/** "Inner Ear Hydrops 0.1.0 (build 1a2b3c4d5e6f7a8b)", as panel, report and `hydrops --version` say it. */
export const SOFTWARE = `${SOFTWARE_NAME} ${SOFTWARE_VERSION} (build ${BUILD_ID})`;
