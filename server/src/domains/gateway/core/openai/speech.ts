/** Errors in OpenAI's shape: its SDKs turn them into typed ones. https://platform.openai.com/docs/guides/error-codes */
import type { CallRefusal, RefusalKind } from '../call-refusal.ts';
import type { DialectSpeech } from '../dialect.ts';

const types: Record<RefusalKind, string> = {
  authentication: 'invalid_request_error',
  permission: 'invalid_request_error',
  invalid_request: 'invalid_request_error',
  not_found: 'invalid_request_error',
  too_large: 'invalid_request_error',
  rate_limit: 'rate_limit_error',
  quota: 'insufficient_quota',
  server: 'server_error',
  overloaded: 'server_error',
};

function errorBody(refusal: CallRefusal): string {
  const { message, kind, rate, param = null, code } = refusal;
  return JSON.stringify({ error: { message, type: rate ?? types[kind], param, code } });
}

export const openaiSpeech: DialectSpeech = {
  statusOf: ({ status }) => status,
  errorBody,
  errorEvent: (refusal) => `data: ${errorBody(refusal)}\n\n`,
  keyHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
};
