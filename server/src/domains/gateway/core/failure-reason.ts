/** Names why an attempt failed, for operators: by what the upstream said or, where it said nothing, by how we failed. */
import type { FailureReason } from '@sluice/contract/gateway';
import type { Rest } from './upstream-verdict.ts';

export interface Failure {
  rest: Rest;
  status: number | undefined;
  error?: Error | undefined;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const tlsTroubles =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

export function failureReason(failure: Failure, hasProxy: boolean): FailureReason {
  const { rest, status, error } = failure;
  if (rest.kind === 'rest') return rest.reason;
  if (status === 404) return 'not_found';
  if (status !== undefined && status >= 500) return 'upstream_error';
  if (status !== undefined) return 'bad_answer';
  return reasonOfError(error, hasProxy);
}

/** Whether we did not even get through to the upstream. */
export function isOfConnection(reason: FailureReason): boolean {
  return reason === 'unreachable' || reason === 'tls' || reason === 'proxy_failed';
}

/** Whether the upstream had the whole call and may have begun to work on it. */
export function isLikelyCharged(
  { status }: { status?: number | undefined },
  reason: FailureReason,
): boolean {
  if (status !== undefined) return status >= 200 && status < 300;
  return reason === 'timeout' || reason === 'broken';
}

/** Through a proxy, the only one we connect to ourselves is the proxy. */
export function reasonOfError(error: unknown, hasProxy: boolean): FailureReason {
  const code = codeOf(error);
  if (timeouts.has(code)) return 'timeout';
  if (hasProxy && isOfProxy(code)) return 'proxy_failed';
  if (unreachable.has(code)) return 'unreachable';
  return tlsTroubles.test(code) ? 'tls' : 'broken';
}

function isOfProxy(code: string): boolean {
  return (
    unreachable.has(code) ||
    code.startsWith('UND_ERR_PRX') ||
    code.startsWith('UND_ERR_SOCKS5') ||
    // What undici says of a proxy that refuses to connect.
    code === 'UND_ERR_ABORTED'
  );
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  if (typeof code === 'string') return code;
  return typeof cause?.code === 'string' ? cause.code : '';
}
