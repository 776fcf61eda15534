/**
 * The service as it is, in this process, on a database of its own. Wall time stands still and business time moves only
 * as it is told, so that two runs of one seed see the same instants to the millisecond.
 */
import { createAdmin } from '../server/src/domains/identity/index.ts';
import {
  type Deployment,
  openDeployment,
  openServer,
  openServices,
  type Server,
  type Services,
} from '../server/src/main.ts';
import { readConfig } from '../server/src/platform/config.ts';
import { createLog } from '../server/src/platform/log.ts';
import { type Client, createClient, done } from './client.ts';

/** A Thursday at the end of a month, so that anchors on its days meet short months at once. */
const startsAt = new Date('2026-01-29T00:00:00Z');
const secretKey = 'a secret of the simulation, longer than 32 characters';
const operator = { email: 'operator@example.com', password: 'correct horse battery' };

export interface World {
  deployment: Deployment;
  services: Services;
  startsAt: Date;
  now(): Date;
  /** Lets business time pass as a sandbox does: it stops wherever something is due, and runs it. */
  moveTo(instant: Date): Promise<void>;
  anyone: Client;
  operator: Client;
  clientOf(who: { email: string; password: string }): Promise<Client>;
  /** As an application's own service. */
  clientWith(key: string): Client;
  close(): Promise<void>;
}

/** Opens a world on a migrated database. */
export async function openWorld(databaseUrl: string, dataDir: string): Promise<World> {
  let offsetMs = 0;
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_DATA_DIR: dataDir,
    SLUICE_MODE: 'sandbox',
  });
  const opened = await openDeployment(config, databaseUrl, createLog('warn'));
  opened.platform.clocks = {
    wall: () => new Date(startsAt),
    business: () => new Date(startsAt.getTime() + offsetMs),
  };
  const deployment: Deployment = {
    ...opened,
    setOffsetMs: (next) => {
      offsetMs = next;
    },
  };
  const services = await openServices(deployment);
  const server = await openServer(deployment, services, { webDirectory: 'none', leavesJobs: true });
  await createAdmin(deployment.context(), operator);
  const clientWith = (token?: string) => createClient(server.app, token);
  const clientOf = async ({ email, password }: { email: string; password: string }) => {
    const body = { login: email, password };
    const session = await done(clientWith().post('/api/v1/auth/login', body));
    return clientWith(session.access_token);
  };
  const admin = await clientOf(operator);
  return {
    deployment,
    services,
    startsAt,
    now: () => deployment.platform.clocks.business(),
    async moveTo(instant) {
      await done(admin.post('/api/v1/admin/sandbox/clock', { to: instant.toISOString() }));
    },
    anyone: clientWith(),
    operator: admin,
    clientOf,
    clientWith,
    close: () => close(server, deployment),
  };
}

async function close(server: Server, deployment: Deployment): Promise<void> {
  await server.close();
  await deployment.close();
}
