/** SQL of calls that were made elsewhere, by day. */
import { sql } from 'kysely';
import { plainArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface UsageOfDay {
  organizationId: string;
  apiKeyId: string;
  model: string;
  calls: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  amount: bigint;
}

/**
 * Writes a day's sums, in place of those of an earlier import.
 * @scope deployment: an import moves every customer.
 */
export async function saveUsage(
  transaction: Transaction,
  { sourceId, day, usage }: { sourceId: string; day: Date; usage: readonly UsageOfDay[] },
): Promise<void> {
  if (usage.length === 0) return;
  const numbers = (read: (row: UsageOfDay) => bigint) => plainArray(usage.map(read));
  await sql`
    insert into imports_usage_days
      (organization_id, starts_at, source_id, api_key_id, model, calls, input_tokens, output_tokens, amount)
    select u.organization_id, ${day}, ${sourceId}, u.api_key_id, u.model, u.calls, u.input, u.output, u.amount
    from unnest(
      ${textArray(usage.map((row) => row.organizationId))}::text[],
      ${textArray(usage.map((row) => row.apiKeyId))}::text[],
      ${textArray(usage.map((row) => row.model))}::text[],
      ${numbers((row) => row.calls)}::bigint[], ${numbers((row) => row.inputTokens)}::bigint[],
      ${numbers((row) => row.outputTokens)}::bigint[], ${numbers((row) => row.amount)}::bigint[]
    ) as u (organization_id, api_key_id, model, calls, input, output, amount)
    on conflict (organization_id, starts_at, source_id, api_key_id, model) do update
    set calls = excluded.calls, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
      amount = excluded.amount
  `.execute(transaction);
}

/**
 * The last day that was moved; it may have gone on since.
 * @scope deployment: an import moves every customer.
 */
export async function findLastDay(executor: Executor, sourceId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ day: Date | null }>`
    select max(starts_at) as day
    from imports_usage_days
    where source_id = ${sourceId}
  `.execute(executor);
  return rows[0]?.day ?? undefined;
}

/**
 * All that was moved, in figures.
 * @scope deployment: a comparison counts every customer that was moved.
 */
export async function sumMovedUsage(
  executor: Executor,
  sourceId: string,
): Promise<{ calls: bigint; amount: bigint }> {
  const { rows } = await sql<{ calls: bigint; amount: bigint }>`
    select coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(amount), 0)::bigint as amount
    from imports_usage_days
    where source_id = ${sourceId}
  `.execute(executor);
  return rows[0] ?? { calls: 0n, amount: 0n };
}
