/** One server of the chaos run, as its own process: it serves, works on jobs when told to, and can be killed at any line. */

import { paymentsJobs } from '../../server/src/domains/payments/index.ts';
import { openDeployment, openServer, openServices } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { createLog } from '../../server/src/platform/log.ts';
import type { Order, Report } from './fleet.ts';

const { CHAOS_DATABASE_URL: databaseUrl = '', CHAOS_PUBLIC_URL: publicUrl = '' } = process.env;
let offsetMs = Number(process.env.CHAOS_OFFSET_MS);

const config = readConfig({
  DATABASE_URL: databaseUrl,
  SLUICE_SECRET_KEY: process.env.CHAOS_SECRET_KEY,
  SLUICE_PUBLIC_URL: publicUrl,
  SLUICE_MODE: 'sandbox',
});
const deployment = await openDeployment(config, databaseUrl, createLog('fatal'));
const now = () => new Date(Date.now() + offsetMs);
deployment.platform.clocks = { wall: now, business: now };
const services = await openServices(deployment);
const server = await openServer(deployment, services, { webDirectory: 'none', leavesJobs: true });
const address = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));

process.on('message', async (order: Order) => {
  offsetMs = order.offsetMs;
  const failures: string[] = [];
  if (order.works) {
    for (const job of paymentsJobs) {
      await job
        .run(deployment.context(), {})
        .catch((error: unknown) => failures.push(String(error)));
    }
  }
  report({ done: order.id, failures });
});
process.once('disconnect', () => process.exit(0));
report({ port: Number(address.port) });

function report(message: Report): void {
  process.send?.(message);
}
