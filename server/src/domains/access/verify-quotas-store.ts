/** What the counters of quotas and the sums by hour and day must agree with: the holds, receipts and events themselves. */
import { type RawBuilder, sql } from 'kysely';
import { type Check, check } from './verify-check-store.ts';

/** Whose use it is, and the quotas that count it. */
const quotasOf = (alias: string) =>
  sql.raw(`
  cross join lateral (
    values ('organization', ${alias}.organization_id), ('api_key', ${alias}.api_key_id), ('member', ${alias}.user_id),
      ('cost_center', ${alias}.cost_center_id)
  ) as s (kind, id)
  join entitlements_quotas q
    on q.organization_id = ${alias}.organization_id
    and q.subject_kind = s.kind
    and q.subject_id = s.id
    and q.meter_id = ${alias}.meter_id
  join metering_counters c
    on c.quota_id = q.id
    and c.window_from <= ${alias}.at
    and c.resets_at > ${alias}.at
`);

/** Since when receipts and events are here. What was detached cannot be replayed, whether its tables are kept or not. */
export const keptSince = sql`(
  select coalesce(max((v.value #>> '{}')::timestamptz), '-infinity')
  from settings_values v
  where v.name = 'metering_kept_since'
)`;

const columns = [
  'calls',
  'aborted',
  'failed',
  'estimated',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'amount',
  'shortfall',
  'latency_ms',
  'latency_calls',
  'first_token_ms',
  'first_token_calls',
];
const sumsOf = (alias: string) =>
  sql.raw(columns.map((name) => `sum(${alias}.${name})`).join(', '));
const call = sql.raw(`
  u.organization_id, coalesce(u.application_id, '') as application_id, coalesce(u.api_key_id, '') as api_key_id,
  coalesce(u.user_id, '') as user_id, coalesce(u.cost_center_id, '') as cost_center_id,
  coalesce(u.model, '') as model, array_to_string(u.tags, ',') as tags, u.currency,
  1 as calls, (u.outcome = 'aborted')::integer as aborted, (u.outcome = 'upstream_error')::integer as failed,
  u.estimated::integer as estimated, u.input_tokens, u.cached_input_tokens, u.cache_write_tokens, u.output_tokens,
  u.reasoning_tokens, u.amount, u.shortfall, coalesce(u.latency_ms, 0) as latency_ms,
  (u.latency_ms is not null)::integer as latency_calls, coalesce(u.first_token_ms, 0) as first_token_ms,
  (u.first_token_ms is not null)::integer as first_token_calls
`);

/**
 * Every sum of calls, and each by itself where the organization has stayed in its zone since.
 * @scope deployment: a proof looks at every customer’s rows.
 */
const callSums = (unit: 'hour' | 'day', table: string) => (limit: number) =>
  differences(
    sql`
      with settled as (
        select f.time_zone, f.time_zone_changed_at, u.authorized_at as at, ${call}
        from metering_usage u
        join ledger_organizations f on f.organization_id = u.organization_id
      ),
      replayed as (
        select organization_id, null::timestamptz as starts_at, application_id, api_key_id, user_id, cost_center_id,
          model, tags, currency,
          row(${sumsOf('r')})::text as sums
        from settled r
        where ${keptSince} = '-infinity'
        group by 1, 3, 4, 5, 6, 7, 8, 9
        union all
        select organization_id, date_trunc(${unit}, at, time_zone) as bucket, application_id, api_key_id, user_id,
          cost_center_id, model, tags, currency, row(${sumsOf('r')})::text
        from settled r
        where date_trunc(${unit}, at, time_zone) >= greatest(time_zone_changed_at, ${keptSince}) + interval '1 day'
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
      ),
      recorded as (
        select organization_id, null::timestamptz as starts_at, application_id, api_key_id, user_id, cost_center_id,
          model, tags, currency,
          row(${sumsOf('r')})::text as sums
        from ${sql.table(table)} r
        where ${keptSince} = '-infinity'
        group by 1, 3, 4, 5, 6, 7, 8, 9
        union all
        select r.organization_id, r.starts_at, r.application_id, r.api_key_id, r.user_id,
          r.cost_center_id, r.model, r.tags, r.currency,
          row(${sumsOf('r')})::text
        from ${sql.table(table)} r
        join ledger_organizations f on f.organization_id = r.organization_id
        where r.starts_at >= greatest(f.time_zone_changed_at, ${keptSince}) + interval '1 day'
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
      )
      select coalesce(a.organization_id, b.organization_id) as organization_id,
        concat_ws(
          ' ', coalesce(a.starts_at, b.starts_at), coalesce(a.application_id, b.application_id),
          coalesce(a.api_key_id, b.api_key_id), coalesce(a.user_id, b.user_id),
          coalesce(a.cost_center_id, b.cost_center_id), coalesce(a.model, b.model),
          coalesce(a.tags, b.tags)
        ) as subject,
        a.sums as recorded, b.sums as replayed
      from recorded a
      full join replayed b
        on (a.organization_id, a.application_id, a.api_key_id, a.user_id, a.cost_center_id, a.model, a.tags, a.currency)
          = (b.organization_id, b.application_id, b.api_key_id, b.user_id, b.cost_center_id, b.model, b.tags, b.currency)
        and coalesce(a.starts_at, 'infinity') = coalesce(b.starts_at, 'infinity')
    `,
    limit,
  );

/**
 * What calls and events used of applications' meters.
 * @scope deployment: a proof looks at every customer’s rows.
 */
const quantities = sql`
  select u.organization_id, u.authorized_at as at, m.meter_id, coalesce(u.application_id, '') as application_id,
    coalesce(u.api_key_id, '') as api_key_id, coalesce(u.user_id, '') as user_id,
    coalesce(u.cost_center_id, '') as cost_center_id, array_to_string(u.tags, ',') as tags,
    m.quantity
  from metering_usage u
  cross join lateral unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
  where u.meter_ids is not null
  union all
  select e.organization_id, e.occurred_at, e.meter_id, e.application_id, coalesce(e.api_key_id, ''),
    coalesce(e.user_id, ''), coalesce(e.cost_center_id, ''), array_to_string(e.tags, ','), e.quantity
  from metering_events e
  where e.superseded_by is null
`;

/** @scope deployment: a proof looks at every customer’s rows. */
const quantitySums = (unit: 'hour' | 'day', table: string) => (limit: number) =>
  differences(
    sql`
      with used as (${quantities}),
      replayed as (
        select r.organization_id, null::timestamptz as starts_at, r.meter_id, r.application_id, r.api_key_id, r.user_id,
          r.cost_center_id, r.tags, row(count(*), sum(r.quantity))::text as sums
        from used r
        where ${keptSince} = '-infinity'
        group by 1, 3, 4, 5, 6, 7, 8
        union all
        select r.organization_id, date_trunc(${unit}, r.at, f.time_zone) as bucket, r.meter_id, r.application_id,
          r.api_key_id, r.user_id, r.cost_center_id, r.tags, row(count(*), sum(r.quantity))::text
        from used r
        join ledger_organizations f on f.organization_id = r.organization_id
        where date_trunc(${unit}, r.at, f.time_zone) >= greatest(f.time_zone_changed_at, ${keptSince}) + interval '1 day'
        group by 1, 2, 3, 4, 5, 6, 7, 8
      ),
      recorded as (
        select r.organization_id, null::timestamptz as starts_at, r.meter_id, r.application_id, r.api_key_id, r.user_id,
          r.cost_center_id, r.tags, row(sum(r.events)::bigint, sum(r.total))::text as sums
        from ${sql.table(table)} r
        where r.events > 0
          and ${keptSince} = '-infinity'
        group by 1, 3, 4, 5, 6, 7, 8
        union all
        select r.organization_id, r.starts_at, r.meter_id, r.application_id, r.api_key_id, r.user_id,
          r.cost_center_id, r.tags, row(r.events, r.total)::text
        from ${sql.table(table)} r
        join ledger_organizations f on f.organization_id = r.organization_id
        where r.starts_at >= greatest(f.time_zone_changed_at, ${keptSince}) + interval '1 day'
          and r.events > 0
      )
      select coalesce(a.organization_id, b.organization_id) as organization_id,
        concat_ws(
          ' ', coalesce(a.starts_at, b.starts_at), coalesce(a.meter_id, b.meter_id),
          coalesce(a.application_id, b.application_id), coalesce(a.api_key_id, b.api_key_id),
          coalesce(a.user_id, b.user_id),
          coalesce(a.cost_center_id, b.cost_center_id), coalesce(a.tags, b.tags)
        ) as subject,
        a.sums as recorded, b.sums as replayed
      from recorded a
      full join replayed b
        on (a.organization_id, a.meter_id, a.application_id, a.api_key_id, a.user_id, a.cost_center_id, a.tags)
          = (b.organization_id, b.meter_id, b.application_id, b.api_key_id, b.user_id, b.cost_center_id, b.tags)
        and coalesce(a.starts_at, 'infinity') = coalesce(b.starts_at, 'infinity')
    `,
    limit,
  );

function differences(
  compared: RawBuilder<unknown>,
  limit: number,
): RawBuilder<{ organization_id: string; subject: string; recorded: string; replayed: string }> {
  return sql`
    select organization_id, subject, coalesce(recorded, 'none') as recorded, coalesce(replayed, 'none') as replayed
    from (${compared}) as compared
    where recorded is distinct from replayed
    limit ${limit}
  `;
}

/**
 * All checks of counters and sums.
 * @scope deployment: a proof looks at every customer’s rows.
 */
export const quotaChecks: readonly Check[] = [
  check('What a counter has reserved differs from the open holds', (limit) =>
    differences(
      sql`
        with held as (
          select h.organization_id, h.api_key_id, h.user_id, h.cost_center_id, h.authorized_at as at, d.meter_id,
            d.amount
          from access_holds h
          cross join lateral (
            select v.meter_id, v.amount
            from (
              values ('mtr_requests', 1::bigint), ('mtr_tokens', h.tokens),
                ('mtr_cost', (select coalesce(sum(a), 0)::bigint from unnest(h.amounts) a))
            ) as v (meter_id, amount)
            where h.model is not null
            union all
            select m.meter_id, m.quantity
            from unnest(h.meter_ids, h.quantities) as m (meter_id, quantity)
          ) d
        ),
        replay as (
          select c.quota_id, c.window_from, sum(h.amount) as amount
          from held h
          ${quotasOf('h')}
          where q.aggregation in ('count', 'sum', 'weighted_sum')
          group by 1, 2
        )
        select c.organization_id, c.quota_id || ' from ' || c.window_from as subject, c.reserved::text as recorded,
          coalesce(r.amount, 0)::text as replayed
        from metering_counters c
        left join replay r using (quota_id, window_from)
      `,
      limit,
    ),
  ),
  check('What a counter has used differs from the receipts and events of its window', (limit) =>
    differences(
      sql`
        with used as (
          select u.organization_id, u.api_key_id, u.user_id, u.cost_center_id, u.authorized_at as at, d.meter_id,
            d.amount,
            null::text as value
          from metering_usage u
          cross join lateral (
            select v.meter_id, v.amount
            from (
              values ('mtr_requests', 1::bigint), ('mtr_tokens', u.input_tokens + u.output_tokens),
                ('mtr_cost', u.amount)
            ) as v (meter_id, amount)
            where u.model is not null
            union all
            select m.meter_id, m.quantity
            from unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
          ) d
          union all
          select e.organization_id, e.api_key_id, e.user_id, e.cost_center_id, e.occurred_at, e.meter_id, e.quantity,
            e.value
          from metering_events e
          where e.superseded_by is null
        ),
        replay as (
          select c.quota_id, c.window_from,
            case q.aggregation
              when 'unique' then count(distinct u.value)
              when 'max' then greatest(max(u.amount), 0)
              else sum(u.amount)
            end as amount
          from used u
          ${quotasOf('u')}
          where q.aggregation <> 'latest'
          group by 1, 2, q.aggregation
        )
        select c.organization_id, c.quota_id || ' from ' || c.window_from as subject, c.used::text as recorded,
          coalesce(r.amount, 0)::text as replayed
        from metering_counters c
        join entitlements_quotas q on q.id = c.quota_id and q.aggregation <> 'latest'
        left join replay r using (quota_id, window_from)
        where c.window_from >= ${keptSince}
      `,
      limit,
    ),
  ),
  check(
    'The sums of calls by hour differ from the receipts',
    callSums('hour', 'metering_calls_hourly'),
  ),
  check(
    'The sums of calls by day differ from the receipts',
    callSums('day', 'metering_calls_daily'),
  ),
  check(
    'The sums of quantities by hour differ from receipts and events',
    quantitySums('hour', 'metering_quantities_hourly'),
  ),
  check(
    'The sums of quantities by day differ from receipts and events',
    quantitySums('day', 'metering_quantities_daily'),
  ),
];
