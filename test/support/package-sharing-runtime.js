const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/** What costs most to load, and keeps no state that tests would see of one another. */
const SHARED = /^(?:aws-cdk-lib|constructs|cdk-nag|@cloud-copilot\/[^/]+|asl-validator|fast-check|zod)(?:\/|$)/;
const load = createRequire(__filename);

/** Jest's runtime, except that a worker loads the large packages once and not for each file: half of the suite's time. */
module.exports = class PackageSharingRuntime extends Runtime {
  requireModuleOrMock(from, name) {
    const shared = SHARED.test(name) && !this.mockState.shouldMockCjs(from, name).shouldMock;
    return shared ? load(name) : super.requireModuleOrMock(from, name);
  }
};
