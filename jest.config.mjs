/** Three kinds of tests: `unit` touches nothing outside the process, `int` uses the real servers, `e2e` the whole platform. */
const shared = {
  testEnvironment: '<rootDir>/test/plain-environment.mjs',
  setupFiles: ['<rootDir>/test/seed-properties.mjs'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node'] },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          experimental: { keepImportAttributes: true },
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.local/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.local/'],
};

const servers = { globalSetup: '<rootDir>/test/start-servers.mjs', globalTeardown: '<rootDir>/test/stop-servers.mjs' };

export default {
  // A worker that uses the servers has a set of its own; `npm test` says how many there are to be.
  maxWorkers: 1,
  // Jest's own 5 seconds are too few for a machine that does other work beside.
  testTimeout: 20_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.{ts,tsx}'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '\\.int\\.test\\.ts$', '\\.e2e\\.test\\.ts$'],
    },
    { ...shared, ...servers, displayName: 'int', testMatch: ['<rootDir>/**/*.int.test.ts'] },
    { ...shared, ...servers, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e.test.ts'] },
  ],
};
