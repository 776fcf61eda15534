/** What the stored functions answer to an authorize, read. */
import { invariant } from '../../../platform/errors.ts';
import type { AuthorizeAnswer, QuotaState } from './commands.ts';

export function toAnswer(
  code: string | null,
  amount: bigint,
  { quotas: [quota], requiredMeterId }: Limits,
): AuthorizeAnswer {
  if (code === null) return { permitted: true, held: amount };
  if (code === 'request_closed') return { permitted: false, code };
  if (code === 'quota_required') {
    invariant(requiredMeterId, 'the meter that requires a quota is named');
    return { permitted: false, code, meterId: requiredMeterId, quota: null };
  }
  if (code === 'quota_exceeded' || code === 'spend_cap_exceeded') {
    invariant(quota, 'a quota that refuses is named');
    return { permitted: false, code, quota };
  }
  return { permitted: false, code: 'insufficient_funds', available: amount };
}

/** What is told of a call's limits: where it was refused, the first is the one that did. */
interface Limits {
  quotas: QuotaState[];
  /** The meter that may not be used without a quota. */
  requiredMeterId?: string;
}

export const noLimits: Limits = { quotas: [] };

type StoredState = Omit<QuotaState, 'limit' | 'used' | 'reserved' | 'resetsAt'> & {
  limit: string | null;
  used: string;
  reserved: string;
  resetsAt: number | null;
};

/** The limits of each call, by its position from 1. */
export function readLimits(text: string | null): Map<number, Limits> {
  const limits = new Map<number, Limits>();
  if (text === null) return limits;
  for (const { call, ...stored } of JSON.parse(text) as ({ call: number } & (
    | StoredState
    | { requiredMeterId: string }
  ))[]) {
    const ofCall = limits.get(call) ?? { quotas: [] };
    limits.set(call, ofCall);
    if ('requiredMeterId' in stored) ofCall.requiredMeterId = stored.requiredMeterId;
    else ofCall.quotas.push(readState(stored));
  }
  return limits;
}

function readState(stored: StoredState): QuotaState {
  return {
    ...stored,
    limit: stored.limit === null ? null : BigInt(stored.limit),
    used: BigInt(stored.used),
    reserved: BigInt(stored.reserved),
    resetsAt: stored.resetsAt === null ? null : new Date(stored.resetsAt),
  };
}
