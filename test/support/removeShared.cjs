const { rmSync } = require('node:fs');

/** Ends a test run: removes what its files shared on disk. */
module.exports = () => rmSync(process.env.HYDROPS_TEST_RUN, { recursive: true, force: true });
