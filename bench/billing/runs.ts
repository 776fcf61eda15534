/** A billing run over all that is due, as the job does it every minute, in a process that does nothing else. */
import { subscriptionsJobs } from '../../server/src/domains/subscriptions/index.ts';
import { openDeployment, openServer, openServices } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { announcePart } from '../gateway/process.ts';
import { makeSubscribers } from './subscribers.ts';

export interface Question {
  /** Makes so many subscriptions; left out, it bills those that are due. */
  subscriptions?: number;
}

export interface Ran {
  seconds: number;
}

const config = readConfig(process.env);
const url = config.databaseUrl ?? '';
const deployment = await openDeployment(config, url, createLog('warn'));
const services = await openServices(deployment);
const options = { webDirectory: 'none', leavesJobs: true };
const { app } = await openServer(deployment, services, options);
const job = subscriptionsJobs.find(({ name }) => name === 'subscriptions.run_billing');

announcePart(0, async ({ subscriptions }: Question): Promise<Ran> => {
  const startedMs = performance.now();
  if (subscriptions !== undefined) {
    await makeSubscribers(deployment, { app, url, count: subscriptions });
  } else {
    await job?.run(deployment.context(), {});
  }
  return { seconds: (performance.now() - startedMs) / 1000 };
});
