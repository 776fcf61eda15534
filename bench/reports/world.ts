/**
 * A company of two years, made by the database itself: organizations that came month by month, what they paid, how their
 * MRR moved, fifty million calls as the sums that are kept of days that are over, and the calls and transfers of today,
 * which the jobs of the service then add to the sums as far as their hours are over.
 */
import type pg from 'pg';

export interface CompanySize {
  organizations: number;
  calls: number;
}

/** The bench asks as of here: before the sums are kept again, so that most is left to be read as it is. */
export const now = new Date('2026-11-22T12:16:00Z');
export const lastKept = new Date('2026-11-22T11:19:00Z');
const today = '2026-11-22T00:00:00Z';
const start = '2024-12-01T00:00:00Z';
const daysOfCompany = 721;
const callsPerDay = (calls: number) => Math.ceil(calls / daysOfCompany);

/** The month in which an organization came, from 0: 24 of them, growing. */
const cameIn = (i: string) => `floor(24 * sqrt((${i} % 1000) / 1000.0))::int`;
const monthsSinceCame = `(month + 1 - ${cameIn('i')})`;
const org = (i: string) => `'org_' || lpad((${i})::text, 22, '0')`;
const monthAt = (month: string) => `'${start}'::timestamptz + make_interval(months => ${month})`;

export async function makeCompany(client: pg.Client, size: CompanySize): Promise<void> {
  await client.query(idAt);
  // Nothing here is a purchase: triggers and foreign keys have nothing to do.
  await client.query("set session_replication_role = 'replica'");
  for (const statement of statements(size)) await client.query(statement);
  await client.query("set session_replication_role = 'origin'");
  await client.query('vacuum (analyze)');
}

/** As the server makes them: a prefix, and the time in ten digits of base 32. */
const idAt = `
  create function id_at(prefix text, at timestamptz) returns text
  language sql immutable parallel safe
  return prefix || '_' || (
    select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + ((ms >> (5 * k)) & 31)::integer, 1), '' order by k desc)
    from generate_series(0, 9) as k, (select (extract(epoch from at) * 1000)::bigint) as t (ms)
  )`;

function statements({ organizations, calls }: CompanySize): string[] {
  return [
    ...customers(organizations),
    ...books(organizations),
    ...usage(organizations, calls),
    ...recurring(organizations),
    ...invoices(organizations),
    payments(organizations),
  ];
}

function customers(count: number): string[] {
  return [
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     select ${org('i')}, 'Company ' || i, 'active', 'UTC', ${monthAt(cameIn('i'))}
     from generate_series(1, ${count}) as i`,
    `insert into ledger_organizations (organization_id, currency, shortfall, time_zone)
     select ${org('i')}, 'USD', case when i % 500 = 0 then i::bigint * 1000000 else 0 end, 'UTC'
     from generate_series(1, ${count}) as i`,
  ];
}

const moves = `(values
  ('deferred', 'revenue', 'recognition', 'inv', 900), ('deferred', 'revenue', 'recognition', 'opk', 300),
  ('wallet', 'revenue', 'usage', 'req', 700), ('grant', 'revenue', 'usage', 'req', 50),
  ('allowance', 'world', 'usage', 'req', 200), ('receivable', 'revenue', 'shortfall', 'req', 5),
  ('revenue', 'customer_credit', 'credit_note', 'crn', 20), ('clearing:stripe', 'unapplied', 'payment', 'pay', 800),
  ('clearing:alipay', 'unapplied', 'payment', 'pay', 500), ('clearing:wechat', 'unapplied', 'payment', 'pay', 400),
  ('clearing:paypal', 'unapplied', 'payment', 'pay', 100), ('refunds', 'clearing:stripe', 'refund', 'ref', 30),
  ('provider_fees', 'clearing:stripe', 'fee', 'rci', 20), ('disputes', 'clearing:stripe', 'dispute', 'dsp', 3),
  ('unapplied', 'receivable', 'invoice', 'inv', 1800), ('receivable', 'deferred', 'sale', 'inv', 1500),
  ('receivable', 'tax', 'tax', 'inv', 150), ('receivable', 'wallet', 'top_up', 'inv', 700),
  ('write_off', 'receivable', 'write_off', 'inv', 10), ('receivable', 'write_off', 'write_off', 'inv', 2)
) as m (debit, credit, kind, source, amount)`;

function books(count: number): string[] {
  return [
    `insert into ledger_sums_daily (starts_at, currency, debit, credit, kind, source, transfers, amount)
     select '${start}'::timestamptz + make_interval(days => d), currency, debit, credit, kind, source, 100,
       amount::numeric * 1000000000 * (1 + d / 100)
     from generate_series(0, ${daysOfCompany - 1}) as d, ${moves}, (values ('USD'), ('CNY')) as c (currency)`,
    `insert into ledger_sums_kept (is_kept, until, day) values (true, '${today}', '${today}')`,
    `insert into ledger_revenue_to_date (month, organization_id, currency, amount)
     select ${monthAt('month')}, ${org('i')}, case when i % 4 = 0 then 'CNY' else 'USD' end,
       (i % 97 + 1)::bigint * 1000000000 * ${monthsSinceCame}
     from generate_series(1, ${count}) as i, generate_series(0, 23) as month
     where month >= ${cameIn('i')}`,
    // Of today: a day's share of each subscription.
    `insert into ledger_transfers (
       id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
     )
     select id_at('trf', '${today}') || lpad(i::text, 16, '0'), ${org('i')}, 'deferred', 'revenue',
       10000000, 'USD', 'recognition', 'inv_' || i, '${today}'::timestamptz + make_interval(secs => i * 43000.0 / ${Math.ceil(count * 0.6)}),
       '${today}'
     from generate_series(1, ${Math.ceil(count * 0.6)}) as i`,
  ];
}

const details = `jsonb_build_object('cost', (i % 900 + 1)::text)`;

function usage(count: number, calls: number): string[] {
  const perDay = callsPerDay(calls);
  return [
    `insert into metering_margins_daily (
       starts_at, model, channel_id, currency, calls, input_tokens, output_tokens, amount, cost, uncosted_calls,
       uncosted_amount
     )
     select '${start}'::timestamptz + make_interval(days => d), 'model-' || model, 'chn_' || channel, 'USD', n, n * 900,
       n * 200, n * 2000000, n * 1200000, n / 50, n / 50 * 2000000
     from generate_series(0, ${daysOfCompany - 1}) as d, generate_series(1, 25) as model,
       generate_series(1, 4) as channel, (select ${Math.ceil(perDay / 100)}::bigint) as s (n)`,
    `insert into metering_margins_kept (is_kept, until, day) values (true, '${today}', '${today}')`,
    `insert into metering_margins_to_date (
       month, organization_id, currency, calls, amount, cost, uncosted_calls, uncosted_amount
     )
     select ${monthAt('month')}, ${org('i')}, 'USD', ${Math.ceil(calls / count / 12)} * since,
       (i % 83 + 1)::bigint * 100000000 * since, (i % 89 + 1)::bigint * 60000000 * since, i % 3 * since,
       (i % 3) * 2000000 * since
     from generate_series(1, ${count}) as i, generate_series(0, 23) as month, lateral (select ${monthsSinceCame}) as s (since)
     where month >= ${cameIn('i')}`,
    `insert into metering_usage (
       request_id, organization_id, model, price_id, channel_id, outcome, input_tokens, cached_input_tokens,
       cache_write_tokens, output_tokens, reasoning_tokens, estimated, amount, currency, bucket_ids, amounts, shortfall,
       late, authorized_at, settled_at, recorded_at, details
     )
     select id_at('req', '${today}') || lpad(i::text, 16, '0'), ${org(`1 + i % ${count}`)},
       'model-' || (1 + i % 25), 'mpr_1', 'chn_' || (1 + i % 4), 'completed', 900, 0, 0, 200, 0, false, 2000000, 'USD',
       '{wal_1}', '{2000000}', 0, false, at, at, at, case when i % 50 <> 0 then ${details} end
     from generate_series(1, ${perDay}) as i,
       lateral (select '${today}'::timestamptz + make_interval(secs => i * 43000.0 / ${perDay})) as t (at)`,
    `insert into metering_violations (
       id, organization_id, quota_id, window_from, resets_at, subject_kind, subject_id, meter_id, "window", limit_amount,
       used, requested, is_hard, occurred_at
     )
     select id_at('vio', at) || lpad(i::text, 16, '0'), ${org(`1 + i % ${count}`)}, 'quo_' || i, at, at,
       'organization', '', 'mtr_requests', 'month', 100, 100, 1, i % 4 <> 0, at
     from generate_series(1, ${count}) as i,
       lateral (select '${start}'::timestamptz + make_interval(mins => (i * 1038240.0 / ${count})::int)) as t (at)`,
  ];
}

/** Six in ten subscribe; each of them moves up, down, leaves and comes back, some of it or all. */
function recurring(count: number): string[] {
  return [
    `insert into subscriptions_mrr_movements (
       organization_id, currency, occurred_at, subscription_id, kind, before_minor, after_minor, first_at
     )
     select ${org('i')}, case when i % 4 = 0 then 'CNY' else 'USD' end, first_at + make_interval(days => after),
       'sub_' || i, kind, was, worth, first_at
     from generate_series(1, ${count}) as i,
       lateral (select ${monthAt(cameIn('i'))} + make_interval(days => i % 28)) as f (first_at),
       (values (0, 'new', 0, 2900, 1), (20, 'expansion', 2900, 9900, 2), (50, 'contraction', 9900, 2900, 2),
         (80, 'churn', 2900, 0, 4), (140, 'reactivation', 0, 2900, 8)
       ) as m (after, kind, was, worth, share)
     where i % 10 < 6
       and i % share = 0
       and first_at + make_interval(days => after) < '${today}'`,
    `insert into subscriptions_subscriptions (
       id, organization_id, status, plan_id, plan_version, terms, anchor_at, time_zone, period_from, period_to, paid,
       granted, started_at, updated_at, mrr_minor, mrr_currency, overdue_since
     )
     select 'sub_' || i, ${org('i')}, case when i % 40 = 0 then 'past_due' else 'active' end, 'pln_1', 1,
       '{"planName": "Pro"}', '${today}', 'UTC', '${today}', '${today}'::timestamptz + interval '1 month', '2900/1', '[]',
       '${today}', '${today}', 2900, 'USD', '${today}'
     from generate_series(1, ${count}) as i
     where i % 10 < 6`,
  ];
}

function invoices(count: number): string[] {
  return [
    `insert into invoicing_invoices (
       id, number, organization_id, kind, reference, status, currency, total_minor, issued_at, due_at, paid_at, seller,
       customer, subtotal_minor, overdue_at, written_off_at
     )
     select id_at('inv', at) || lpad(i::text, 16, '0'), 'B-' || month || '-' || i, ${org('i')}, 'subscription',
       'sub_' || i, status, case when i % 4 = 0 then 'CNY' else 'USD' end, 2900, at, at + interval '7 days',
       case when status = 'paid' then at end, '{"name": "Seller"}', '{"name": "Customer"}', 2900,
       case when status <> 'paid' or (i + month) % 37 = 0 then at + interval '7 days' end,
       case when status = 'uncollectible' then at + interval '60 days' end
     from generate_series(1, ${count}) as i, generate_series(0, 23) as month,
       lateral (select ${monthAt('month')} + make_interval(days => i % 20), case
         when (i * 7 + month) % 211 = 0 then 'uncollectible' when month >= 19 and (i + month) % 97 = 0 then 'open'
         else 'paid' end) as t (at, status)
     where month >= ${cameIn('i')}
       and i % 10 < 6`,
  ];
}

function payments(count: number): string {
  return `insert into payments_attempts (
       id, number, organization_id, invoice_id, provider, merchant, title, amount_minor, currency, charged_minor,
       charged_currency, rate, status, next, provider_transaction, created_at, settled_at, decline_code, is_automatic
     )
     select id_at('pay', at) || lpad(i::text, 16, '0'), lpad(to_hex(month), 4, '0') || lpad(to_hex(i), 20, '0'),
       ${org('i')}, 'inv_' || i, (array['stripe', 'alipay', 'wechat', 'paypal', 'manual'])[1 + i % 5], 'm', 'Pro', 2900,
       'USD', 2900, 'USD', '1', status, '{}', case when status = 'succeeded' then 'tx' end, at,
       case when status = 'succeeded' then at end, case when status = 'failed' then 'card_declined' end, i % 2 = 0
     from generate_series(1, ${count}) as i, generate_series(0, 23) as month,
       lateral (select ${monthAt('month')} + make_interval(days => i % 20, secs => i % 80000), case
         when (i + month) % 20 = 0 then 'failed' when (i + month) % 33 = 0 then 'canceled' else 'succeeded' end
       ) as t (at, status)
     where month >= ${cameIn('i')}`;
}
