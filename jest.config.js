module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/e2e/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out'],
  setupFiles: ['<rootDir>/test/setup.js'],
  // Sources name what they import dynamically as the build does: with .js.
  moduleNameMapper: {
    '^palisade-cdk/(analysis|check|compliance|evidence|manifest|platform)$': '<rootDir>/lib/$1',
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
