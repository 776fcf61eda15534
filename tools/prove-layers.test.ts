/** Breaks every layer rule on purpose, in a small tree of its own, and sees that very rule reported. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isBounded, layerRules } from './layer-rules.ts';
import { domains, domainsBelow, layers, modulesSeenMin } from './layers.ts';
import { judgeLayers, seeLayers } from './see-layers.ts';

type Tree = Record<string, string>;

const repository = resolve(import.meta.dirname, '..');
const paymentsDoor = 'server/src/domains/payments/index.ts';
const paymentsStore = 'server/src/domains/payments/store.ts';

/** One tree per rule, each breaking nothing else. An imported file that is not written here is made, empty. */
const breaches: Record<string, Tree> = {
  'only-doors': {
    'server/src/domains/invoicing/operations/issue.ts': "import '../../payments/store.ts';",
  },
  'platform-knows-no-business': {
    'server/src/platform/http.ts': "import type { Payment } from '../domains/payments/index.ts';",
  },
  'only-main-knows-domains': {
    'server/src/wiring.ts': "import './domains/payments/index.ts';",
  },
  'core-is-pure': {
    'server/src/domains/payments/core/decide.ts': "import { readFile } from 'node:fs';\nreadFile;",
  },
  'core-knows-no-shell': {
    'server/src/domains/payments/core/decide.ts': "import type { Row } from '../store.ts';",
  },
  'only-stores-speak-sql': {
    'server/src/domains/payments/operations/refund.ts': "import { sql } from 'kysely';\nsql;",
  },
  'http-calls-operations': {
    'server/src/domains/payments/http.ts': "import './store.ts';",
  },
  'operations-know-no-http': {
    'server/src/domains/payments/operations/refund.ts': "import '../http.ts';",
  },
  'providers-are-strangers': {
    'server/src/domains/payments/providers/credit/sign.ts': "import '../alipay/sign.ts';",
  },
  'contract-stands-alone': {
    'contract/src/payments.ts': "import { pino } from 'pino';\npino;",
  },
  'sdk-stands-alone': {
    'sdk/src/client.ts':
      "import type { refusals } from '@sluice/contract/refusals';\nexport type R = typeof refusals;",
    'contract/src/refusals.ts': '',
  },
  'sandbox-shares-nothing': {
    'sandbox/src/credit.ts': "import { refusals } from '@sluice/contract/refusals';\nrefusals;",
    'contract/src/refusals.ts': '',
  },
  'nobody-shares-the-sandbox': {
    'server/src/main.ts': "import '../../sandbox/src/credit.ts';",
  },
  'web-knows-the-contract-only': {
    'web/src/api/call.ts': "import '../../../server/src/platform/money.ts';",
  },
  'portal-and-console-apart': {
    'web/src/portal/keys/Keys.tsx': "import '../../console/users/Users.tsx';",
  },
  'ui-knows-no-business': {
    'web/src/ui/Link.tsx': "import { Link } from '@tanstack/react-router';\nLink;",
  },
  'journeys-use-doors': { 'e2e/buy.ts': "import '../server/src/domains/payments/store.ts';" },
  'product-needs-no-tools': { 'server/src/main.ts': "import '../../tools/layers.ts';" },
  'tests-are-leaves': {
    'server/src/platform/money.test.ts': '',
    'bench/run.ts': "import '../server/src/platform/money.test.ts';",
  },
  'fixtures-serve-tests': {
    'server/src/domains/payments/operations/refund.ts': "import '../testing/scene.ts';",
  },
  'no-cycles': {
    'server/src/platform/log.ts': "import './ids.ts';",
    'server/src/platform/ids.ts': "import './log.ts';",
  },
  'no-orphans': { 'server/src/platform/forgotten.ts': 'export const forgotten = 1;' },
  'imports-resolve': { 'server/src/platform/log.ts': "import 'no-such-package';" },
};

/** What a domain is told apart by imports nothing of another's, so that all stand in one tree. */
const breachesOfLayers: Tree = {};
const doorsBelow: Tree = {};
for (const domain of domains) {
  const below = domainsBelow(domain);
  for (const other of domains.filter((each) => each !== domain)) {
    const tree = below.includes(other) ? doorsBelow : breachesOfLayers;
    tree[useOf(domain, other)] = `import type { Thing } from '../../${other}/index.ts';`;
  }
}

function useOf(domain: string, other: string): string {
  return `server/src/domains/${domain}/operations/use-${other}.ts`;
}

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

describe('layer rules', () => {
  test('each has a breach that proves it', () => {
    const ofLayers = domains.filter(isBounded).map((domain) => `layer-${domain}`);
    const proven = [...Object.keys(breaches), ...ofLayers];
    expect(proven.sort()).toEqual(layerRules.map(({ name }) => name).sort());
  });

  test.each(Object.entries(breaches))('%s bites, and it alone', async (rule, tree) => {
    const { broken } = await seeLayers(plant(tree));
    expect(broken).not.toEqual([]);
    expect(new Set(broken.map((found) => found.rule))).toEqual(new Set([rule]));
  });

  test('a domain may not use those that are not below it, and each is told by its own rule', async () => {
    const { broken } = await seeLayers(plant(breachesOfLayers));
    const found = broken.map(({ rule, from }) => `${rule}: ${from}`);
    const expected = domains.flatMap((domain) =>
      domains
        .map((other) => useOf(domain, other))
        .filter((file) => file in breachesOfLayers)
        .map((file) => `layer-${domain}: ${file}`),
    );
    expect(found.sort()).toEqual(expected.sort());
    expect(found.length).toBeGreaterThan(domains.length);
  });

  test('a domain may use the doors below it', async () => {
    expect(Object.keys(doorsBelow).length).toBeGreaterThan(domains.length);
    const { broken } = await seeLayers(plant(doorsBelow));
    expect(broken).toEqual([]);
  });

  test('a whole domain in order breaks nothing', async () => {
    const { broken, modules, imports } = await seeLayers(plant(orderly));
    expect(broken).toEqual([]);
    expect(modules).toBe(Object.keys(orderly).length);
    expect(imports).toBeGreaterThan(modules);
  });

  test('each domain is in one row', () => {
    expect(new Set(domains).size).toBe(layers.flat().length);
  });
});

describe('judgeLayers', () => {
  test('fails when fewer modules were seen than are there', async () => {
    const seen = await seeLayers(plant(orderly));
    expect(judgeLayers(seen, seen.modules)).toEqual([]);
    expect(judgeLayers(seen, seen.modules + 1)).toEqual([
      expect.stringContaining(`Only ${seen.modules} modules`),
    ]);
  });

  test('fails when modules were listed but their imports not parsed', () => {
    expect(modulesSeenMin).toBeGreaterThan(500);
    expect(
      judgeLayers({ modules: modulesSeenMin, imports: 0, broken: [] }, modulesSeenMin),
    ).toEqual([expect.stringContaining('the parser is broken')]);
  });
});

const orderly: Tree = {
  'contract/src/payments.ts': "import { z } from 'zod';\nexport const Payment = z.object({});",
  'server/src/platform/money.ts': "import { Payment } from '@sluice/contract/payments';\nPayment;",
  'server/src/main.ts':
    "import './domains/payments/index.ts';\nimport './domains/payments/http.ts';",
  [paymentsDoor]: "export * from './operations/refund.ts';",
  'server/src/domains/payments/core/decide.ts':
    "import '../../../platform/money.ts';\nimport type { Account } from '../../ledger/index.ts';",
  'server/src/domains/ledger/index.ts': '',
  [paymentsStore]: "import { sql } from 'kysely';\nimport '../../platform/money.ts';\nsql;",
  'server/src/domains/payments/http.ts': "import './operations/refund.ts';",
  'server/src/domains/payments/operations/refund.ts':
    "import '../store.ts';\nimport '../core/decide.ts';\nimport '../providers/index.ts';",
  'server/src/domains/payments/providers/index.ts':
    "import './credit/index.ts';\nimport './manual.ts';",
  'server/src/domains/payments/providers/credit/index.ts': "import './sign.ts';",
  'server/src/domains/payments/providers/credit/sign.ts': "import 'node:crypto';",
  'server/src/domains/payments/providers/manual.ts': "import '../../../platform/money.ts';",
  'server/src/domains/payments/operations/refund.test.ts':
    "import './refund.ts';\nimport 'kysely';",
};

/** Writes a tree to a folder of its own, with the real packages and this tree's own contract beside it. */
function plant(tree: Tree): string {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-layers-'));
  made.push(directory);
  mkdirSync(join(directory, 'node_modules/@sluice'), { recursive: true });
  for (const name of ['kysely', 'zod', 'pino', '@tanstack']) {
    symlinkSync(join(repository, 'node_modules', name), join(directory, 'node_modules', name));
  }
  mkdirSync(join(directory, 'contract'), { recursive: true });
  writeFileSync(
    join(directory, 'contract/package.json'),
    '{"name":"@sluice/contract","exports":{"./*":"./src/*.ts"}}',
  );
  symlinkSync(join(directory, 'contract'), join(directory, 'node_modules/@sluice/contract'));
  for (const [path, text] of Object.entries(tree)) {
    write(directory, path, text);
    for (const [, target = ''] of text.matchAll(/'([.][^']+)'/g)) {
      const imported = join(dirname(path), target);
      if (!(imported in tree)) write(directory, imported, '');
    }
  }
  return directory;
}

function write(directory: string, path: string, text: string): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\nexport {};\n`);
}
