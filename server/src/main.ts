/** Wires every domain into one process: the only file that knows them all. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import {
  type Access,
  type AccessRequests,
  accessJobs,
  createAccess,
  createAccessRequests,
  createRates,
  createSubjects,
  type Rates,
  registerAccess,
  registerAccessMetrics,
  registerRateMetrics,
  type Subjects,
} from './domains/access/index.ts';
import { alertsJobs, registerAlerts } from './domains/alerts/index.ts';
import {
  auditJobs,
  auditPersonalData,
  ensureAuditPartitions,
  registerAudit,
} from './domains/audit/index.ts';
import {
  createMeterBook,
  createPriceBook,
  type MeterBook,
  type PriceBook,
  registerCatalog,
} from './domains/catalog/index.ts';
import { customersPersonalData, registerCustomers } from './domains/customers/index.ts';
import { deliveryJobs } from './domains/delivery/index.ts';
import {
  createTermsBook,
  entitlementsListeners,
  registerEntitlements,
  type TermsBook,
} from './domains/entitlements/index.ts';
import {
  type Channels,
  createChannels,
  registerChannels,
  registerGateway,
} from './domains/gateway/index.ts';
import {
  growthJobs,
  growthListeners,
  growthPersonalData,
  registerGrowth,
} from './domains/growth/index.ts';
import {
  createAuthenticator,
  createKeyring,
  identityJobs,
  identityPersonalData,
  type Keyring,
  people,
  registerAccounts,
  registerIdentity,
} from './domains/identity/index.ts';
import {
  invoicingJobs,
  invoicingListeners,
  invoicingPersonalData,
  registerInvoicing,
} from './domains/invoicing/index.ts';
import { type Job, startJobs } from './domains/jobs/index.ts';
import {
  ensureTransferPartitions,
  ledgerJobs,
  ledgerListeners,
  ledgerPersonalData,
  registerLedger,
} from './domains/ledger/index.ts';
import {
  ensureUsagePartitions,
  meteringJobs,
  meteringPersonalData,
  registerMetering,
  registerReporting,
} from './domains/metering/index.ts';
import {
  paymentsJobs,
  paymentsListeners,
  paymentsPersonalData,
  registerPayments,
} from './domains/payments/index.ts';
import { registerReports } from './domains/reports/index.ts';
import { registerRisk, riskJobs, riskListeners, riskPersonalData } from './domains/risk/index.ts';
import {
  followClock,
  readSetting,
  registerClock,
  registerDeployment,
  registerSettings,
} from './domains/settings/index.ts';
import {
  registerSubscriptions,
  subscriptionsJobs,
  subscriptionsListeners,
  subscriptionsPersonalData,
} from './domains/subscriptions/index.ts';
import type { Config } from './platform/config.ts';
import { type Context, type Platform, systemContext } from './platform/context.ts';
import { createSealer } from './platform/crypto.ts';
import { openBulkDatabase } from './platform/database/bulk.ts';
import { pendingMigrations } from './platform/database/migrate.ts';
import { openDatabase } from './platform/database/pool.ts';
import { createEvents, type Listener } from './platform/events.ts';
import { createHttpApp } from './platform/http/app.ts';
import { registerDocumentation } from './platform/http/documentation.ts';
import { registerHealth } from './platform/http/health.ts';
import { removeExpiredKeys } from './platform/http/idempotency.ts';
import { createRoutes, type Routes } from './platform/http/routes.ts';
import { moveSandboxClock, registerSandboxProxy } from './platform/http/sandbox-proxy.ts';
import { registerWebApp } from './platform/http/web-app.ts';
import { newId } from './platform/ids.ts';
import { createMetrics, registerMetrics } from './platform/metrics.ts';
import { createNotifications } from './platform/notifications.ts';
import type { PersonalData } from './platform/personal-data.ts';
import { secretKeyOf } from './platform/secret-key.ts';
import { addDuration, systemClocks } from './platform/time.ts';

/** Reactions run in this order within a transaction. */
const listeners: readonly Listener[] = [
  ...ledgerListeners,
  ...entitlementsListeners,
  ...paymentsListeners,
  ...invoicingListeners,
  ...subscriptionsListeners,
  ...riskListeners,
  ...growthListeners,
];

/** What domains keep about people, in the order of erasing: whoever needs a person's memberships comes before identity. */
const personalData: readonly PersonalData[] = [
  growthPersonalData,
  riskPersonalData,
  customersPersonalData,
  subscriptionsPersonalData,
  invoicingPersonalData,
  paymentsPersonalData,
  meteringPersonalData,
  ledgerPersonalData,
  auditPersonalData,
  identityPersonalData,
];

/** Jobs of every domain; those on a schedule also run, in this order, after a sandbox's clock was moved. */
const jobs: readonly Job[] = [
  {
    name: 'platform.prepare_partitions',
    cron: '5 0 * * *',
    run: (context) => preparePartitions(context, context.clocks.business()),
  },
  ...auditJobs((executor) => readSetting(executor, 'audit_retention_months')),
  ...ledgerJobs,
  ...invoicingJobs,
  ...subscriptionsJobs,
  ...paymentsJobs,
  ...accessJobs,
  ...meteringJobs,
  ...alertsJobs,
  ...growthJobs,
  ...riskJobs,
  ...identityJobs,
  ...deliveryJobs(),
  {
    name: 'platform.tell_news',
    cron: '* * * * *',
    async run(context) {
      await context.events.tellNews(context);
    },
  },
  {
    name: 'platform.remove_idempotency_keys',
    cron: '41 * * * *',
    async run(context) {
      await removeExpiredKeys(context);
    },
  },
];

/** The parts of a process without its doors to the outside: what a command of the line works with. */
export interface Deployment {
  platform: Platform;
  databaseUrl: string;
  /** Past pgbouncer: for `listen` and session locks. */
  directUrl: string;
  setOffsetMs(offsetMs: number): void;
  context(): Context;
  close(): Promise<void>;
}

/** Opens the platform on a migrated database. */
export async function openDeployment(
  config: Config,
  databaseUrl: string,
  log: Logger,
): Promise<Deployment> {
  let offsetMs = 0;
  const setOffsetMs = (next: number) => {
    offsetMs = next;
  };
  const platform: Platform = {
    config,
    log,
    clocks: systemClocks(() => offsetMs),
    database: openDatabase({
      url: databaseUrl,
      max: config.databasePoolMax,
      onConnectionError: warn(log),
    }),
    bulk: openBulkDatabase({
      url: config.databaseDirectUrl ?? databaseUrl,
      max: 2,
      applicationName: 'sluice bulk',
      onConnectionError: warn(log),
    }),
    events: createEvents(listeners),
    sealer: createSealer(secretKeyOf(config)),
    notifications: createNotifications(log),
  };
  if (config.mode === 'sandbox') await followClock(platform, setOffsetMs);
  const context = () => systemContext(platform, newId('req', platform.clocks.business()));
  await preparePartitions(context(), platform.clocks.business());
  return {
    platform,
    databaseUrl,
    directUrl: config.databaseDirectUrl ?? databaseUrl,
    setOffsetMs,
    context,
    async close() {
      await platform.notifications.close();
      await platform.bulk.destroy();
      await platform.database.destroy();
    },
  };
}

/** What a process keeps in memory and may lose. */
export interface Services {
  prices: PriceBook;
  meters: MeterBook;
  terms: TermsBook;
  keyring: Keyring;
  subjects: Subjects;
  channels: Channels;
  access: Access;
  rates: Rates;
  requests: AccessRequests;
}

/** Reads the caches and begins to listen for what invalidates them. */
export async function openServices({ platform, directUrl }: Deployment): Promise<Services> {
  const keyring = createKeyring(platform);
  const services = {
    prices: await createPriceBook(platform),
    meters: await createMeterBook(platform),
    terms: createTermsBook(platform),
    keyring,
    subjects: createSubjects(platform, keyring),
    channels: await createChannels(platform),
    access: createAccess(platform, { url: directUrl }),
    rates: createRates(platform),
    requests: createAccessRequests(platform),
  };
  await platform.notifications.start(directUrl);
  return services;
}

export interface Server {
  app: FastifyInstance;
  /** Operations that are served, to be held against the contract. */
  served: ReadonlySet<string>;
  /** Finishes what is in flight, then frees everything but the deployment. */
  close(): Promise<void>;
}

/**
 * Serves the API, the gateway and the web app, and works on jobs, unless somebody else does; `webDirectory` is the built
 * app's.
 */
export async function openServer(
  deployment: Deployment,
  services: Services,
  options: { webDirectory: string; leavesJobs?: boolean },
): Promise<Server> {
  const { platform } = deployment;
  const { config, clocks, log } = platform;
  const metrics = createMetrics();
  const app = await createHttpApp({ config, clocks, log: log as Logger });
  let isDraining = false;
  registerMetrics(app, metrics);
  registerAccessMetrics(metrics, platform);
  registerRateMetrics(metrics, services.rates);
  registerHealth(app, { check: () => checkReady(deployment), isDraining: () => isDraining });
  const authenticate = createAuthenticator(platform, services.keyring);
  const routes = createRoutes(app, { platform, authenticate });
  registerDomains(routes, deployment, services);
  const gateway = registerGateway(app, { platform, ...services });
  await registerDocumentation(app);
  registerSandboxProxy(app);
  await registerWebApp(app, options.webDirectory, config.embedOrigins);
  const working = options.leavesJobs
    ? undefined
    : await startJobs(platform, jobs, { url: deployment.directUrl });
  return {
    app,
    served: routes.served,
    async close() {
      isDraining = true;
      await gateway.close();
      await app.close();
      await working?.stop();
      await services.requests.drain();
      await services.access.close();
      services.rates.close();
      await services.keyring.close();
    },
  };
}

function registerDomains(routes: Routes, deployment: Deployment, services: Services): void {
  registerAccounts(routes, deployment.platform, personalData);
  registerIdentity(routes, deployment.platform);
  registerAudit(routes, people);
  registerCatalog(routes, services, () => services.channels.models());
  registerLedger(routes);
  registerEntitlements(routes, services.terms);
  registerMetering(routes, services.meters);
  registerReporting(routes, {
    ...services,
    resolveSubject: services.subjects.resolve,
    findKey: services.keyring.findById,
    settleReported: services.access.settle,
  });
  registerAccess(routes, { ...services, platform: deployment.platform });
  registerPayments(routes);
  registerInvoicing(routes);
  registerSubscriptions(routes);
  registerChannels(routes, services.channels);
  registerReports(routes);
  registerRisk(routes);
  registerAlerts(routes);
  registerGrowth(routes);
  registerCustomers(routes);
  registerDeployment(routes);
  registerSettings(routes);
  // A live deployment has no such address, whoever asks.
  if (deployment.platform.config.mode === 'sandbox') {
    registerClock(routes, {
      prepare: preparePartitions,
      setOffsetMs: deployment.setOffsetMs,
      nextDue,
      async runDue(context) {
        await moveSandboxClock(context.clocks.business());
        await runScheduled(context);
      },
    });
  }
}

/** Everything on a schedule, once and in order: what a moved clock made due is done before the answer. */
async function runScheduled(context: Context): Promise<void> {
  for (const job of jobs) {
    if (job.cron !== undefined) await job.run(context, {});
  }
}

/** When a job will find something to do, whichever is first. */
async function nextDue(context: Context): Promise<Date | undefined> {
  const instants = await Promise.all(jobs.map((job) => job.nextDue?.(context)));
  return instants.reduce((first, due) => (due && (!first || due < first) ? due : first), undefined);
}

/** The months from the last to two ahead of `until` can take usage, transfers and audit entries. */
async function preparePartitions(context: Context, until: Date): Promise<void> {
  const from = addDuration(context.clocks.business(), '-P1M') ?? until;
  const to = addDuration(until, 'P2M') ?? until;
  await ensureTransferPartitions(context.database, from, to);
  await ensureUsagePartitions(context.database, from, to);
  await ensureAuditPartitions(context.database, from, to);
}

async function checkReady({ directUrl }: Deployment): Promise<void> {
  const pending = await pendingMigrations(directUrl);
  if (pending.length > 0) throw new Error(`${pending.length} migrations are to be applied`);
}

function warn(log: Logger): (error: Error) => void {
  return (error) => log.warn({ err: error }, 'a database connection broke; it is replaced');
}
