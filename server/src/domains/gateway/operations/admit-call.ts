import type { IncomingHttpHeaders } from 'node:http';
import { invariant } from '../../../platform/errors.ts';
import { nanosMax } from '../../../platform/money.ts';
import {
  type AuthorizeAnswer,
  authorizeWithOverage,
  type RateDecision,
  refuseAccess,
} from '../../access/index.ts';
import type { ModelPrice } from '../../catalog/index.ts';
import { judgeOrganization, type Key, mayUseFrom } from '../../identity/index.ts';
import { worstCase } from '../../metering/index.ts';
import { type ChatRequest, readChatRequest } from '../core/chat-request.ts';
import {
  malformed,
  modelNotAllowed,
  modelNotFound,
  type OpenAiRefusal,
  quotaRefused,
  rateLimited,
  refusals,
} from '../core/openai-error.ts';
import type { Gateway } from '../gateway.ts';
import { Refused } from '../refused.ts';

/** A call that may run: who pays, at which price, and what was understood of its body. */
export interface Admission {
  requestId: string;
  key: Key;
  price: ModelPrice;
  request: ChatRequest;
  authorizedAt: Date;
  /** It counts against a rate, or has a slot. */
  hasLease: boolean;
}

/**
 * Finds the key that a call is made with.
 * @throws Refused where there is none that may be used now.
 */
export async function findKey(
  gateway: Gateway,
  { headers, ip }: { headers: IncomingHttpHeaders; ip: string },
): Promise<Key> {
  const secret = readSecret(headers);
  if (secret === undefined) throw new Refused(refusals.keyMissing);
  const key = await gateway.keyring.find(secret);
  if (key === undefined || key.status !== 'active') throw new Refused(refusals.keyInvalid);
  if (key.expiresAt !== null && key.expiresAt <= gateway.platform.clocks.business()) {
    throw new Refused(refusals.keyExpired);
  }
  if (!mayUseFrom(key, ip)) throw new Refused(refusals.ipNotAllowed);
  const standing = await judgeOrganization(gateway.platform, key);
  if (!standing.permitted) throw new Refused(refusalOfStanding[standing.code]);
  return key;
}

/** Rates take a usual token; what was used takes its place at the end. */
const bytesPerToken = 4;
const secretLengthMax = 500;

function readSecret(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  const scheme = authorization?.slice(0, 7).toLowerCase();
  const given = scheme === 'bearer ' ? authorization?.slice(7).trim() : headers['x-api-key'];
  return typeof given === 'string' && given !== '' && given.length <= secretLengthMax
    ? given
    : undefined;
}

/** Whether a key may call a model, and its organization's plan includes it. */
export function mayCall(key: Key, model: string, ofPlan: readonly string[] | null): boolean {
  const isOfKey = key.allowedModels === null || key.allowedModels.includes(model);
  return isOfKey && (ofPlan === null || ofPlan.includes(model));
}

/**
 * Decides whether the call may run and holds the most that it can cost.
 * @throws Refused with the reason, in the caller's dialect.
 */
export async function admitCall(
  gateway: Gateway,
  call: { requestId: string; key: Key; body: Buffer; onRates(decision: RateDecision): void },
): Promise<Admission> {
  const { requestId, key, body, onRates } = call;
  const { clocks } = gateway.platform;
  const decision = readChatRequest(body);
  if (!decision.accepted) throw new Refused(decision.refusal);
  const { request } = decision;
  const terms = await gateway.terms.termsOf(key.organizationId);
  if (!mayCall(key, request.model, terms.models)) throw new Refused(modelNotAllowed(request.model));
  const authorizedAt = clocks.business();
  const price = gateway.prices.priceOf(request.model, authorizedAt);
  if (price === undefined) throw new Refused(modelNotFound(request.model));

  const bounds = boundsOf(price, request, body);
  const most = worstCase(price, bounds);
  if (most > nanosMax) throw new Refused(refusals.outOfFunds);
  const tokens = Math.ceil(bounds.inputBytes / bytesPerToken) + bounds.maxOutputTokens * bounds.n;
  const rated = await gateway.rates.take({
    requestId,
    organizationId: key.organizationId,
    apiKeyId: key.apiKeyId,
    plan: terms.rates,
    key: key.rates,
    tokens,
    leaseMs: gateway.limits.holdMs,
  });
  onRates(rated);
  if (rated.refused) throw new Refused(rateLimited(rated.refused, rated.retryAfterMs));
  const hasLease = rated.states.length > 0;
  let isAdmitted = false;
  try {
    const answer = await authorizeWithOverage(gateway, {
      requestId,
      organizationId: key.organizationId,
      apiKeyId: key.apiKeyId,
      userId: key.userId,
      costCenterId: key.costCenterId,
      applicationId: null,
      tokens: bounds.inputBytes + bounds.maxOutputTokens * bounds.n,
      meters: [],
      model: request.model,
      priceId: price.id,
      worstCase: most,
      minimum: terms.onShortFunds === 'cap' ? 1n : most,
      authorizedAt,
      expiresAt: new Date(clocks.wall().getTime() + gateway.limits.holdMs),
      durable: false,
    });
    if (!answer.permitted) throw new Refused(refusalOf(gateway, answer));
    isAdmitted = true;
    return { requestId, key, price, request, authorizedAt, hasLease };
  } finally {
    if (hasLease && !isAdmitted) await gateway.rates.give({ ...key, requestId });
  }
}

/** @throws Refused where nothing bounds the output. */
function boundsOf(price: ModelPrice, request: ChatRequest, body: Buffer) {
  const maxOutputTokens = request.maxOutputTokens ?? price.maxOutputTokens;
  if (maxOutputTokens === null) {
    const message = 'Name max_completion_tokens: the price book knows no maximum of this model.';
    throw new Refused(malformed(message, 'max_completion_tokens', 'missing_required_parameter'));
  }
  return {
    inputBytes: body.length + request.extraInputTokens,
    maxOutputTokens: maxOutputTokens + request.extraOutputTokens,
    n: request.choices,
  };
}

function refusalOf(
  { meters, platform }: Gateway,
  answer: Extract<AuthorizeAnswer, { permitted: false }>,
): OpenAiRefusal {
  if (answer.code === 'insufficient_funds') return refusals.outOfFunds;
  if (answer.code === 'request_closed') return refusals.requestClosed;
  return quotaRefused(
    refuseAccess(answer, {
      meterOf(id) {
        const meter = meters.byId(id);
        invariant(meter, `meter ${id} is in the book`);
        return meter;
      },
      meterIds: answer.code === 'quota_required' ? [answer.meterId] : [],
      now: platform.clocks.business(),
      usageCurrency: platform.config.usageCurrency,
    }),
  );
}

const refusalOfStanding = {
  organization_suspended: refusals.suspended,
  organization_past_due: refusals.pastDue,
  user_suspended: refusals.userSuspended,
};
