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
import { type OnAbort, worstCase } from '../../metering/index.ts';
import type { CallRefusal } from '../core/call-refusal.ts';
import { findConversion } from '../core/conversion/index.ts';
import type { CallAddress, CallRequest, Surface } from '../core/dialect.ts';
import {
  malformed,
  modelNotAllowed,
  modelNotFound,
  quotaRefused,
  rateLimited,
  refusals,
  unpriced,
} from '../core/refusals.ts';
import { dialects } from '../core/surfaces.ts';
import type { Gateway } from '../gateway.ts';
import { Refused } from '../refused.ts';

/** A call that may run: who pays, at which price, and what was understood of its body. */
export interface Admission {
  requestId: string;
  key: Key;
  price: ModelPrice;
  /** What the price is multiplied by for this organization. */
  multiplierMillionths: bigint;
  surface: Surface;
  request: CallRequest;
  /** Input beyond the bytes of the body that is held for. */
  extraInputTokens: number;
  authorizedAt: Date;
  /** What it costs where its caller leaves. */
  onAbort: OnAbort;
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

/** In the header of OpenAI, of Anthropic or of Google; whatever the dialect of the call is. */
function readSecret(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  const scheme = authorization?.slice(0, 7).toLowerCase();
  const given =
    scheme === 'bearer '
      ? authorization?.slice(7).trim()
      : (headers['x-api-key'] ?? headers['x-goog-api-key']);
  return typeof given === 'string' && given !== '' && given.length <= secretLengthMax
    ? given
    : undefined;
}

/** Whether a key may call a model, and its organization's plan includes it; either may name its group instead. */
export function mayCall(
  { prices, platform }: Gateway,
  { key, ofPlan }: { key: Key; ofPlan: readonly string[] | null },
  model: string,
): boolean {
  const at = platform.clocks.business();
  const isNamedBy = (list: readonly string[] | null) =>
    list === null || prices.groups.names(list, model, at);
  return isNamedBy(key.allowedModels) && isNamedBy(ofPlan);
}

/**
 * Decides whether the call may run and holds the most that it can cost.
 * @throws Refused with the reason.
 */
export async function admitCall(gateway: Gateway, call: AdmittedCall): Promise<Admission> {
  const { requestId, key, surface, body, address } = call;
  const { clocks } = gateway.platform;
  const decision = surface.readRequest(body, address);
  if (!decision.accepted) throw new Refused(decision.refusal);
  const { request } = decision;
  const terms = await gateway.terms.termsOf(key.organizationId);
  if (!mayCall(gateway, { key, ofPlan: terms.models }, request.model)) {
    throw new Refused(modelNotAllowed(request.model));
  }
  const authorizedAt = clocks.business();
  const price = gateway.prices.priceOf(request.model, authorizedAt);
  if (price === undefined) throw new Refused(modelNotFound(request.model));
  call.onModel(request.model);
  refuseUnpriced(price, request);
  const { groups } = gateway.prices;
  const multiplierMillionths = groups.multiplierFor(
    key.organizationId,
    request.model,
    authorizedAt,
  );
  const extraInputTokens = extraInputOf(gateway, price, { surface, body, request });
  const bounds = surface.isBilled
    ? { ...boundsOf(price, call, { ...request, extraInputTokens }), multiplierMillionths }
    : freeBounds;
  const most = surface.isBilled ? worstCase(price, bounds) : 0n;
  if (most > nanosMax) throw new Refused(refusals.outOfFunds);
  const hasLease = await takeRates(gateway, call, { plan: terms.rates, bounds });
  const admission: Admission = {
    ...{ requestId, key, price, multiplierMillionths, surface, request, authorizedAt, hasLease },
    onAbort: terms.onAbort,
    extraInputTokens,
  };
  if (!surface.isBilled) return admission;
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
    return admission;
  } finally {
    if (hasLease && !isAdmitted) await gateway.rates.give({ ...key, requestId });
  }
}

interface AdmittedCall {
  requestId: string;
  key: Key;
  surface: Surface;
  body: Buffer;
  address: CallAddress;
  onRates(decision: RateDecision): void;
  /** The model is known, and has a price. */
  onModel(model: string): void;
}

type Bounds = Parameters<typeof worstCase>[1];

const freeBounds: Bounds = { inputBytes: 0, maxOutputTokens: 0, n: 1 };

/**
 * Takes the call's place in the rates of its key and plan; answers whether there are any.
 * @throws Refused where one of them is reached.
 */
async function takeRates(
  gateway: Gateway,
  { requestId, key, onRates }: AdmittedCall,
  { plan, bounds }: { plan: Parameters<Gateway['rates']['take']>[0]['plan']; bounds: Bounds },
): Promise<boolean> {
  const tokens = Math.ceil(bounds.inputBytes / bytesPerToken) + bounds.maxOutputTokens * bounds.n;
  const rated = await gateway.rates.take({
    requestId,
    organizationId: key.organizationId,
    apiKeyId: key.apiKeyId,
    plan,
    key: key.rates,
    tokens,
    leaseMs: gateway.limits.holdMs,
  });
  onRates(rated);
  if (rated.refused) throw new Refused(rateLimited(rated.refused, rated.retryAfterMs));
  return rated.states.length > 0;
}

/**
 * Input that the bytes do not bound. Where the model is reached in another dialect only, it is what that one counts: an image
 * may cost ten times as much there.
 */
function extraInputOf(
  { channels }: Gateway,
  price: ModelPrice,
  { surface, body, request }: { surface: Surface; body: Buffer; request: CallRequest },
): number {
  const { model } = request;
  let most = request.extraInputTokens;
  if (!surface.isBilled || channels.serves(model, surface.dialect)) return most;
  for (const dialect of dialects) {
    const conversion = channels.serves(model, dialect) && findConversion(surface, dialect);
    if (!conversion) continue;
    const limit = price.maxOutputTokens ?? undefined;
    const converted = conversion.convertRequest(body, request, model, limit);
    if (converted.accepted) most = Math.max(most, converted.extraInputTokens);
  }
  return most;
}

/** @throws Refused where nothing bounds the output. */
function boundsOf(
  price: ModelPrice,
  { surface, body }: AdmittedCall,
  request: CallRequest,
): Bounds {
  const maxOutputTokens = request.maxOutputTokens ?? price.maxOutputTokens;
  if (maxOutputTokens === null) {
    const field = surface.limitField ?? 'the most output';
    const message = `Name ${field}: the price book knows no maximum of this model.`;
    throw new Refused(malformed(message, surface.limitField, 'missing_required_parameter'));
  }
  return {
    inputBytes: body.length + request.extraInputTokens,
    maxOutputTokens: maxOutputTokens + request.extraOutputTokens,
    n: request.choices,
    uses: request.uses,
    serviceTier: request.serviceTier,
  };
}

/** @throws Refused where the price book has no price of what the call asks for. */
function refuseUnpriced(price: ModelPrice, request: CallRequest): void {
  const { serviceTier, uses } = request;
  if (serviceTier && price.serviceTiers[serviceTier] === undefined) {
    throw new Refused(unpriced(`calls of this model served as "${serviceTier}"`, 'service_tier'));
  }
  if (uses.search && price.prices.search === undefined) {
    throw new Refused(unpriced('web searches of this model', 'tools'));
  }
}

function refusalOf(
  { meters, platform }: Gateway,
  answer: Extract<AuthorizeAnswer, { permitted: false }>,
): CallRefusal {
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
