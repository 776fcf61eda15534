/** What a call needs past its plan's limit, and what that costs. */
import type { StoredQuota } from '../../catalog/index.ts';
import type { AuthorizeCommand, QuotaState } from './commands.ts';

export interface SoldQuota {
  quota: StoredQuota;
  /** Of one of the meter's unit, in the major unit of the usage currency. */
  price: string;
}

/** The quota of the plan that refused, if more of it is sold. */
export function overageQuota(
  quotas: readonly StoredQuota[],
  { meterId, window, subjectKind }: QuotaState,
): SoldQuota | undefined {
  if (subjectKind !== 'organization') return undefined;
  for (const quota of quotas) {
    const { overage_price: price } = quota;
    if (quota.meter === meterId && quota.window === window && price != null) {
      return { quota, price };
    }
  }
  return undefined;
}

/** What a call uses of a meter at most, in its smallest parts. */
export function demandOf(
  { meters, model, tokens, worstCase }: AuthorizeCommand,
  meterId: string,
): bigint {
  const own = meters.find((meter) => meter.meterId === meterId)?.quantity;
  if (own !== undefined) return own;
  if (model === null) return 0n;
  if (meterId === 'mtr_requests') return 1n;
  if (meterId === 'mtr_tokens') return BigInt(tokens);
  return meterId === 'mtr_cost' ? worstCase : 0n;
}

/** In nano-units, rounded up: what is sold is never less than paid for. */
export function overageCost(missing: bigint, priceNanos: bigint, partsPerUnit: bigint): bigint {
  const exact = missing * priceNanos;
  return (exact + partsPerUnit - 1n) / partsPerUnit;
}
