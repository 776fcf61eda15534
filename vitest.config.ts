import { defineConfig } from 'vitest/config';

const server = {
  name: 'server',
  include: ['server/**/*.test.ts'],
  globalSetup: ['server/src/platform/testkit/cluster.ts'],
};

const unit = (name: string) => ({
  test: { name, include: [`${name}/**/*.test.{ts,tsx,mjs}`], environment: 'node' as const },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // The database shares the cores with the tests.
    maxWorkers: 2,
    projects: [
      unit('contract'),
      unit('sandbox'),
      unit('tools'),
      unit('web'),
      { test: { ...server, testTimeout: 20_000, hookTimeout: 30_000 } },
    ],
  },
});
