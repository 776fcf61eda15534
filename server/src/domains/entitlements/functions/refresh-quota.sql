-- Makes the limits of quotas anew from the sources in force at an instant. The one place where the rule is written:
-- an override stands alone; whatever else is in force adds up, and one source without a limit makes it unlimited; one
-- hard source makes it hard. The least cap in force bounds what these give, and is hard where it does. Without any source
-- in force the quota limits nothing and counts on, so that a source that comes back within the window finds what was used.
-- The caller has locked the organizations' funds rows.

create function entitlements_refresh_quotas(p_quota_ids text[], p_at timestamptz)
returns void
language sql
as $$
  update entitlements_quotas as quota
  set limit_amount = case when made.is_capped then made.cap else made.given end,
    is_hard = made.is_capped or made.is_hard,
    is_in_force = made.is_in_force,
    changes_at = made.changes_at
  from (
    select
      asked.quota_id,
      standing.given,
      coalesce(standing.is_hard, false) as is_hard,
      capped.cap,
      coalesce(capped.cap <= standing.given, capped.cap is not null) as is_capped,
      standing.sources + capped.sources > 0 as is_in_force,
      (
        select least(
          min(source.starts_at) filter (where source.starts_at > p_at),
          min(source.ends_at) filter (where source.ends_at > p_at),
          'infinity'
        )
        from entitlements_quota_sources source
        where source.quota_id = asked.quota_id
      ) as changes_at
    from unnest(p_quota_ids) as asked (quota_id)
    cross join lateral (
      select count(*) as sources,
        case
          when count(*) = 0 or bool_or(source.limit_amount is null) then null
          -- A sum past what a counter can hold is as good as the most that it can hold.
          else least(sum(source.limit_amount), 9223372036854775807)::bigint
        end as given,
        bool_or(source.is_hard) as is_hard
      from entitlements_quota_sources source
      where source.quota_id = asked.quota_id
        and source.source <> 'cap'
        and source.starts_at <= p_at
        and source.ends_at > p_at
        and (
          source.source = 'override'
          or not exists (
            select 1
            from entitlements_quota_sources override
            where override.quota_id = asked.quota_id
              and override.source = 'override'
              and override.starts_at <= p_at
              and override.ends_at > p_at
          )
        )
    ) as standing
    cross join lateral (
      select count(*) as sources, min(source.limit_amount) as cap
      from entitlements_quota_sources source
      where source.quota_id = asked.quota_id
        and source.source = 'cap'
        and source.starts_at <= p_at
        and source.ends_at > p_at
    ) as capped
  ) as made
  where quota.id = made.quota_id;
$$;
