import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Three selections: all fast tests (default), `--mode e2e` (journeys against a running server, in a browser where the
// name ends in `.browser.test.ts`), and `--mode long` (`*.long.test.ts`, for `npm run test:long`).
const longTests = '**/*.long.test.ts';
/** They start a real Redis; where none can be, this project is left out. */
const redisTests = 'server/**/*.redis.test.ts';
/** Likewise a real LDAP server. */
const ldapTests = 'server/**/*.ldap.test.ts';
/** They listen to what is asked of a package, so nobody may have loaded it before them. */
const listeningTests = ['server/src/domains/identity/attacks.test.ts'];
const cluster = 'server/src/platform/testkit/cluster.ts';

/** A machine may be slow, and busy with other tests; none of these waits for a clock. */
const patience = { testTimeout: 20_000, hookTimeout: 30_000 };

const unit = (name: string) => ({
  test: {
    name,
    include: [`${name}/**/*.test.{ts,tsx,mjs}`],
    exclude: [longTests, '**/node_modules/**'],
    ...patience,
  },
});

/** Files that share what they have loaded take two thirds of the time; these are pure by a lint. */
const coreTests = 'server/**/core/**/*.test.ts';

const core = { test: { name: 'core', include: [coreTests], isolate: false, ...patience } };

/** Decisions of pages, without a page: likewise. */
const web = { test: { ...unit('web').test, isolate: false } };

const server = {
  test: {
    name: 'server',
    include: ['{server,simulation}/**/*.test.ts'],
    exclude: [longTests, redisTests, ldapTests, coreTests, ...listeningTests],
    globalSetup: [cluster],
    isolate: false,
    ...patience,
  },
};

const listening = {
  test: { name: 'listening', include: listeningTests, globalSetup: [cluster], ...patience },
};

const redis = {
  test: {
    name: 'redis',
    include: [redisTests],
    globalSetup: [cluster],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};

const ldap = {
  test: {
    name: 'ldap',
    include: [ldapTests],
    globalSetup: [cluster],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};

const endToEnd = {
  test: {
    name: 'e2e',
    include: ['e2e/**/*.test.ts'],
    exclude: [longTests, '**/node_modules/**'],
    globalSetup: ['e2e/first-start.ts'],
    isolate: false,
    // Each starts a server of its own; a year of business takes a minute, and two on a slow machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
};

const long = {
  test: {
    name: 'long',
    include: [longTests],
    globalSetup: [cluster],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
};

/** Where nothing is known of earlier runs, the longest of all would often be begun last, and run alone. */
const longest = /(simulation|first-light[.]browser|buying\/subscriptions)[.]test[.]ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => longest.test(moduleId);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

const projectsOf: Record<string, object[]> = { e2e: [endToEnd], long: [long] };

export default defineConfig(({ mode }) => ({
  test: {
    pool: 'forks',
    // For two cores: a test often waits, for the database or for a clock.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: projectsOf[mode] ?? [
      ...['contract', 'conformance', 'sandbox', 'sdk', 'tools'].map(unit),
      web,
      core,
      server,
      listening,
      redis,
      ldap,
    ],
  },
}));
