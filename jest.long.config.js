// What takes too long to run at every change: the mutation score, Guard's policy as a whole, cfn-lint.
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/**/*.long.test.ts'],
  testPathIgnorePatterns: [],
};
