-- How periods are summed: whole days from the sums of days, whole hours beside them from the sums of hours, and what is
-- left at the ends from the events and receipts themselves (`row`). `place` is a period's place in the arrays. The sums are
-- cut in the zone that the organization was in when they were written: days serve where it has not moved since the period
-- began, hours where those that are there begin with an hour of the zone it is in now.

create function metering_period_spans(p_organization_ids text[], p_from timestamptz[], p_to timestamptz[])
returns table (place integer, organization_id text, grain text, starts_at timestamptz, ends_at timestamptz)
language sql
stable
as $$
  with asked as materialized (
    select a.place::integer as place, f.organization_id, f.time_zone as zone, a.starts_at, a.ends_at,
      f.time_zone_changed_at = '-infinity'
        -- what is reported may be a few minutes ahead
        or f.time_zone_changed_at + interval '10 minutes' <= a.starts_at as has_stayed
    from unnest(p_organization_ids, p_from, p_to) with ordinality as a (organization_id, starts_at, ends_at, place)
    join ledger_organizations f on f.organization_id = a.organization_id
  ),
  cut as materialized (
    select a.*,
      a.has_stayed or not exists (
        select
        from (
          select h.starts_at
          from metering_quantities_hourly h
          where h.organization_id = a.organization_id
            and h.starts_at > a.starts_at - interval '1 hour'
            and h.starts_at < a.ends_at
          union all
          select h.starts_at
          from metering_calls_hourly h
          where h.organization_id = a.organization_id
            and h.starts_at > a.starts_at - interval '1 hour'
            and h.starts_at < a.ends_at
        ) hours
        where hours.starts_at <> date_trunc('hour', hours.starts_at, a.zone)
      ) as are_hours_even,
      case
        when date_trunc('day', a.starts_at, a.zone) = a.starts_at then a.starts_at
        else (date_trunc('day', a.starts_at at time zone a.zone) + interval '1 day') at time zone a.zone
      end as first_midnight,
      date_trunc('day', a.ends_at, a.zone) as last_midnight
    from asked a
  ),
  pieces as (
    select c.place, c.organization_id, 'day' as grain, c.zone, c.are_hours_even, c.first_midnight as starts_at,
      c.last_midnight as ends_at
    from cut c
    where c.has_stayed and c.first_midnight < c.last_midnight
    union all
    select c.place, c.organization_id, 'hour', c.zone, c.are_hours_even, e.starts_at, e.ends_at
    from cut c
    cross join lateral (
      select c.starts_at, c.first_midnight
      where c.has_stayed and c.first_midnight < c.last_midnight
      union all
      select c.last_midnight, c.ends_at
      where c.has_stayed and c.first_midnight < c.last_midnight
      union all
      select c.starts_at, c.ends_at
      where not (c.has_stayed and c.first_midnight < c.last_midnight)
    ) e (starts_at, ends_at)
  ),
  hours as (
    select p.*,
      case
        when date_trunc('hour', p.starts_at, p.zone) = p.starts_at then p.starts_at
        else date_trunc('hour', p.starts_at, p.zone) + interval '1 hour'
      end as first_hour,
      date_trunc('hour', p.ends_at, p.zone) as last_hour
    from pieces p
    where p.grain = 'hour'
  )
  select s.place, s.organization_id, s.grain, s.starts_at, s.ends_at
  from (
    select p.place, p.organization_id, p.grain, p.starts_at, p.ends_at
    from pieces p
    where p.grain = 'day'
    union all
    select h.place, h.organization_id, h.grain, h.first_hour, h.last_hour
    from hours h
    where h.are_hours_even and h.first_hour < h.last_hour
    union all
    select h.place, h.organization_id, 'row', e.starts_at, e.ends_at
    from hours h
    cross join lateral (
      select h.starts_at, h.first_hour
      where h.are_hours_even and h.first_hour < h.last_hour
      union all
      select h.last_hour, h.ends_at
      where h.are_hours_even and h.first_hour < h.last_hour
      union all
      select h.starts_at, h.ends_at
      where not (h.are_hours_even and h.first_hour < h.last_hour)
    ) e (starts_at, ends_at)
  ) s
  where s.starts_at < s.ends_at
$$;
