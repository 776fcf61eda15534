/** Rates and concurrency of calls that applications ask for. */
import type { Limit } from '@sluice/contract/limits';
import { Refusal } from '../../platform/errors.ts';
import type { Terms } from '../entitlements/index.ts';
import type { ApplicationAccess } from './application-access.ts';
import type { AccessRequest } from './core/access-request.ts';
import type { RateState } from './rates/rates.ts';
import type { AccessSubject } from './subjects.ts';

interface RateHolders {
  subject: AccessSubject;
  terms: Terms;
  /** Wall time after which a call that said nothing has no place any more. */
  expiresAt: Date;
}

/** Takes a call's place; answers why not where there is none. */
export async function takeRates(
  { platform, rates }: ApplicationAccess,
  request: AccessRequest,
  { subject, terms, expiresAt }: RateHolders,
): Promise<Refusal | undefined> {
  const now = platform.clocks.wall();
  const { refused, retryAfterMs } = await rates.take({
    ...request,
    plan: terms.rates,
    key: subject.key?.rates ?? null,
    leaseMs: expiresAt.getTime() - now.getTime(),
  });
  return refused && refuseRate(refused, { now, retryAfterMs });
}

/** Keeps the place of a call that goes on. */
export async function renewRates(
  { platform, rates }: ApplicationAccess,
  request: AccessRequest,
  expiresAt: Date,
): Promise<void> {
  await rates.renew(request, expiresAt.getTime() - platform.clocks.wall().getTime());
}

function refuseRate(
  state: RateState,
  { now, retryAfterMs }: { now: Date; retryAfterMs: number },
): Refusal {
  const isSlot = state.kind === 'concurrency';
  const what = isSlot ? 'calls in flight' : state.kind.replaceAll('_', ' ');
  const whose = state.subject.kind === 'api_key' ? 'the key' : "the organization's plan";
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new Refusal(
    isSlot ? 'concurrency_exceeded' : 'rate_limited',
    `The limit of ${state.limit} ${what} of ${whose} is reached: try again in ${retryAfterSeconds} s.`,
    { limit: presentRate(state, now), retryAfterSeconds },
  );
}

/** A call in flight is used, not reserved: it counts as one whatever becomes of it. */
function presentRate(state: RateState, now: Date): Limit {
  const { kind, subject, limit, used, remaining, resetMs } = state;
  const isSlot = kind === 'concurrency';
  return {
    kind,
    unit: kind === 'tokens_per_minute' ? 'tokens' : 'count',
    ...(isSlot ? {} : { window: 'minute' as const }),
    subject,
    limit: String(limit),
    used: String(used),
    reserved: '0',
    remaining: String(remaining),
    resets_at: isSlot ? null : new Date(now.getTime() + Math.ceil(resetMs)).toISOString(),
    hard: true,
  };
}
