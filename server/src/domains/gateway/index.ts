/** Gateway's door: the relay of calls to upstreams, and the channels it uses. */
import type { FastifyInstance } from 'fastify';
import { Calls } from './calls.ts';
import type { Gateway, GatewayDependencies } from './gateway.ts';
import { gatewayLimits } from './limits.ts';
import { registerOpenAi } from './openai-http.ts';
import { createTokenCounter } from './token-counter.ts';
import { createUpstream } from './upstream.ts';

export { type Channels, createChannels } from './channels.ts';
export type { GatewayDependencies } from './gateway.ts';
export { registerChannels } from './http.ts';
export { createChannel } from './operations/create-channel.ts';
export { type ChannelRow, listChannels } from './operations/read-channels.ts';
export { updateChannel } from './operations/update-channel.ts';

export interface RunningGateway {
  /** Calls in flight in this process. */
  inFlight(): number;
  /** Refuses new calls, waits for those in flight to be settled, closes the connections to upstreams. */
  close(): Promise<void>;
}

/** Serves `/v1`; close it before access and the database. */
export function registerGateway(
  app: FastifyInstance,
  dependencies: GatewayDependencies,
): RunningGateway {
  const limits = { ...gatewayLimits, ...dependencies.limits };
  const { config } = dependencies.platform;
  const gateway: Gateway = {
    ...dependencies,
    limits,
    calls: new Calls(limits),
    upstream: createUpstream({ config, limits }),
    counter: createTokenCounter(),
  };
  registerOpenAi(app, gateway);
  let closing: Promise<void> | undefined;
  return {
    inFlight: () => gateway.calls.count,
    close() {
      closing ??= closeGateway(gateway);
      return closing;
    },
  };
}

async function closeGateway({ calls, counter, upstream }: Gateway): Promise<void> {
  await calls.close();
  await Promise.all([counter.close(), upstream.close()]);
}
