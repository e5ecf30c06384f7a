const { tmpdir } = require('node:os');
const { join } = require('node:path');

// What the test files of one run share on disk; Jest's workers inherit the variable.
process.env.HYDROPS_TEST_RUN ??= join(tmpdir(), `hydrops-test-${process.pid}`);

const common = {
  // As scripts/build.mjs defines it.
  globals: { __HYDROPS_VERSION__: require('./package.json').version },
  transform: { '\\.[jt]sx?$': 'babel-jest', '\\.mjs$': 'babel-jest' },
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/.*/dist/'],
  // Packages that are ES modules only, and reach Jest through CommonJS ones.
  transformIgnorePatterns: [
    '/node_modules/(?!(content-disposition|@cornerstonejs/(metadata|utils|core|dicom-image-loader))/)',
  ],
  testEnvironment: 'node',
  // Jest's sandbox looks up globals slowly; loops over voxels and bytes run several times faster so. Without those
  // that tests replace (Date).
  sandboxInjectedGlobals: (
    'Math Number String Boolean Symbol Object Array Map Set JSON ArrayBuffer DataView Error TypeError ' +
    'Uint8Array Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array'
  ).split(' '),
};

// Fast first: unit, then what needs DICOM tools, then what needs a browser and archives.
module.exports = {
  testSequencer: '<rootDir>/test/support/longFirst.cjs',
  globalTeardown: '<rootDir>/test/support/removeShared.cjs',
  // A machine under load is slow, not wrong: what hangs is ended, what takes long is waited for.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/*/src/**/*.test.{ts,tsx}', '<rootDir>/test/unit/**/*.test.{ts,tsx}'],
    },
    {
      ...common,
      displayName: 'conformance',
      testMatch: ['<rootDir>/test/conformance/**/*.test.ts'],
    },
    { ...common, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
};
