/** Gateway's door: the relay of calls to upstreams, and the channels it uses. */
import type { FastifyInstance } from 'fastify';
import { createAttemptLog } from './attempt-log.ts';
import { registerCallMetrics } from './call-metrics.ts';
import { Calls } from './calls.ts';
import { registerCalls } from './calls-http.ts';
import type { Gateway, GatewayDependencies } from './gateway.ts';
import { startHealthBoard } from './health-board.ts';
import { gatewayLimits } from './limits.ts';
import { createServiceRecord } from './service-record.ts';
import { createTokenCounter } from './token-counter.ts';
import { createUpstream } from './upstream.ts';

export { type Channels, createChannels } from './channels.ts';
export { p95Ms } from './core/latency-steps.ts';
export { availabilityPercent, callsOf, errorPercent, type Levels } from './core/service-levels.ts';
export type { GatewayDependencies } from './gateway.ts';
export { registerChannels } from './http.ts';
export { gatewayJobs } from './jobs.ts';
export { registerChannelMetrics } from './metrics.ts';
export { addDisabledChannel, createChannel } from './operations/create-channel.ts';
export { type ChannelRow, listChannels } from './operations/read-channels.ts';
export { type MeasuredLevels, readServiceLevels } from './operations/read-service-levels.ts';
export { updateChannel } from './operations/update-channel.ts';
export { gatewaySealed } from './sealed.ts';
export { createServiceRecord, type EndedCall } from './service-record.ts';
export { listChannelStandings, listFailedRequests } from './watch-store.ts';

export interface RunningGateway {
  /** Calls in flight in this process. */
  inFlight(): number;
  /** Writes how calls ended now, rather than within seconds. */
  flushService(): Promise<void>;
  /** Refuses new calls, waits for those in flight to be settled, closes the connections to upstreams. */
  close(): Promise<void>;
}

/** Serves `/v1` and `/v1beta`; close it before access and the database. */
export function registerGateway(
  app: FastifyInstance,
  dependencies: GatewayDependencies,
): RunningGateway {
  const limits = { ...gatewayLimits, ...dependencies.limits };
  const { platform, channels, registry } = dependencies;
  const { config } = platform;
  const calls = new Calls(limits);
  const gateway: Gateway = {
    ...dependencies,
    limits,
    calls,
    metrics: registry && registerCallMetrics(registry, () => calls.count),
    upstream: createUpstream({ config, limits }),
    counter: createTokenCounter(),
    attempts: createAttemptLog(platform),
    service: createServiceRecord(platform),
  };
  const board = startHealthBoard(platform, channels);
  registerCalls(app, gateway);
  let closing: Promise<void> | undefined;
  return {
    inFlight: () => gateway.calls.count,
    flushService: () => gateway.service.flush(),
    close() {
      closing ??= closeGateway(gateway).then(() => board.close());
      return closing;
    },
  };
}

async function closeGateway(gateway: Gateway): Promise<void> {
  const { calls, counter, upstream, attempts, service } = gateway;
  await calls.close();
  await Promise.all([counter.close(), upstream.close(), attempts.close(), service.flush()]);
}

export { gatewayChecks } from './checks.ts';
