/**
 * Ten million events of two hundred organizations over ninety days, made by the database itself, with the sums that they
 * come to: those of hours are computed from the events and all others from them, so that all say the same.
 */
import type pg from 'pg';

export interface World {
  events: number;
  organizations: string[];
}

const organizationCount = 200;
export const days = 90;

export async function makeWorld(client: pg.Client, events: number): Promise<World> {
  const organizations = Array.from({ length: organizationCount }, (_, index) => `org_${index}`);
  await client.query(
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     select id, 'Bench', 'active', 'Asia/Shanghai', now()
     from unnest($1::text[]) as id`,
    [organizations],
  );
  await client.query(
    `insert into ledger_organizations (organization_id, currency, shortfall, time_zone)
     select id, 'USD', 0, 'Asia/Shanghai'
     from unnest($1::text[]) as id`,
    [organizations],
  );
  await client.query(
    `insert into catalog_meters (
       id, application_id, application_slug, key, name, aggregation, unit, kind, requires_quota, status, created_at,
       updated_at
     )
     select 'mtr_' || key, 'app_bench', 'medical', key, key, aggregation, 'count', 'flow', false, 'active', now(),
       now()
     from (values ('analyses', 'count'), ('pages', 'sum'), ('seats', 'max')) as row (key, aggregation)`,
  );
  await client.query("set synchronous_commit = off; set work_mem = '512MB'");
  await makeEvents(client, events);
  await client.query(hoursOfEvents);
  await client.query(daysOfQuantities);
  await client.query(hoursOfCalls);
  await client.query(daysOfCalls);
  await client.query('vacuum (analyze)');
  await requireAgreement(client, events);
  return { events, organizations };
}

/** Keys count upwards, as random ones would take the index minutes to sort; the reported ones are random. */
async function makeEvents(client: pg.Client, events: number): Promise<void> {
  await client.query(
    `insert into metering_events (
       key, event_id, application_id, organization_id, meter_id, api_key_id, tags, quantity, occurred_at, received_at
     )
     select lpad(to_hex(i), 32, '0')::uuid, 'evt-' || i, 'app_bench', 'org_' || i % ${organizationCount},
       (array['mtr_analyses', 'mtr_pages', 'mtr_seats'])[1 + i / 7 % 3],
       'key_' || i % ${organizationCount} || '_' || i / 11 % 2,
       case i / 11 % 2 when 0 then array['team:research'] else '{}' end,
       1 + i % 20, at, at
     from generate_series(0, $1::bigint - 1) as i,
       lateral (select now() - (i::float8 / $1) * interval '${days - 1} days' as at) t`,
    [events],
  );
}

const hoursOfEvents = `
  insert into metering_quantities_hourly (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
    latest_at
  )
  select e.organization_id, date_trunc('hour', e.occurred_at), e.meter_id, e.application_id, e.api_key_id, '',
    array_to_string(e.tags, ','), count(*), sum(e.quantity), max(e.quantity),
    (max(array[(extract(epoch from e.occurred_at) * 1000000)::bigint, e.quantity]))[2], max(e.occurred_at)
  from metering_events e
  group by 1, 2, 3, 4, 5, 7`;

const daysOfQuantities = `
  insert into metering_quantities_daily (
    organization_id, starts_at, meter_id, application_id, api_key_id, user_id, tags, events, total, maximum, latest,
    latest_at
  )
  select h.organization_id, date_trunc('day', h.starts_at, 'Asia/Shanghai'), h.meter_id, h.application_id,
    h.api_key_id, '', h.tags, sum(h.events), sum(h.total), max(h.maximum),
    (array_agg(h.latest order by h.latest_at desc))[1], max(h.latest_at)
  from metering_quantities_hourly h
  group by 1, 2, 3, 4, 5, 7`;

/** As if each event had been a call: one model for each meter. */
const hoursOfCalls = `
  insert into metering_calls_hourly (
    organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, input_tokens,
    output_tokens, amount, latency_ms, latency_calls
  )
  select h.organization_id, h.starts_at, '', h.api_key_id, '', replace(h.meter_id, 'mtr_', 'model-'), h.tags, 'USD',
    h.events, h.total * 100, h.total * 30, h.total * 1000, h.total * 50, h.events
  from metering_quantities_hourly h`;

const daysOfCalls = `
  insert into metering_calls_daily (
    organization_id, starts_at, application_id, api_key_id, user_id, model, tags, currency, calls, input_tokens,
    output_tokens, amount, latency_ms, latency_calls
  )
  select h.organization_id, date_trunc('day', h.starts_at, 'Asia/Shanghai'), '', h.api_key_id, '', h.model, h.tags,
    'USD', sum(h.calls), sum(h.input_tokens), sum(h.output_tokens), sum(h.amount), sum(h.latency_ms),
    sum(h.latency_calls)
  from metering_calls_hourly h
  group by 1, 2, 4, 6, 7`;

async function requireAgreement(client: pg.Client, events: number): Promise<void> {
  const { rows } = await client.query(
    `select
       (select sum(events) from metering_quantities_hourly) as quantities_hourly,
       (select sum(events) from metering_quantities_daily) as quantities_daily,
       (select sum(calls) from metering_calls_hourly) as calls_hourly,
       (select sum(calls) from metering_calls_daily) as calls_daily`,
  );
  for (const [name, count] of Object.entries(rows[0])) {
    if (Number(count) !== events) throw new Error(`${events} events were made, ${name}: ${count}`);
  }
}
