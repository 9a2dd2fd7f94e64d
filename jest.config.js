// CDK's own template validation costs seconds per process. Unit tests of one construct do without it;
// the tests over the whole assembly run `npm start`'s synthesis in a process of its own, with it on.
process.env.CDK_VALIDATION ??= 'false';

module.exports = {
  testEnvironment: 'node',
  runtime: '<rootDir>/test/support/package-sharing-runtime.js',
  // Jest leaves one core idle unless it is told; on two cores that doubles the time.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/e2e/', '\\.long\\.test\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out'],
  // Two cores that something else uses as well are slow, and no test waits for nothing.
  testTimeout: 20_000,
  // Sources name what they import dynamically as the build does: with .js.
  moduleNameMapper: {
    '^palisade-cdk/(analysis|check|compliance|evidence|manifest|platform)$': '<rootDir>/lib/$1',
    '^palisade-cdk/(attestation|client|integrity)$': '<rootDir>/runtime/$1',
    '^palisade-cdk/(.*)$': '<rootDir>/$1',
    '^(.*/manifest/load-manifests)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
};
