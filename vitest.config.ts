import { defineConfig } from 'vitest/config';

/** Generous, since many tests start processes and servers: a busy machine is slow, and that is no failure. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    // NOTE: left alone, one core of two would rest. More would only make tests wait for one another.
    maxWorkers: 2,
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
          name: 'flows',
          include: ['test/**/*.test.ts'],
        },
      },
    ],
  },
});
