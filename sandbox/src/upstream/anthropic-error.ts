/** Errors in Anthropic's words. Pure. */
import type { DialectVoice } from './delivery.ts';

export interface ErrorWords {
  type: string;
  message: string;
}

export function errorBody({ type, message }: ErrorWords, id: string): string {
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: id });
}

const internal: ErrorWords = { type: 'api_error', message: 'Internal server error' };
const overloaded: ErrorWords = { type: 'overloaded_error', message: 'Overloaded' };

const wordsByStatus: Record<number, ErrorWords> = {
  400: { type: 'invalid_request_error', message: 'Your request is not valid.' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: { type: 'billing_error', message: 'Your credit balance is too low to access the API.' },
  403: { type: 'permission_error', message: 'Your API key may not use this resource.' },
  404: { type: 'not_found_error', message: 'Not Found' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: {
    type: 'rate_limit_error',
    message: 'This request would exceed your account’s rate limit. Please try again later.',
  },
  504: { type: 'timeout_error', message: 'Request timed out.' },
  529: overloaded,
};

/** A code takes the place of the type, which is all the code that there is. */
function bent(words: ErrorWords, code: string | undefined): ErrorWords {
  return code === undefined ? words : { ...words, type: code };
}

export const anthropicVoice: DialectVoice = {
  idHeader: 'request-id',
  errorJson: (status, code, id) => errorBody(bent(wordsByStatus[status] ?? internal, code), id),
  errorEvent: (code, id) => `event: error\ndata: ${errorBody(bent(overloaded, code), id)}\n\n`,
};
