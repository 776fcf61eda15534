-- Makes the limits of quotas anew from the sources in force at an instant. The one place where the rule is written:
-- an override stands alone; whatever else is in force adds up, and one source without a limit makes it unlimited; one
-- hard source makes it hard. Without any source in force the quota limits nothing and counts on, so that a source that
-- comes back within the window finds what was used. The caller has locked the organizations' funds rows.

create function entitlements_refresh_quotas(p_quota_ids text[], p_at timestamptz)
returns void
language sql
as $$
  update entitlements_quotas as quota
  set limit_amount = made.limit_amount,
    is_hard = made.is_hard,
    is_in_force = made.is_in_force,
    changes_at = made.changes_at
  from (
    select
      asked.quota_id,
      case
        when count(standing.quota_id) = 0 or bool_or(standing.limit_amount is null) then null
        -- A sum past what a counter can hold is as good as the most that it can hold.
        else least(sum(standing.limit_amount), 9223372036854775807)::bigint
      end as limit_amount,
      coalesce(bool_or(standing.is_hard), false) as is_hard,
      count(standing.quota_id) > 0 as is_in_force,
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
    left join lateral (
      select source.quota_id, source.limit_amount, source.is_hard
      from entitlements_quota_sources source
      where source.quota_id = asked.quota_id
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
    ) standing on true
    group by asked.quota_id
  ) as made
  where quota.id = made.quota_id;
$$;
