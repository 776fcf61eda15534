/** Connections to upstreams: straight, or through a channel's proxy. */
import { Agent, buildConnector, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { Config } from '../../platform/config.ts';
import { publicLookup } from '../../platform/public-lookup.ts';
import { isListed } from './core/base-url.ts';
import type { GatewayLimits } from './limits.ts';

export interface DispatcherOptions {
  config: Pick<Config, 'mode' | 'privateUpstreams'>;
  limits: Pick<GatewayLimits, 'firstByteTimeoutMs' | 'idleTimeoutMs'>;
}

const connectionsMax = 2048;
const connectTimeoutMs = 10_000;
const keepAliveMs = 30_000;

/**
 * In live mode no name is followed into a private network, be it an upstream's or a proxy's. Names of upstreams behind a
 * proxy are resolved by the proxy: what it can reach is for those to say who run it.
 */
export function openDispatcher(
  { config, limits }: DispatcherOptions,
  proxyUrl?: string | undefined,
): Dispatcher {
  const connect = {
    timeout: connectTimeoutMs,
    ...(config.mode === 'live' ? { lookup: publicLookup((host) => isListed(host, config)) } : {}),
  };
  const pool = {
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    headersTimeout: limits.firstByteTimeoutMs,
    bodyTimeout: limits.idleTimeoutMs,
  };
  if (proxyUrl === undefined) return new Agent({ ...pool, connect });
  const requestTls = { timeout: connectTimeoutMs };
  return proxyUrl.startsWith('socks5:')
    ? new Socks5ProxyAgent(proxyUrl, { ...pool, requestTls, connect: buildConnector(connect) })
    : new ProxyAgent({ uri: proxyUrl, ...pool, requestTls, proxyTls: connect });
}
