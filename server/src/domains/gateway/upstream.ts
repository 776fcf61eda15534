/** Sends calls to upstreams: one pool of connections per origin, for as long as the process lives. */
import type { Dispatcher } from 'undici';
import type { Channel } from './channels.ts';
import { joinBaseUrl } from './core/base-url.ts';
import { type DispatcherOptions, openDispatcher } from './upstream-dispatcher.ts';
import { type Target, targetOf } from './upstream-target.ts';

export interface UpstreamCall {
  channel: Channel;
  /** Behind the channel's base URL, with its query. */
  path: string;
  /** Those of the caller's own headers that its vendor knows. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  isStream: boolean;
  requestId: string;
  /** What it is told of the trace. */
  traceparent?: string | undefined;
}

export interface Upstream {
  send(call: UpstreamCall, handler: Dispatcher.DispatchHandler): void;
  close(): Promise<void>;
}

/** Proxies to which connections are kept: each change of one makes another. */
const proxiesMax = 100;

export function createUpstream(options: DispatcherOptions): Upstream {
  const { firstByteTimeoutMs, idleTimeoutMs } = options.limits;
  const straight = openDispatcher(options);
  const proxies = new Map<string, Dispatcher>();
  const dispatcherOf = ({ proxyUrl }: Channel): Dispatcher => {
    if (proxyUrl === undefined) return straight;
    const known = proxies.get(proxyUrl);
    if (known) return known;
    const [oldest] = proxies;
    if (oldest && proxies.size >= proxiesMax) {
      proxies.delete(oldest[0]);
      // It ends what it has in flight.
      void oldest[1].close();
    }
    const opened = openDispatcher(options, proxyUrl);
    proxies.set(proxyUrl, opened);
    return opened;
  };
  const targets = new Map<string, Target>();
  return {
    send({ channel, path, headers, body, isStream, requestId, traceparent }, handler) {
      const target = targetOf(targets, channel);
      dispatcherOf(channel).dispatch(
        {
          origin: target.origin,
          path: joinBaseUrl(target.path, path),
          method: 'POST',
          headers: [
            ...(isStream ? target.streamHeaders : target.headers),
            'x-request-id',
            requestId,
            ...(traceparent === undefined ? [] : ['traceparent', traceparent]),
            ...Object.entries(headers).flat(),
          ],
          body,
          headersTimeout: firstByteTimeoutMs,
          bodyTimeout: idleTimeoutMs,
        },
        handler,
      );
    },
    async close() {
      await Promise.all([straight, ...proxies.values()].map((one) => one.destroy()));
    },
  };
}
