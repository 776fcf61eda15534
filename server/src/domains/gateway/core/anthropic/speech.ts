/** How Anthropic says no: its SDKs turn these into typed errors. https://platform.claude.com/docs/en/api/errors */
import type { CallRefusal, RefusalKind } from '../call-refusal.ts';
import type { DialectSpeech } from '../dialect.ts';

const types: Record<RefusalKind, string> = {
  authentication: 'authentication_error',
  permission: 'permission_error',
  invalid_request: 'invalid_request_error',
  not_found: 'not_found_error',
  too_large: 'request_too_large',
  rate_limit: 'rate_limit_error',
  quota: 'billing_error',
  server: 'api_error',
  overloaded: 'overloaded_error',
};

const overloadedStatus = 529;

export const anthropicSpeech: DialectSpeech = {
  statusOf: ({ kind, status }) => (kind === 'overloaded' ? overloadedStatus : status),
  errorBody,
  errorEvent: (refusal) => `event: error\ndata: ${errorBody(refusal)}\n\n`,
  keyHeaders: (apiKey) => ({ 'x-api-key': apiKey }),
};

/** A quota that begins anew is a rate to this dialect, whose clients wait for it; `billing_error` says that money is missing. */
function typeOf({ kind, status }: CallRefusal): string {
  return kind === 'quota' && status === 429 ? types.rate_limit : types[kind];
}

function errorBody(refusal: CallRefusal): string {
  const { message, code } = refusal;
  const details = { error_code: code };
  return JSON.stringify({ type: 'error', error: { type: typeOf(refusal), message, details } });
}
