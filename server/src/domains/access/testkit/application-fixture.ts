/** Two applications with a template of meters and plans, served over HTTP by any number of processes. */

import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { inTransaction } from '../../../platform/context.ts';
import { newSecret } from '../../../platform/crypto.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import type { Caller } from '../../../platform/http/caller.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import { newId } from '../../../platform/ids.ts';
import type { TestDatabase } from '../../../platform/testkit/database.ts';
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import { createMeterBook, createPriceBook, registerTemplate } from '../../catalog/index.ts';
import { createTermsBook, givePlan } from '../../entitlements/index.ts';
import { createKeyring, findApplicationBySlug, organizationCreated } from '../../identity/index.ts';
import { createAccess, createRates, type Rates, registerAccess } from '../index.ts';
import { createAccessRequests } from '../requests.ts';
import { createSubjects } from '../subjects.ts';
import { createAccessFixture } from './access-fixture.ts';
import {
  type Customer,
  insertCustomer,
  insertPrice,
  insertSubject,
  type KeyRates,
} from './application-store.ts';

export type { Customer } from './application-store.ts';

const template = (slug: string) => `
application: { slug: ${slug}, name: ${slug} }
meters:
  - { key: analyses, name: Analyses, aggregation: count, requires_quota: true }
  - { key: storage, name: Storage, aggregation: sum, unit: gb, kind: level }
  - { key: exports, name: Exports, aggregation: sum }
  - { key: readers, name: Readers, aggregation: unique, property: reader }
features:
  - { key: sso, name: Single sign-on }
  - { key: seats, name: Seats, kind: number }
plans:
  - slug: ${slug}-free
    name: Free
    quotas:
      - { meter: analyses, window: day, limit: 3 }
      - { meter: analyses, window: month, limit: 20 }
      - { meter: storage, window: lifetime, limit: 1 }
    features: { sso: false, seats: 1 }
  - slug: ${slug}-pro
    name: Pro
    quotas:
      - { meter: analyses, window: day, limit: 1000 }
    features: { sso: true, seats: 5 }
    models: [gpt-4o-mini]
  - slug: ${slug}-paced
    name: Paced
    quotas:
      - { meter: analyses, window: day, limit: 1000 }
    rate_limits: { rpm: 3, tpm: 100, concurrency: 2 }
`;

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the assertions on them
  body: any;
}

export interface ApplicationProcess {
  post(path: string, body: unknown, application?: string): Promise<Answer>;
  get(path: string, application?: string, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export async function createApplicationFixture(db: TestDatabase, platform: TestPlatform) {
  const { context, topUp } = await createAccessFixture(platform);
  const applications: Record<string, string> = {};
  for (const slug of ['medical', 'hub']) {
    await registerTemplate(context, { template: template(slug), dryRun: false });
    const found = await findApplicationBySlug(db.database, slug);
    applications[slug] = found?.id ?? '';
  }
  const at = platform.clocks.business();
  await insertPrice(db.database, at);
  const rates = createRates(platform);

  return {
    context,
    topUp,
    applications,
    /** One server process; each request says as which application it calls. */
    process: () => openProcess({ db, platform, applications, rates }),
    /** An organization with one member and a key, on a plan. */
    async customer(
      options: { plan?: string; wallet?: bigint; rates?: KeyRates } = {},
    ): Promise<Customer> {
      const made = await makeCustomer(platform, context, options.rates ?? {});
      const { organizationId } = made;
      const planId = options.plan ?? 'medical-free';
      await inTransaction(context, (transaction) =>
        givePlan(context, transaction, { organizationId, planId, startsAt: at }),
      );
      if (options.wallet) await topUp(organizationId, options.wallet);
      return made;
    },
    /** Names a customer as an application does. */
    register: (slug: string, externalId: string, customer: Customer, userId: string | null) =>
      insertSubject(db.database, {
        applicationId: applications[slug] ?? '',
        externalId,
        organizationId: customer.organizationId,
        userId,
        at,
      }),
  };
}

export type ApplicationFixture = Awaited<ReturnType<typeof createApplicationFixture>>;

async function makeCustomer(
  platform: TestPlatform,
  context: ApplicationFixture['context'],
  rates: KeyRates,
): Promise<Customer> {
  const at = platform.clocks.business();
  const customer = {
    organizationId: newId('org', at),
    userId: newId('usr', at),
    apiKeyId: newId('key', at),
    secret: newSecret('sk-'),
  };
  await inTransaction(context, async (transaction) => {
    await insertCustomer(transaction, { ...customer, rates, at });
    await platform.events.announce(context, transaction, organizationCreated, {
      organizationId: customer.organizationId,
      timeZone: 'UTC',
    });
  });
  return customer;
}

interface ProcessOptions {
  db: TestDatabase;
  platform: TestPlatform;
  applications: Record<string, string>;
  rates: Rates;
}

async function openProcess(options: ProcessOptions): Promise<ApplicationProcess> {
  const { db, platform, applications, rates } = options;
  const { config, clocks, log } = platform;
  const app = await createHttpApp({ config, clocks, log: log as Logger });
  const keyring = createKeyring(platform);
  const access = createAccess(platform, { url: db.url });
  const authenticate = async ({ headers }: { headers: Record<string, unknown> }) =>
    ({
      kind: 'application',
      applicationId: applications[String(headers['x-application'])] ?? '',
      applicationKeyId: 'apk_1',
    }) satisfies Caller;
  const requests = createAccessRequests(platform);
  registerAccess(createRoutes(app, { platform, authenticate }), {
    platform,
    access,
    requests,
    rates,
    subjects: createSubjects(platform, keyring),
    prices: await createPriceBook(platform),
    meters: await createMeterBook(platform),
    terms: createTermsBook(platform),
  });
  return {
    post: (path, body, application = 'medical') =>
      send(app, { method: 'POST', path, body, headers: { 'x-application': application } }),
    get: (path, application = 'medical', headers = {}) =>
      send(app, { method: 'GET', path, headers: { 'x-application': application, ...headers } }),
    async close() {
      await app.close();
      await requests.drain();
      await access.close();
      await keyring.close();
    },
  };
}

async function send(
  app: FastifyInstance,
  request: {
    method: 'GET' | 'POST';
    path: string;
    body?: unknown;
    headers: Record<string, string>;
  },
): Promise<Answer> {
  const { method, path, body, headers } = request;
  const answer = await app.inject({
    method,
    url: `/api/v1/access/${path}`,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}
