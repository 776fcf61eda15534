/**
 * What one would write first: a transaction to authorize and one to settle, over a pool of 20 connections with prepared
 * statements. Each takes the organization's row with `select … for update`, as every writer of its funds must, reads its
 * live buckets in the order they are spent, decides, and writes the same rows as ours.
 */
import pg from 'pg';
import {
  type BenchCall,
  costNanos,
  holdMs,
  subject,
  usage,
  type Way,
  worstCaseNanos,
} from './calls.ts';
import type { World } from './world.ts';

const connections = 20;

const lockFunds = {
  name: 'lock_funds',
  text: `
    select currency, shortfall
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
      request_id, organization_id, api_key_id, model, price_id, authorized_at, expires_at, bucket_ids, amounts
    )
    values ($1, $2, $3, $4, $5, $6, $7, array[$8::text], array[$9::bigint])
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
      bucket_ids, amounts, shortfall, late, authorized_at, settled_at, recorded_at, latency_ms, first_token_ms
    )
    values (
      $1, $2, $3, $4, $5, $6, 'completed', $7, $8, $9, $10, $11, false, $12, 'USD', array[$13::text],
      array[$14::bigint], 0, false, $15, $16, $17, 900, 300
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
  await client.query({ ...changeWallet, values: [wallet.id, -worstCaseNanos, worstCaseNanos] });
  const { apiKeyId, model, priceId } = subject;
  const expiresAt = new Date(at.getTime() + holdMs);
  await client.query({
    ...insertHold,
    values: [
      ...[requestId, organizationId, apiKeyId, model, priceId, at, expiresAt],
      ...[wallet.id, worstCaseNanos],
    ],
  });
}

async function settle(client: pg.PoolClient, call: BenchCall): Promise<void> {
  const { requestId, organizationId, at } = call;
  const { wallet } = await readFunds(client, call);
  const hold = (await client.query({ ...deleteHold, values: [requestId] })).rows[0];
  const held = BigInt(hold.amounts[0]);
  await client.query({ ...changeWallet, values: [wallet.id, held - costNanos, -held] });
  const { apiKeyId, model, priceId, channelId } = subject;
  const now = new Date();
  await client.query({
    ...insertUsage,
    values: [
      ...[requestId, organizationId, apiKeyId, model, priceId, channelId, usage.inputTokens],
      ...[usage.cachedInputTokens, usage.cacheWriteTokens, usage.outputTokens],
      ...[usage.reasoningTokens, costNanos, wallet.id, costNanos, at, now, now],
    ],
  });
  const transferId = requestId.replace('req_', 'trf_');
  await client.query({
    ...insertTransfer,
    values: [`${transferId}_1`, organizationId, costNanos, requestId, now, now],
  });
}

async function readFunds(client: pg.PoolClient, { organizationId, at }: BenchCall) {
  const funds = (await client.query({ ...lockFunds, values: [organizationId] })).rows[0];
  const buckets = await client.query({ ...liveBuckets, values: [organizationId, at] });
  return { wallet: buckets.rows[0], owed: BigInt(funds.shortfall) };
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
