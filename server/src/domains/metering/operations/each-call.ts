/** Calls of a time, one after the other: for what is computed over them all again. */
import type { Executor } from '../../../platform/database/pool.ts';
import { type KeptDetails, readDetails } from '../core/call-details.ts';
import type { Usage } from '../core/usage.ts';
import { listUsage, type UsageRow } from '../store.ts';

export interface PastCall {
  requestId: string;
  organizationId: string;
  model: string;
  priceId: string;
  usage: Usage;
  /** What it was billed. */
  amount: bigint;
  /** Of it: from the wallet, or owed by it. */
  ofWallet: bigint;
  currency: string;
  settledAt: Date;
  details: KeptDetails;
}

const rowsPerPage = 2_000;

/** Calls of models that began within `[from, to)`, newest first; events of meters are none. */
export async function* eachCall(
  executor: Executor,
  span: { from: Date; to: Date; model?: string | undefined },
): AsyncGenerator<PastCall> {
  let before: string | undefined;
  for (;;) {
    const rows = await listUsage(executor, { ...span, before, limit: rowsPerPage });
    for (const row of rows) {
      const call = toPastCall(row);
      if (call) yield call;
    }
    before = rows.at(-1)?.request_id;
    if (rows.length < rowsPerPage) return;
  }
}

/** Undefined for what no model was called for. */
export function toPastCall(row: UsageRow): PastCall | undefined {
  if (row.model === null || row.price_id === null) return undefined;
  const details = readDetails(row.details);
  return {
    requestId: row.request_id,
    organizationId: row.organization_id,
    model: row.model,
    priceId: row.price_id,
    usage: {
      inputTokens: Number(row.input_tokens),
      cachedInputTokens: Number(row.cached_input_tokens),
      cacheWriteTokens: Number(row.cache_write_tokens),
      outputTokens: Number(row.output_tokens),
      reasoningTokens: Number(row.reasoning_tokens),
      estimated: row.estimated,
      ...details.parts,
    },
    amount: row.amount,
    ofWallet: ofWallet(row),
    currency: row.currency,
    settledAt: row.settled_at,
    details,
  };
}

/** A bucket's id says what it is; what no bucket could pay is taken from the wallet once there is something in it. */
function ofWallet({ bucket_ids: ids, amounts, shortfall }: UsageRow): bigint {
  return ids.reduce((sum, id, index) => {
    const isWallet = !id.startsWith('alw_') && !id.startsWith('grt_');
    return isWallet ? sum + (amounts[index] ?? 0n) : sum;
  }, shortfall);
}
