/** Opens and closes the parts of a process. `wiring/` connects the domains; nothing else knows them all. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerGateway } from './domains/gateway/index.ts';
import { createAuthenticator } from './domains/identity/index.ts';
import { startJobs, watchJobs } from './domains/jobs/index.ts';
import { followClock } from './domains/settings/index.ts';
import type { Config } from './platform/config.ts';
import { type Context, type Platform, systemContext } from './platform/context.ts';
import { openBulkDatabase } from './platform/database/bulk.ts';
import { createPendingReader } from './platform/database/migrate.ts';
import { openDatabase } from './platform/database/pool.ts';
import { openReplica } from './platform/database/replica.ts';
import { createEvents } from './platform/events.ts';
import { createHttpApp } from './platform/http/app.ts';
import { registerDocumentation } from './platform/http/documentation.ts';
import { NotReady, registerHealth } from './platform/http/health.ts';
import { endConnectionsAfterAnswer, stopListening } from './platform/http/idle-connections.ts';
import { createRoutes } from './platform/http/routes.ts';
import { registerSandboxProxy } from './platform/http/sandbox-proxy.ts';
import { registerWebApp } from './platform/http/web-app.ts';
import { newId } from './platform/ids.ts';
import { createMetrics, registerMetrics } from './platform/metrics.ts';
import { createNotifications } from './platform/notifications.ts';
import { openSealer } from './platform/secret-key.ts';
import { systemClocks } from './platform/time.ts';
import { createTracing } from './platform/tracing.ts';
import { jobs } from './wiring/jobs.ts';
import { listeners } from './wiring/listeners.ts';
import { registerDomainMetrics } from './wiring/metrics.ts';
import { preparePartitions } from './wiring/partitions.ts';
import { registerDomains } from './wiring/routes.ts';
import type { Services } from './wiring/services.ts';

export { openServices, type Services } from './wiring/services.ts';

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

/** Opens the platform on a migrated database. Whoever only looks leaves the partitions of the months to come alone. */
export async function openDeployment(
  config: Config,
  databaseUrl: string,
  log: Logger,
  { preparesPartitions = true }: { preparesPartitions?: boolean } = {},
): Promise<Deployment> {
  let offsetMs = 0;
  const setOffsetMs = (next: number) => {
    offsetMs = next;
  };
  const clocks = systemClocks(() => offsetMs);
  const database = openDatabase({
    url: databaseUrl,
    max: config.databasePoolMax,
    onConnectionError: warn(log),
  });
  const platform: Platform = {
    config,
    log,
    clocks,
    database,
    replica: openReplica({
      primary: database,
      url: config.databaseReplicaUrl,
      lagMaxMs: config.databaseReplicaLagMaxMs,
      log,
      now: clocks.wall,
    }),
    bulk: openBulkDatabase({
      url: config.databaseDirectUrl ?? databaseUrl,
      max: 2,
      applicationName: 'sluice bulk',
      onConnectionError: warn(log),
    }),
    events: createEvents(listeners),
    sealer: await openSealer(config, database),
    notifications: createNotifications(log),
    ...(config.tracing && { tracing: createTracing(config.tracing, log) }),
  };
  if (config.mode === 'sandbox') await followClock(platform, setOffsetMs);
  const context = () => systemContext(platform, newId('req', platform.clocks.business()));
  if (preparesPartitions) await preparePartitions(context(), platform.clocks.business());
  return {
    platform,
    databaseUrl,
    directUrl: config.databaseDirectUrl ?? databaseUrl,
    setOffsetMs,
    context,
    async close() {
      await platform.tracing?.close();
      await platform.notifications.close();
      await platform.bulk.destroy();
      await platform.replica.close();
      await platform.database.destroy();
    },
  };
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
  const jobsWatch = registerDomainMetrics(metrics, platform, services);
  registerHealth(app, { check: createReadyCheck(deployment), isDraining: () => isDraining });
  const authenticate = createAuthenticator(platform, services.keyring);
  const routes = createRoutes(app, { platform, authenticate });
  registerDomains(routes, deployment, services);
  const gateway = registerGateway(app, { platform, ...services, registry: metrics });
  await registerDocumentation(app);
  registerSandboxProxy(app);
  await registerWebApp(app, options.webDirectory, config.embedOrigins);
  const working = options.leavesJobs
    ? undefined
    : await startJobs(platform, watchJobs(jobs, jobsWatch), { url: deployment.directUrl });
  return {
    app,
    served: routes.served,
    async close() {
      isDraining = true;
      await leaveBalancer(app, config.drainDelayMs);
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

/** Serves on until every balancer has seen that this process is not ready, and has taken its connections elsewhere. */
async function leaveBalancer(app: FastifyInstance, delayMs: number): Promise<void> {
  if (!app.server.listening) return;
  endConnectionsAfterAnswer(app);
  await sleep(delayMs);
  stopListening(app);
}

/** Ready beside a newer version too, which may have applied more than this one knows. */
function createReadyCheck({ directUrl }: Deployment): () => Promise<void> {
  const readPending = createPendingReader(directUrl);
  return async () => {
    const pending = await readPending();
    if (pending.length > 0)
      throw new NotReady(`To be applied: ${pending.join(', ')}. Run "sluice migrate".`);
  };
}

function warn(log: Logger): (error: Error) => void {
  return (error) => log.warn({ err: error }, 'a database connection broke; it is replaced');
}
