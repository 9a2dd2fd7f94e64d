// What boots machines: npm run e2e:enclave.
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 300_000,
};
