/**
 * Thousands of subscriptions whose period has just ended, each with a wallet and a month of use. One customer subscribes
 * as customers do; the others are copies of that one's rows with what they used made by the database.
 */
import pg from 'pg';
import { createAdmin, createVerifiedUser } from '../../server/src/domains/identity/index.ts';
import type { Deployment, Server } from '../../server/src/main.ts';
import { newId } from '../../server/src/platform/ids.ts';
import { addIntervals } from '../../server/src/platform/time.ts';

const person = (who: string) => ({
  email: `${who}@example.com`,
  password: 'correct horse battery',
});
const eventsPerMeter = 10;
const tier = { up_to: null, unit_amount: '0.02' };

const plan = {
  ...{
    slug: 'pro',
    name: 'Pro',
    prices: [{ currency: 'USD', interval: 'month', amount: '29.00' }],
  },
  charges: [
    {
      ...{ meter: 'imaging.scans', model: 'graduated', free_units: '3' },
      tiers: [{ up_to: '5', unit_amount: '0.05' }, tier],
    },
    { meter: 'imaging.pages', model: 'per_unit', unit_amount: '0.003' },
  ],
};
const meters = [
  { key: 'scans', name: 'Scans', application: 'imaging', aggregation: 'count' },
  { key: 'pages', name: 'Pages', application: 'imaging', aggregation: 'sum' },
];

export async function makeSubscribers(
  deployment: Deployment,
  { app, url, count }: { app: Server['app']; url: string; count: number },
): Promise<void> {
  const context = deployment.context();
  const now = context.clocks.business();
  const template = await subscribeOne(deployment, app);
  const [from, to] = endedMonth(now);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica; set synchronous_commit = off');
    const copies = Array.from({ length: count - 1 }, () => ({
      organization: newId('org', now),
      subscription: newId('sub', now),
      transfer: newId('trf', now),
      wallet: newId('wal', now),
    }));
    await client.query(copyOfEach, [template, JSON.stringify(copies)]);
    await client.query(
      `update subscriptions_subscriptions
       set anchor_at = $1, period_from = $1, started_at = $1, period_to = $2, due_at = $2, noticed_for = $2`,
      [from, to],
    );
    await client.query(usage, [from, eventsPerMeter]);
    await client.query(hourlySums);
    await client.query(dailySums);
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** Answers the organization. */
async function subscribeOne(deployment: Deployment, app: Server['app']): Promise<string> {
  const [operator, customer] = [person('operator'), person('subscriber')];
  await createAdmin(deployment.context(), operator);
  const newcomer = { ...customer, name: 'Subscriber' };
  const created = await createVerifiedUser(deployment.context(), newcomer);
  const organization = created?.organizationId ?? '';
  const { access_token: token } = await post(app, 'auth/login', {
    ...{ login: operator.email, password: operator.password },
  });
  const make = (path: string, body: object) => post(app, `admin/${path}`, body, token);
  await make('applications', { slug: 'imaging', name: 'Imaging' });
  for (const meter of meters) await make('meters', meter);
  await make('plans', { application: 'imaging', ...plan });
  const money = { organization, amount: '1000.00', currency: 'USD', note: 'Bank transfer' };
  await make('payments/manual', money);
  await make('subscriptions', { organization, plan: 'pro', provider: 'wallet' });
  return organization;
}

async function post(app: Server['app'], path: string, payload: object, token?: string) {
  const request = { method: 'POST' as const, url: `/api/v1/${path}`, payload };
  const answer = await app.inject({
    ...request,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return answer.json();
}

/** A month that ended within the last day, without the days that not every month has. */
function endedMonth(now: Date): [Date, Date] {
  const to = new Date(now);
  to.setUTCHours(0, 0, 0, 0);
  const from = addIntervals(to, { unit: 'month', count: 1 }, -1, 'UTC');
  return [from, addIntervals(from, { unit: 'month', count: 1 }, 1, 'UTC')];
}

/** Rows of the template with other ids; the wallet holds what one transfer brought. */
const copyOfEach = `
  with copies as materialized (
    select * from jsonb_to_recordset($2::jsonb)
      as (organization text, subscription text, transfer text, wallet text)
  ),
  organizations as (
    insert into identity_organizations
    select (jsonb_populate_record(o, jsonb_build_object('id', c.organization, 'personal_user_id', null))).*
    from identity_organizations o, copies c
    where o.id = $1
  ),
  funds as (
    insert into ledger_organizations
    select (jsonb_populate_record(o, jsonb_build_object('organization_id', c.organization))).*
    from ledger_organizations o, copies c
    where o.organization_id = $1
  ),
  wallets as (
    insert into ledger_buckets
    select (jsonb_populate_record(b, jsonb_build_object('id', c.wallet, 'organization_id', c.organization))).*
    from ledger_buckets b, copies c
    where b.organization_id = $1 and b.kind = 'wallet'
  ),
  transfers as (
    insert into ledger_transfers
      (id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at)
    select c.transfer, c.organization, 'world', 'wallet', b.available, b.currency, 'top_up', 'bench', now(), now()
    from ledger_buckets b, copies c
    where b.organization_id = $1 and b.kind = 'wallet'
  ),
  plans as (
    insert into entitlements_plans
    select (jsonb_populate_record(p, jsonb_build_object('organization_id', c.organization))).*
    from entitlements_plans p, copies c
    where p.organization_id = $1
  )
  insert into subscriptions_subscriptions
  select (jsonb_populate_record(s, jsonb_build_object('id', c.subscription, 'organization_id', c.organization))).*
  from subscriptions_subscriptions s, copies c
  where s.organization_id = $1`;

const usage = `
  insert into metering_events (
    key, event_id, application_id, organization_id, meter_id, quantity, occurred_at, received_at
  )
  select md5(t.event_id)::uuid, t.event_id, m.application_id, s.organization_id, m.id, t.quantity, t.at, t.at
  from subscriptions_subscriptions s
  cross join catalog_meters m
  cross join generate_series(1, $2::integer) as event,
    lateral (
      select s.organization_id || m.id || event as event_id,
        case m.aggregation when 'count' then 1 else event * 7 end as quantity,
        $1::timestamptz + event * interval '63 hours 17 minutes' as at
    ) t
  where m.application_slug = 'imaging'`;

const hourlySums = `
  insert into metering_quantities_hourly (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
    latest_at
  )
  select e.organization_id, date_trunc('hour', e.occurred_at), e.meter_id, e.application_id, '', '', '', count(*),
    sum(e.quantity), max(e.quantity), max(e.quantity), max(e.occurred_at)
  from metering_events e
  group by 1, 2, 3, 4`;

const dailySums = `
  insert into metering_quantities_daily (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
    latest_at
  )
  select h.organization_id, date_trunc('day', h.starts_at), h.meter_id, h.application_id, '', '', '', sum(h.events),
    sum(h.total), max(h.maximum), max(h.latest), max(h.latest_at)
  from metering_quantities_hourly h
  group by 1, 2, 3, 4`;
