import { defineConfig } from 'vitest/config';

/** Generous, since many tests start processes and servers: a busy machine is slow, and that is no failure. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    // NOTE: left alone, one core of two would rest. More would only make tests wait for one another.
    maxWorkers: 2,
    globalSetup: 'packages/database/src/testing/vitest-postgres.ts',
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts'],
        },
      },
      {
        test: {
          ...patience,
          name: 'storage on PostgreSQL',
          env: { TEST_ENGINE: 'postgres' },
          include: [
            'apps/authorization-server/src/{accounts,audit,clients,consents,keys,provider,storage}/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...patience,
          name: 'flows on PostgreSQL',
          env: { TEST_ENGINE: 'postgres' },
          include: [
            'test/{demo-client,todos-api}/{renewal,secrecy,session-lifetime,todo*}.test.ts',
            'test/authorization-server/{code-attacks,consent,device-flow,proof-of-possession}.test.ts',
            'test/authorization-server/{refresh-*,revocation,secrets-at-rest,sessions,sign-out}.test.ts',
          ],
        },
      },
      {
        test: {
          ...patience,
          name: 'flows',
          include: ['test/**/*.test.ts'],
        },
      },
    ],
  },
});
