/** Sends calls to upstreams: one pool of connections per origin, for as long as the process lives. */
import { Agent, type Dispatcher } from 'undici';
import type { Config } from '../../platform/config.ts';
import { resolveSandboxUrl } from '../../platform/http/sandbox-proxy.ts';
import { publicLookup } from '../../platform/public-lookup.ts';
import type { Channel } from './channels.ts';
import { isListed } from './core/base-url.ts';
import type { GatewayLimits } from './limits.ts';

export interface UpstreamCall {
  channel: Channel;
  body: Buffer;
  isStream: boolean;
  requestId: string;
}

export interface Upstream {
  send(call: UpstreamCall, handler: Dispatcher.DispatchHandler): void;
  close(): Promise<void>;
}

const connectionsMax = 2048;
const connectTimeoutMs = 10_000;
const keepAliveMs = 30_000;

export interface UpstreamOptions {
  config: Pick<Config, 'mode' | 'privateUpstreams'>;
  limits: Pick<GatewayLimits, 'firstByteTimeoutMs' | 'idleTimeoutMs'>;
}

export function createUpstream({ config, limits }: UpstreamOptions): Upstream {
  const agent = new Agent({
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    headersTimeout: limits.firstByteTimeoutMs,
    bodyTimeout: limits.idleTimeoutMs,
    connect: {
      timeout: connectTimeoutMs,
      ...(config.mode === 'live' ? { lookup: publicLookup((host) => isListed(host, config)) } : {}),
    },
  });
  const targets = new Map<string, Target>();
  return {
    send({ channel, body, isStream, requestId }, handler) {
      const target = targetOf(targets, channel);
      const headers = isStream ? target.streamHeaders : target.headers;
      agent.dispatch(
        {
          origin: target.origin,
          path: target.path,
          method: 'POST',
          headers: [...headers, 'x-request-id', requestId],
          body,
        },
        handler,
      );
    },
    close: () => agent.destroy(),
  };
}

interface Target {
  origin: string;
  path: string;
  headers: string[];
  streamHeaders: string[];
}

/** Targets kept at most: each change of a key or an address makes another. */
const targetsMax = 1000;

function targetOf(targets: Map<string, Target>, channel: Channel): Target {
  const address = resolveSandboxUrl(channel.baseUrl);
  const name = `${address}\n${channel.apiKey}`;
  const known = targets.get(name);
  if (known) return known;
  if (targets.size >= targetsMax) targets.clear();
  const url = new URL(`${address}/chat/completions`);
  // Nothing of the caller's own headers goes upstream; an answer must come uncompressed to be read.
  const headers = [
    'authorization',
    `Bearer ${channel.apiKey}`,
    'content-type',
    'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    'sluice',
    'accept',
  ];
  const target = {
    origin: url.origin,
    path: url.pathname,
    headers: [...headers, 'application/json'],
    streamHeaders: [...headers, 'text/event-stream'],
  };
  targets.set(name, target);
  return target;
}
