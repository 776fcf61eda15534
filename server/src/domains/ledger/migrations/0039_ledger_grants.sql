-- Credit that was given, once or period by period. What may be spent is in buckets: one of each period, the next one
-- opened ahead, so that nothing has to run at the instant at which a period turns.

create table ledger_grants (
  id text collate "C" primary key,
  organization_id text collate "C" not null references ledger_organizations (organization_id),
  -- of each period
  amount bigint not null,
  currency text not null,
  priority integer not null,
  reference text not null,
  note text,
  starts_at timestamptz not null,
  ends_at timestamptz not null default 'infinity',
  -- null: it is given once
  interval_unit text,
  interval_count integer,
  -- the most that is carried into the next period
  rollover_max bigint not null default 0,
  -- whose days, months and years the periods are
  time_zone text not null,
  created_at timestamptz not null,
  constraint ledger_grants_amount check (amount > 0),
  constraint ledger_grants_rollover check (rollover_max >= 0),
  constraint ledger_grants_interval check (
    num_nulls(interval_unit, interval_count) in (0, 2)
    and interval_unit in ('day', 'week', 'month', 'year')
    and interval_count > 0
  )
);

create index ledger_grants_by_organization on ledger_grants (organization_id, id);

create table ledger_grant_periods (
  grant_id text collate "C" not null references ledger_grants (id),
  -- from 0
  number integer not null,
  bucket_id text collate "C" not null references ledger_buckets (id),
  closes_at timestamptz not null,
  -- when what was left was carried on or expired for the first time; calls in flight may still give back more
  turned_at timestamptz,
  carried bigint not null default 0,
  -- nothing of it can come back
  is_closed boolean not null default false,
  primary key (grant_id, number)
);

create index ledger_grant_periods_open on ledger_grant_periods (closes_at) where not is_closed;

-- Grants of before.
insert into ledger_grants (
  id, organization_id, amount, currency, priority, reference, starts_at, ends_at, time_zone, created_at
)
select b.id, b.organization_id, t.amount, b.currency, b.priority, t.reference, t.occurred_at, b.closes_at, f.time_zone,
  t.recorded_at
from ledger_buckets b
join ledger_organizations f on f.organization_id = b.organization_id
join ledger_transfers t on t.organization_id = b.organization_id and t.credit = b.account and t.kind = 'grant'
where b.kind = 'grant';

insert into ledger_grant_periods (grant_id, number, bucket_id, closes_at)
select g.id, 0, g.id, g.ends_at
from ledger_grants g;
