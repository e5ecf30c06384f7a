const { basename } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * Test files that take long, the longest first, so that the workers of a run end together. Jest knows how long a file
 * takes only from an earlier run; on a fresh clone it begins with the largest.
 */
const LONG = [
  'layouts',
  'mainJob',
  'otherModes',
  'backends',
  'overlays',
  'storedValues',
  'brushSize',
  'failedStore',
  'install',
  'badInput',
  'viewingCrops',
  'resultTable',
  'phantom',
].map((name) => `${name}.test.ts`);

const rank = ({ path }) => {
  const at = LONG.indexOf(basename(path));
  return at < 0 ? LONG.length : at;
};

module.exports = class extends Sequencer {
  /** Files that are not listed follow in Jest's own order. */
  sort(tests) {
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
