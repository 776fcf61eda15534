import type { Receipt } from '@sluice/contract/receipts';
import type { z } from 'zod';
import { formatMoney } from '../../platform/money.ts';
import { formatMultiplier } from '../../platform/multiplier.ts';
import { formatQuantity } from '../../platform/quantity.ts';
import { type ModelPrice, presentPrices } from '../catalog/index.ts';
import { type KeptDetails, readDetails } from './core/call-details.ts';
import { rate, tableFor } from './core/rating.ts';
import { rerate } from './core/rerating.ts';
import type { Usage } from './core/usage.ts';
import { type PastCall, toPastCall } from './operations/each-call.ts';
import type { ReceiptRecord } from './operations/read-receipts.ts';
import type { ReratingRow } from './reratings-store.ts';

/** A receipt in the contract's words. */
export function presentReceipt({
  usage,
  price,
  meters,
  rerating,
}: ReceiptRecord): z.output<typeof Receipt> {
  const call = toPastCall(usage);
  const details = readDetails(usage.details);
  const counts: Usage = {
    inputTokens: Number(usage.input_tokens),
    cachedInputTokens: Number(usage.cached_input_tokens),
    cacheWriteTokens: Number(usage.cache_write_tokens),
    outputTokens: Number(usage.output_tokens),
    reasoningTokens: Number(usage.reasoning_tokens),
    estimated: usage.estimated,
    ...details.parts,
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
    usage: presentUsage(counts),
    ...presentRating(price, counts, details.multiplierMillionths),
    on_abort: presentAbort(details),
    amount: wire(usage.amount),
    currency: usage.currency,
    paid_by: usage.bucket_ids.map((id, index) => ({
      kind: kindOf(id),
      id,
      amount: wire(usage.amounts[index] ?? 0n),
    })),
    shortfall: wire(usage.shortfall),
    ...(rerating && call && { rerated: presentRerating(rerating, call) }),
    late: usage.late,
    outcome: usage.outcome,
    started_at: usage.authorized_at.toISOString(),
    settled_at: usage.settled_at.toISOString(),
    latency_ms: usage.latency_ms,
    first_token_ms: usage.first_token_ms,
  };
}

/** The bill stands as it was; this is what has become of it. */
function presentRerating(
  { id, terms, createdAt }: ReratingRow,
  call: PastCall,
): z.output<typeof Receipt>['rerated'] {
  const { currency, details } = call;
  const { multiplierMillionths } = details;
  const figures = rerate({ ...call, multiplierMillionths }, { currency, ...terms });
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    ...{ id, amount: wire(figures.rerated), given_back: wire(figures.givenBack) },
    at: createdAt.toISOString(),
  };
}

/** The same with what only operators may see: what the call cost them, and who served it. */
export function presentToOperator(record: ReceiptRecord) {
  const { usage } = record;
  const { costNanos, attempts, surface, upstreamModel } = readDetails(usage.details);
  const wire = (amount: bigint) => formatMoney({ amount, currency: usage.currency });
  return {
    ...presentReceipt(record),
    organization: usage.organization_id,
    channel: usage.channel_id,
    cost: costNanos === undefined ? null : wire(costNanos),
    margin: costNanos === undefined ? null : wire(usage.amount - costNanos),
    attempts,
    surface: surface ?? null,
    upstream_model: upstreamModel ?? null,
  };
}

function presentUsage(counts: Usage) {
  const part = (name: string, count: number | undefined) => (count ? { [name]: count } : {});
  return {
    input_tokens: counts.inputTokens,
    cached_input_tokens: counts.cachedInputTokens,
    cache_write_tokens: counts.cacheWriteTokens,
    output_tokens: counts.outputTokens,
    reasoning_tokens: counts.reasoningTokens,
    ...part('cache_write_1h_tokens', counts.cacheWrite1hTokens),
    ...part('audio_input_tokens', counts.audioInputTokens),
    ...part('image_input_tokens', counts.imageInputTokens),
    ...part('audio_output_tokens', counts.audioOutputTokens),
    ...part('image_output_tokens', counts.imageOutputTokens),
    ...part('searches', counts.searches),
    estimated: counts.estimated,
  };
}

const notPriced = {
  price: null,
  prices: null,
  price_effective_from: null,
  price_above_input_tokens: null,
  service_tier: null,
  multiplier: '1',
  formula: null,
};

function presentRating(price: ModelPrice | null, counts: Usage, multiplierMillionths: bigint) {
  if (price === null) return notPriced;
  const { prices, tier, serviceTier } = tableFor(price, counts);
  return {
    price: price.id,
    prices: presentPrices(prices),
    price_effective_from: price.effectiveFrom.toISOString(),
    price_above_input_tokens: tier,
    service_tier: serviceTier,
    multiplier: formatMultiplier(multiplierMillionths),
    formula: rate(price, counts, multiplierMillionths).formula,
  };
}

function presentAbort({ abort }: KeptDetails) {
  if (!abort) return null;
  return {
    policy: abort.onAbort,
    delivered_output_tokens: abort.deliveredOutputTokens,
    reported_output_tokens: abort.reportedOutputTokens,
  };
}

/** A bucket's id says what it is. */
function kindOf(bucketId: string): 'allowance' | 'grant' | 'wallet' {
  if (bucketId.startsWith('alw_')) return 'allowance';
  return bucketId.startsWith('grt_') ? 'grant' : 'wallet';
}
