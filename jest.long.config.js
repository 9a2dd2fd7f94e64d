// What takes too long to run at every change: the mutation score, Guard's policy as a whole, cfn-lint.
// One of these tests switches CDK's validation on, which a shared aws-cdk-lib would not see.
const { runtime, ...shared } = require('./jest.config.js');

module.exports = {
  ...shared,
  testMatch: ['<rootDir>/test/**/*.long.test.ts'],
  testPathIgnorePatterns: [],
};
