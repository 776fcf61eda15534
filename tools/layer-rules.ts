/** The rules that dependency-cruiser enforces. `prove-layers.test.ts` breaks each of them on purpose. */
import type { IForbiddenRuleType } from 'dependency-cruiser';
import { domains, domainsBelow } from './layers.ts';

const domainsFolder = '^server/src/domains/';
const coreFolder = `${domainsFolder}([^/]+)/core/`;
const testFiles = '[.]test[.](tsx?|mjs)$';
/** With what several of them share. */
const tests = `(/testing/|${testFiles})`;
const stores = '(/|-)store([.]ts$|/)';

export const layerRules: IForbiddenRuleType[] = [
  ...domains.filter(isBounded).map(layerRule),
  {
    name: 'only-doors',
    comment: 'What another domain offers is in its index.ts; the rest is its own business.',
    severity: 'error',
    from: { path: `${domainsFolder}([^/]+)/`, pathNot: tests },
    to: { path: `${domainsFolder}[^/]+/`, pathNot: [`${domainsFolder}$1/`, doorOf('[^/]+')] },
  },
  {
    name: 'platform-knows-no-business',
    comment: 'The platform serves every domain and knows none.',
    severity: 'error',
    from: { path: '^server/src/platform/', pathNot: tests },
    to: { path: '^server/src/(domains/|cli/|wiring/|main[.]ts$)' },
  },
  {
    name: 'only-main-knows-domains',
    comment:
      'Wiring lives in main.ts, wiring/ and the command line; nothing else knows every domain.',
    severity: 'error',
    from: {
      path: '^server/src/',
      pathNot: [tests, '^server/src/(main[.]ts$|cli/|wiring/|domains/|platform/)'],
    },
    to: { path: domainsFolder },
  },
  {
    name: 'core-is-pure',
    comment: 'A decision needs no I/O: pass what it must know as arguments.',
    severity: 'error',
    from: { path: coreFolder, pathNot: tests },
    to: {
      // The type of what is passed does nothing; `core-knows-no-shell` says whose types are welcome.
      dependencyTypesNot: ['type-only'],
      pathNot: [
        `${domainsFolder}$1/core/`,
        '^server/src/platform/(money|multiplier|quantity|ratio|time|ids|errors|csv|private-address)([.]ts$|/)',
        '^contract/src/',
        // Pure parts of Node; the lint "purity" sees to it that only those are taken.
        '^(node:)?(net|crypto)$',
      ],
    },
  },
  {
    name: 'core-knows-no-shell',
    comment:
      'Not even by type: a decision that takes a row, a request or a context cannot be made without them.',
    severity: 'error',
    from: { path: coreFolder, pathNot: tests },
    to: {
      dependencyTypes: ['type-only'],
      path: [
        `${domainsFolder}$1/(?!core/|provider[.]ts$)`,
        '^server/src/platform/(?!(money|multiplier|quantity|ratio|time|ids|errors)([.]ts$|/))',
        packages('kysely', 'pg', 'pg-[a-z-]+', 'undici', 'fastify', '@fastify/[a-z-]+', 'pino'),
      ],
    },
  },
  {
    name: 'only-stores-speak-sql',
    comment: 'All SQL of a domain is in its store; everything else calls a function with a name.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: [tests, stores, '^server/src/platform/'] },
    to: { path: packages('kysely', 'pg', 'pg-[a-z-]+') },
  },
  {
    name: 'http-calls-operations',
    comment: 'A route translates and calls an operation; reading and writing are not its business.',
    severity: 'error',
    from: { path: `${domainsFolder}[^/]+/http([.]ts$|/)`, pathNot: tests },
    to: { path: stores },
  },
  {
    name: 'operations-know-no-http',
    comment: 'The same operation serves HTTP, jobs, events and the command line.',
    severity: 'error',
    from: { path: `${domainsFolder}[^/]+/(operations/|store([.]ts$|/))`, pathNot: tests },
    to: { path: [`${domainsFolder}[^/]+/http([.]ts$|/)`, packages('fastify', '@fastify/[a-z-]+')] },
  },
  {
    name: 'providers-are-strangers',
    comment: 'A provider that leans on another one cannot be removed, or read, alone.',
    severity: 'error',
    from: {
      path: `${domainsFolder}([^/]+)/providers/([^/.]+)([.]ts$|/)`,
      pathNot: [tests, `${domainsFolder}[^/]+/providers/index[.]ts$`],
    },
    to: {
      path: `${domainsFolder}[^/]+/providers/`,
      pathNot: `${domainsFolder}$1/providers/$2([.]ts$|/)`,
    },
  },
  {
    name: 'contract-stands-alone',
    comment: 'Anyone can read the contract with zod and nothing else.',
    severity: 'error',
    from: { path: '^contract/src/', pathNot: tests },
    to: { pathNot: ['^contract/', packages('zod')] },
  },
  {
    name: 'sdk-stands-alone',
    comment:
      'It runs wherever there is fetch: nothing of Node, no package, no schema of the contract.',
    severity: 'error',
    from: { path: '^sdk/src/', pathNot: tests },
    // Frameworks lend their types and are never loaded: the bundle would not resolve them.
    to: { pathNot: ['^sdk/src/', packages('express', 'fastify', 'hono')] },
  },
  {
    name: 'sandbox-shares-nothing',
    comment: 'It plays the outside world; code shared with us would share our mistakes.',
    severity: 'error',
    from: { path: '^sandbox/', pathNot: tests },
    to: { path: '^(contract|server|web)/' },
  },
  {
    name: 'nobody-shares-the-sandbox',
    comment: 'The product works without the outside world in miniature, and never calls its code.',
    severity: 'error',
    from: { path: '^(contract|server|web)/', pathNot: tests },
    to: { path: '^sandbox/' },
  },
  {
    name: 'web-knows-the-contract-only',
    comment: 'The browser speaks to the server over HTTP.',
    severity: 'error',
    from: { path: '^web/' },
    to: { path: '^(server|sandbox|e2e|bench|tools)/' },
  },
  {
    name: 'portal-and-console-apart',
    comment: 'What both need is in features/; a customer never loads the console.',
    severity: 'error',
    from: { path: '^web/src/(portal|console)/' },
    to: { path: '^web/src/(portal|console)/', pathNot: '^web/src/$1/' },
  },
  {
    name: 'ui-knows-no-business',
    comment:
      'Components in ui/ take what they show as properties: no router, query, feature or page.',
    severity: 'error',
    from: { path: '^web/src/ui/' },
    to: { path: ['^web/src/(?!ui/|i18n/)', '^contract/', packages('@tanstack/[a-z-]+')] },
  },
  {
    name: 'journeys-use-doors',
    comment:
      'Journeys, benches and published examples go through doors and the platform, as any other caller.',
    severity: 'error',
    from: { path: '^(e2e|bench|conformance)/' },
    to: { path: `${domainsFolder}[^/]+/`, pathNot: doorOf('[^/]+') },
  },
  {
    name: 'product-needs-no-tools',
    comment: 'What runs in production imports neither tools nor benches nor journeys.',
    severity: 'error',
    from: { path: '^(contract|server|sandbox|web)/', pathNot: tests },
    to: { path: '^(e2e|bench|conformance|tools)/' },
  },
  {
    name: 'tests-are-leaves',
    comment: 'A test that others import is a fixture: give it a name of its own.',
    severity: 'error',
    from: {},
    to: { path: testFiles },
  },
  {
    name: 'fixtures-serve-tests',
    comment: 'What sets a scene for tests is no part of the product.',
    severity: 'error',
    from: { path: '^server/', pathNot: tests },
    to: { path: '^server/.*/testing/' },
  },
  {
    name: 'no-cycles',
    comment: 'Modules that need each other are one module, or one of them knows too much.',
    severity: 'error',
    from: {},
    // A link that is a type alone is gone when the program runs, so it closes no circle.
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing imports it and it imports nothing.',
    severity: 'error',
    from: { orphan: true, pathNot: [tests, '[.]d[.]ts$', '[.]config[.](ts|mjs)$'] },
    to: {},
  },
  {
    name: 'imports-resolve',
    comment: 'An import that leads nowhere escapes every other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: ['^virtual:', '^[.].*[.]css$'] },
  },
];

/** Whether there is a domain that it may not know: one that is alone at the top may know all. */
export function isBounded(domain: string): boolean {
  return domainsBelow(domain).length < domains.length - 1;
}

function layerRule(domain: string): IForbiddenRuleType {
  const below = domainsBelow(domain);
  return {
    name: `layer-${domain}`,
    comment:
      below.length > 0
        ? `${domain} may use ${below.join(', ')}; news for the others is an event.`
        : `${domain} is in the lowest row and uses no other domain.`,
    severity: 'error',
    from: { path: `${domainsFolder}${domain}/`, pathNot: tests },
    to: {
      path: `${domainsFolder}[^/]+/`,
      pathNot: `${domainsFolder}(${[domain, ...below].join('|')})/`,
    },
  };
}

function doorOf(domain: string): string {
  return `${domainsFolder}${domain}/index[.]ts$`;
}

function packages(...names: string[]): string {
  return `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
}
