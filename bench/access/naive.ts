/**
 * What one would write first: a transaction to authorize and one to settle, over a pool of 20 connections with prepared
 * statements. Each takes the organization's row with `select … for update`, as every writer of its funds must, reads its
 * live buckets in the order they are spent, and the counters of its quotas, decides, and writes the same rows as ours.
 */
import pg from 'pg';
import {
  type BenchCall,
  costNanos,
  holdMs,
  subject,
  tokensMost,
  usage,
  type Way,
  worstCaseNanos,
} from './calls.ts';
import type { World } from './world.ts';

const connections = 20;

/** What a call reserves of each meter, and what it uses. */
const reservedOf = { mtr_requests: 1n, mtr_tokens: BigInt(tokensMost), mtr_cost: worstCaseNanos };
const usedOf = {
  mtr_requests: 1n,
  mtr_tokens: BigInt(usage.inputTokens + usage.outputTokens),
  mtr_cost: costNanos,
};
type Meter = keyof typeof usedOf;

const lockFunds = {
  name: 'lock_funds',
  text: `
    select currency, shortfall, time_zone
    from ledger_organizations
    where organization_id = $1
    for update
  `,
};
const liveBuckets = {
  name: 'live_buckets',
  text: `
    select id, kind, account, available, held
    from ledger_buckets
    where organization_id = $1
      and opens_at <= $2
      and closes_at > $2
    order by kind, priority, spend_before, id
  `,
};
const openCounters = {
  name: 'open_counters',
  text: `
    select c.quota_id, c.window_from, c.used, c.reserved, q.limit_amount, q.meter_id
    from entitlements_quotas q
    join metering_counters c on c.quota_id = q.id and c.window_from <= $2 and c.resets_at > $2
    where q.organization_id = $1
      and q.subject_id in ($1, $3, $4)
      and q.is_in_force
  `,
};
const changeCounter = {
  name: 'change_counter',
  text: `
    update metering_counters
    set used = used + $3, reserved = reserved + $4
    where quota_id = $1
      and window_from = $2
  `,
};
const sumOf = (table: string, unit: string) => ({
  name: `sum_${unit}`,
  text: `
    insert into ${table} as s (
      organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, input_tokens,
      cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, amount, latency_ms, latency_calls,
      first_token_ms, first_token_calls
    )
    values (
      $1, date_trunc('${unit}', $2::timestamptz, $3), '', $4, $5, $6, '', 'USD', 1, $7, $8, $9, $10, $11, $12, 900, 1,
      300, 1
    )
    on conflict (organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, cost_center_id)
    do update set
      calls = s.calls + 1,
      input_tokens = s.input_tokens + excluded.input_tokens,
      cached_input_tokens = s.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = s.cache_write_tokens + excluded.cache_write_tokens,
      output_tokens = s.output_tokens + excluded.output_tokens,
      reasoning_tokens = s.reasoning_tokens + excluded.reasoning_tokens,
      amount = s.amount + excluded.amount,
      latency_ms = s.latency_ms + excluded.latency_ms,
      latency_calls = s.latency_calls + 1,
      first_token_ms = s.first_token_ms + excluded.first_token_ms,
      first_token_calls = s.first_token_calls + 1
  `,
});
const addToHour = sumOf('metering_calls_hourly', 'hour');
const addToDay = sumOf('metering_calls_daily', 'day');
const changeWallet = {
  name: 'change_wallet',
  text: `
    update ledger_buckets
    set available = available + $2, held = held + $3
    where id = $1
  `,
};
const insertHold = {
  name: 'insert_hold',
  text: `
    insert into access_holds (
      request_id, organization_id, api_key_id, user_id, model, price_id, authorized_at, expires_at, tokens, bucket_ids,
      amounts
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, array[$10::text], array[$11::bigint])
  `,
};
const deleteHold = {
  name: 'delete_hold',
  text: `
    delete from access_holds
    where request_id = $1
    returning bucket_ids, amounts
  `,
};
const insertUsage = {
  name: 'insert_usage',
  text: `
    insert into metering_usage (
      request_id, organization_id, api_key_id, model, price_id, channel_id, outcome, input_tokens,
      cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, estimated, amount, currency,
      bucket_ids, amounts, shortfall, late, authorized_at, settled_at, recorded_at, latency_ms, first_token_ms, user_id
    )
    values (
      $1, $2, $3, $4, $5, $6, 'completed', $7, $8, $9, $10, $11, false, $12, 'USD', array[$13::text],
      array[$14::bigint], 0, false, $15, $16, $17, 900, 300, $18
    )
  `,
};
const insertTransfer = {
  name: 'insert_transfer',
  text: `
    insert into ledger_transfers (
      id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
    )
    values ($1, $2, 'wallet', 'revenue', $3, 'USD', 'usage', $4, $5, $6)
  `,
};

export function naive({ url }: World): Way {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  return {
    authorize: (call) => inTransaction(pool, (client) => authorize(client, call)),
    settle: (call) => inTransaction(pool, (client) => settle(client, call)),
    close: () => pool.end(),
  };
}

async function authorize(client: pg.PoolClient, call: BenchCall): Promise<void> {
  const { requestId, organizationId, at } = call;
  const { wallet, owed } = await readFunds(client, call);
  if (BigInt(wallet.available) - owed < worstCaseNanos) {
    throw new Error('The bench ran out of money.');
  }
  for (const counter of await readCounters(client, call)) {
    const need = reservedOf[counter.meter_id as Meter];
    if (BigInt(counter.used) + BigInt(counter.reserved) + need > BigInt(counter.limit_amount)) {
      throw new Error('The bench ran out of a quota.');
    }
    await client.query({
      ...changeCounter,
      values: [counter.quota_id, counter.window_from, 0, need],
    });
  }
  await client.query({ ...changeWallet, values: [wallet.id, -worstCaseNanos, worstCaseNanos] });
  const { apiKeyId, userId, model, priceId } = subject;
  const expiresAt = new Date(at.getTime() + holdMs);
  await client.query({
    ...insertHold,
    values: [
      ...[requestId, organizationId, apiKeyId, userId, model, priceId, at, expiresAt, tokensMost],
      ...[wallet.id, worstCaseNanos],
    ],
  });
}

async function settle(client: pg.PoolClient, call: BenchCall): Promise<void> {
  const { requestId, organizationId, at } = call;
  const { wallet, zone } = await readFunds(client, call);
  const hold = (await client.query({ ...deleteHold, values: [requestId] })).rows[0];
  const held = BigInt(hold.amounts[0]);
  await client.query({ ...changeWallet, values: [wallet.id, held - costNanos, -held] });
  for (const counter of await readCounters(client, call)) {
    const meter = counter.meter_id as Meter;
    await client.query({
      ...changeCounter,
      values: [counter.quota_id, counter.window_from, usedOf[meter], -reservedOf[meter]],
    });
  }
  const { apiKeyId, userId, model, priceId, channelId } = subject;
  const now = new Date();
  await client.query({
    ...insertUsage,
    values: [
      ...[requestId, organizationId, apiKeyId, model, priceId, channelId, usage.inputTokens],
      ...[usage.cachedInputTokens, usage.cacheWriteTokens, usage.outputTokens],
      ...[usage.reasoningTokens, costNanos, wallet.id, costNanos, at, now, now, userId],
    ],
  });
  const sums = [
    ...[
      organizationId,
      at,
      zone,
      apiKeyId,
      userId,
      model,
      usage.inputTokens,
      usage.cachedInputTokens,
    ],
    ...[usage.cacheWriteTokens, usage.outputTokens, usage.reasoningTokens, costNanos],
  ];
  await client.query({ ...addToHour, values: sums });
  await client.query({ ...addToDay, values: sums });
  const transferId = requestId.replace('req_', 'trf_');
  await client.query({
    ...insertTransfer,
    values: [`${transferId}_1`, organizationId, costNanos, requestId, now, now],
  });
}

async function readFunds(client: pg.PoolClient, { organizationId, at }: BenchCall) {
  const funds = (await client.query({ ...lockFunds, values: [organizationId] })).rows[0];
  const buckets = await client.query({ ...liveBuckets, values: [organizationId, at] });
  return { wallet: buckets.rows[0], owed: BigInt(funds.shortfall), zone: funds.time_zone };
}

async function readCounters(client: pg.PoolClient, { organizationId, at }: BenchCall) {
  const { apiKeyId, userId } = subject;
  const values = [organizationId, at, apiKeyId, userId];
  return (await client.query({ ...openCounters, values })).rows;
}

async function inTransaction(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
