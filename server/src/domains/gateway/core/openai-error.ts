/** Refusals in OpenAI's shape and status: its SDKs turn them into typed errors. */

export interface OpenAiRefusal {
  status: number;
  code: string;
  type: string;
  message: string;
  param?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** The body of an error answer. https://platform.openai.com/docs/guides/error-codes */
export function errorBody(refusal: OpenAiRefusal): string {
  const { message, type, param = null, code } = refusal;
  return JSON.stringify({ error: { message, type, param, code } });
}

export function malformed(message: string, param?: string, code = 'invalid_value'): OpenAiRefusal {
  return { status: 400, code, type: 'invalid_request_error', message, param };
}

export const refusals = {
  keyMissing: {
    status: 401,
    code: 'invalid_api_key',
    type: 'invalid_request_error',
    message: 'Send your API key as "Authorization: Bearer sk-…".',
  },
  keyInvalid: {
    status: 401,
    code: 'invalid_api_key',
    type: 'invalid_request_error',
    message: 'This API key is not valid: check it, or create a new one.',
  },
  keyExpired: {
    status: 401,
    code: 'invalid_api_key',
    type: 'invalid_request_error',
    message: 'This API key has expired: create a new one.',
  },
  suspended: {
    status: 403,
    code: 'organization_suspended',
    type: 'invalid_request_error',
    message: 'The organization of this API key is suspended: ask the operator to lift it.',
  },
  userSuspended: {
    status: 403,
    code: 'user_suspended',
    type: 'invalid_request_error',
    message: 'Whoever made this API key is suspended: use a key that somebody else made.',
  },
  pastDue: {
    status: 402,
    code: 'organization_past_due',
    type: 'insufficient_quota',
    message: 'The organization of this API key has not paid in time: pay its open invoices.',
  },
  ipNotAllowed: {
    status: 403,
    code: 'ip_not_allowed',
    type: 'invalid_request_error',
    message: 'This API key may not be used from this address.',
  },
  outOfFunds: {
    status: 402,
    code: 'insufficient_quota',
    type: 'insufficient_quota',
    message:
      'The funds left do not cover what this call may cost: top up, buy a package, or lower max_tokens.',
  },
  requestClosed: {
    status: 409,
    code: 'request_closed',
    type: 'invalid_request_error',
    message: 'This request was answered already: send it again as a new one.',
  },
  bodyTooLarge: {
    status: 413,
    code: 'body_too_large',
    type: 'invalid_request_error',
    message: 'The body is too large: send less at once.',
  },
  bodyBroken: malformed(
    'The body is no valid JSON object: check it and send it again.',
    undefined,
    'invalid_json',
  ),
  modelMissing: malformed('Name the model to call.', 'model', 'missing_required_parameter'),
  noChannel: {
    status: 503,
    code: 'no_channel',
    type: 'server_error',
    message: 'No upstream can take this call just now: try again in a moment.',
    retryAfterSeconds: 1,
  },
  upstreamBusy: {
    status: 429,
    code: 'rate_limit_exceeded',
    type: 'rate_limit_error',
    message: 'The upstream is busy: slow down and try again.',
    retryAfterSeconds: 1,
  },
  upstreamFailed: {
    status: 502,
    code: 'upstream_failed',
    type: 'server_error',
    message: 'The upstream failed to answer; nothing was charged. Try again.',
  },
  upstreamRefused: {
    status: 400,
    code: 'upstream_refused',
    type: 'invalid_request_error',
    message: 'The upstream refused this request: check its fields.',
  },
  upstreamBroke: {
    status: 502,
    code: 'upstream_failed',
    type: 'server_error',
    message: 'The upstream broke off: what was delivered is charged, the rest is not.',
  },
  overloaded: {
    status: 503,
    code: 'overloaded',
    type: 'server_error',
    message: 'Too many calls are in flight here: try again in a moment.',
    retryAfterSeconds: 1,
  },
  closing: {
    status: 503,
    code: 'closing',
    type: 'server_error',
    message: 'This server is about to stop: try again.',
    retryAfterSeconds: 1,
  },
  unavailable: {
    status: 503,
    code: 'unavailable',
    type: 'server_error',
    message: 'Calls cannot be paid for just now: try again shortly.',
    retryAfterSeconds: 1,
  },
  internal: {
    status: 500,
    code: 'internal_error',
    type: 'server_error',
    message: 'Something went wrong here: try again, or report the request id.',
  },
} as const satisfies Record<string, OpenAiRefusal>;

export function modelNotFound(model: string): OpenAiRefusal {
  return {
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
    message: `The model "${model.slice(0, 200)}" is not offered here: GET /v1/models lists what is.`,
    param: 'model',
  };
}

export function modelNotAllowed(model: string): OpenAiRefusal {
  return {
    status: 403,
    code: 'model_not_found',
    type: 'invalid_request_error',
    message: `This API key may not call "${model.slice(0, 200)}": use another model or key.`,
    param: 'model',
  };
}

export function unknownPath(method: string, path: string): OpenAiRefusal {
  return {
    status: 404,
    code: 'unknown_url',
    type: 'invalid_request_error',
    message: `There is no ${method} ${path.slice(0, 200)} here.`,
  };
}

/** A day: whoever comes back then finds out whether the limit was raised. */
const retryAfterSecondsMax = 86_400;

/** The refusal of a quota or spend cap, with access's own words. */
export function quotaRefused(refusal: {
  status: number;
  code: string;
  message: string;
  retryAfterSeconds: number | undefined;
}): OpenAiRefusal {
  const { status, code, message, retryAfterSeconds } = refusal;
  return {
    ...{ status, code, message, type: 'insufficient_quota' },
    retryAfterSeconds: retryAfterSeconds && Math.min(retryAfterSeconds, retryAfterSecondsMax),
  };
}

export function rateLimited(
  refused: { kind: string; limit: number; subject: { kind: string } },
  retryAfterMs: number,
): OpenAiRefusal {
  const whose = refused.subject.kind === 'api_key' ? 'this API key' : 'the organization';
  const isSlot = refused.kind === 'concurrency';
  const what = isSlot ? 'calls in flight' : refused.kind.replaceAll('_', ' ');
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    status: 429,
    code: isSlot ? 'concurrency_exceeded' : 'rate_limit_exceeded',
    type: refused.kind.startsWith('tokens') ? 'tokens' : 'requests',
    message: `The limit of ${refused.limit} ${what} of ${whose} is reached: try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  };
}
