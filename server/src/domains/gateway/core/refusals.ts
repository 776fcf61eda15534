/** Every no of the relay, before it is said in any dialect. */
import type { CallRefusal } from './call-refusal.ts';

export function malformed(message: string, param?: string, code = 'invalid_value'): CallRefusal {
  return { status: 400, code, kind: 'invalid_request', message, param };
}

export function unpriced(what: string, param: string): CallRefusal {
  return malformed(`There is no price here for ${what}.`, param, 'unsupported_parameter');
}

export const refusals = {
  keyMissing: {
    status: 401,
    code: 'invalid_api_key',
    kind: 'authentication',
    message: 'Send your API key as "Authorization: Bearer sk-…".',
  },
  keyInAddress: {
    status: 401,
    code: 'key_in_address',
    kind: 'authentication',
    message: 'Send the key as "x-goog-api-key": in an address it would stand in logs.',
  },
  streamIsList: malformed(
    'Add "alt=sse" to the address: a stream comes as events, not as a list.',
    'alt',
    'unsupported_parameter',
  ),
  keyInvalid: {
    status: 401,
    code: 'invalid_api_key',
    kind: 'authentication',
    message: 'This API key is not valid: check it, or create a new one.',
  },
  keyExpired: {
    status: 401,
    code: 'invalid_api_key',
    kind: 'authentication',
    message: 'This API key has expired: create a new one.',
  },
  suspended: {
    status: 403,
    code: 'organization_suspended',
    kind: 'permission',
    message: 'The organization of this API key is suspended: ask the operator to lift it.',
  },
  userSuspended: {
    status: 403,
    code: 'user_suspended',
    kind: 'permission',
    message: 'Whoever made this API key is suspended: use a key that somebody else made.',
  },
  pastDue: {
    status: 402,
    code: 'organization_past_due',
    kind: 'quota',
    message: 'The organization of this API key has not paid in time: pay its open invoices.',
  },
  ipNotAllowed: {
    status: 403,
    code: 'ip_not_allowed',
    kind: 'permission',
    message: 'This API key may not be used from this address.',
  },
  outOfFunds: {
    status: 402,
    code: 'insufficient_quota',
    kind: 'quota',
    message:
      'The funds left do not cover what this call may cost: top up, buy a package, or lower max_tokens.',
  },
  requestClosed: {
    status: 409,
    code: 'request_closed',
    kind: 'invalid_request',
    message: 'This request was answered already: send it again as a new one.',
  },
  bodyTooLarge: {
    status: 413,
    code: 'body_too_large',
    kind: 'too_large',
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
    kind: 'overloaded',
    message: 'No upstream can take this call just now: try again in a moment.',
    retryAfterSeconds: 1,
  },
  upstreamBusy: {
    status: 429,
    code: 'rate_limit_exceeded',
    kind: 'rate_limit',
    message: 'The upstream is busy: slow down and try again.',
    retryAfterSeconds: 1,
  },
  upstreamOverloaded: {
    status: 503,
    code: 'upstream_overloaded',
    kind: 'overloaded',
    message: 'The upstream is overloaded; nothing was charged. Try again in a moment.',
    retryAfterSeconds: 1,
  },
  upstreamFailed: {
    status: 502,
    code: 'upstream_failed',
    kind: 'server',
    message: 'The upstream failed to answer; nothing was charged. Try again.',
  },
  upstreamRefused: {
    status: 400,
    code: 'upstream_refused',
    kind: 'invalid_request',
    message: 'The upstream refused this request: check its fields.',
  },
  upstreamBroke: {
    status: 502,
    code: 'upstream_failed',
    kind: 'server',
    message: 'The upstream broke off: what was delivered is charged, the rest is not.',
  },
  overloaded: {
    status: 503,
    code: 'overloaded',
    kind: 'overloaded',
    message: 'Too many calls are in flight here: try again in a moment.',
    retryAfterSeconds: 1,
  },
  closing: {
    status: 503,
    code: 'closing',
    kind: 'overloaded',
    message: 'This server is about to stop: try again.',
    retryAfterSeconds: 1,
  },
  unavailable: {
    status: 503,
    code: 'unavailable',
    kind: 'overloaded',
    message: 'Calls cannot be paid for just now: try again shortly.',
    retryAfterSeconds: 1,
  },
  internal: {
    status: 500,
    code: 'internal_error',
    kind: 'server',
    message: 'Something went wrong here: try again, or report the request id.',
  },
} as const satisfies Record<string, CallRefusal>;

export function modelNotFound(model: string): CallRefusal {
  return {
    status: 404,
    code: 'model_not_found',
    kind: 'not_found',
    message: `The model "${model.slice(0, 200)}" is not offered here: GET /v1/models lists what is.`,
    param: 'model',
  };
}

export function notConverted(model: string): CallRefusal {
  return {
    status: 400,
    code: 'unsupported_address',
    kind: 'invalid_request',
    message: `"${model.slice(0, 200)}" is reached in another vendor's dialect, to which calls of this address are not converted: ask for a chat completion instead.`,
    param: 'model',
  };
}

export function modelNotAllowed(model: string): CallRefusal {
  return {
    status: 403,
    code: 'model_not_found',
    kind: 'permission',
    message: `This API key may not call "${model.slice(0, 200)}": use another model or key.`,
    param: 'model',
  };
}

export function unknownPath(method: string, path: string): CallRefusal {
  return {
    status: 404,
    code: 'unknown_url',
    kind: 'not_found',
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
}): CallRefusal {
  const { status, code, message, retryAfterSeconds } = refusal;
  return {
    ...{ status, code, message, kind: 'quota' },
    retryAfterSeconds: retryAfterSeconds && Math.min(retryAfterSeconds, retryAfterSecondsMax),
  };
}

export function rateLimited(
  refused: { kind: string; limit: number; subject: { kind: string } },
  retryAfterMs: number,
): CallRefusal {
  const whose = refused.subject.kind === 'api_key' ? 'this API key' : 'the organization';
  const isSlot = refused.kind === 'concurrency';
  const what = isSlot ? 'calls in flight' : refused.kind.replaceAll('_', ' ');
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    status: 429,
    code: isSlot ? 'concurrency_exceeded' : 'rate_limit_exceeded',
    kind: 'rate_limit',
    rate: refused.kind.startsWith('tokens') ? 'tokens' : 'requests',
    message: `The limit of ${refused.limit} ${what} of ${whose} is reached: try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  };
}
