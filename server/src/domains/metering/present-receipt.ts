import type { Receipt } from '@sluice/contract/metering';
import type { z } from 'zod';
import { formatMoney } from '../../platform/money.ts';
import { formatQuantity } from '../../platform/quantity.ts';
import { type ModelPrice, presentPrices } from '../catalog/index.ts';
import { rate, tableFor } from './core/rating.ts';
import type { Usage } from './core/usage.ts';
import type { ReceiptRecord } from './operations/read-receipts.ts';

/** A receipt in the contract's words. */
export function presentReceipt({ usage, price, meters }: ReceiptRecord): z.output<typeof Receipt> {
  const counts: Usage = {
    inputTokens: Number(usage.input_tokens),
    cachedInputTokens: Number(usage.cached_input_tokens),
    cacheWriteTokens: Number(usage.cache_write_tokens),
    outputTokens: Number(usage.output_tokens),
    reasoningTokens: Number(usage.reasoning_tokens),
    estimated: usage.estimated,
  };
  const wire = (amount: bigint) => formatMoney({ amount, currency: usage.currency });
  return {
    request_id: usage.request_id,
    model: usage.model,
    api_key: usage.api_key_id,
    application: usage.application_id,
    user: usage.user_id,
    cost_center: usage.cost_center_id,
    tags: usage.tags,
    meters: Object.fromEntries(
      meters.map(({ meter, quantity }) => [meter.reference, formatQuantity(quantity, meter.unit)]),
    ),
    usage: {
      input_tokens: counts.inputTokens,
      cached_input_tokens: counts.cachedInputTokens,
      cache_write_tokens: counts.cacheWriteTokens,
      output_tokens: counts.outputTokens,
      reasoning_tokens: counts.reasoningTokens,
      estimated: counts.estimated,
    },
    ...presentRating(price, counts),
    amount: wire(usage.amount),
    currency: usage.currency,
    paid_by: usage.bucket_ids.map((id, index) => ({
      kind: kindOf(id),
      id,
      amount: wire(usage.amounts[index] ?? 0n),
    })),
    shortfall: wire(usage.shortfall),
    late: usage.late,
    outcome: usage.outcome,
    started_at: usage.authorized_at.toISOString(),
    settled_at: usage.settled_at.toISOString(),
    latency_ms: usage.latency_ms,
    first_token_ms: usage.first_token_ms,
  };
}

function presentRating(price: ModelPrice | null, counts: Usage) {
  if (price === null) return { prices: null, price_effective_from: null, formula: null };
  return {
    prices: presentPrices(tableFor(price, counts.inputTokens).prices),
    price_effective_from: price.effectiveFrom.toISOString(),
    formula: rate(price, counts).formula,
  };
}

/** A bucket's id says what it is. */
function kindOf(bucketId: string): 'allowance' | 'grant' | 'wallet' {
  if (bucketId.startsWith('alw_')) return 'allowance';
  return bucketId.startsWith('grt_') ? 'grant' : 'wallet';
}
