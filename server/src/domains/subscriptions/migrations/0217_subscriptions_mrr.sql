-- What subscriptions are worth a month, and how that moved. A movement is written by the statement that changes the
-- worth, so that all movements of an organization and currency always add up to what it pays now.

alter table subscriptions_subscriptions
  add column mrr_minor bigint not null default 0,
  -- null: not counted yet, as what is older than this column
  add column mrr_currency text;

create index subscriptions_subscriptions_uncounted on subscriptions_subscriptions (id)
where mrr_currency is null and status <> 'expired';

create table subscriptions_mrr_movements (
  organization_id text collate "C" not null,
  currency text collate "C" not null,
  occurred_at timestamptz not null,
  subscription_id text collate "C" not null,
  kind text collate "C" not null,
  before_minor bigint not null,
  after_minor bigint not null,
  -- when the organization first paid in this currency: its cohort
  first_at timestamptz not null,
  constraint subscriptions_mrr_movements_key primary key (organization_id, currency, occurred_at),
  constraint subscriptions_mrr_movements_kind check (
    kind in ('new', 'expansion', 'contraction', 'churn', 'reactivation')
  ),
  constraint subscriptions_mrr_movements_moves check (
    before_minor >= 0 and after_minor >= 0 and before_minor <> after_minor
  )
);

create index subscriptions_mrr_movements_by_time
on subscriptions_mrr_movements (occurred_at, organization_id, currency);
create index subscriptions_mrr_movements_of_subscription on subscriptions_mrr_movements (subscription_id);

-- Compares what an organization pays in a currency with the last movement. What happens at one instant is one movement: a
-- subscription that takes another's place is no loss. The caller holds the organization's funds row.
create function subscriptions_move_mrr(
  p_organization_id text, p_currency text, p_subscription_id text, p_at timestamptz
) returns void
language plpgsql
as $$
declare
  last subscriptions_mrr_movements;
  was bigint := 0;
  has_paid timestamptz;
  moved_at timestamptz := p_at;
  worth bigint := (
    select coalesce(sum(mrr_minor), 0)
    from subscriptions_subscriptions
    where organization_id = p_organization_id
      and mrr_currency = p_currency
      and status <> 'expired'
  );
begin
  select m.*
  into last
  from subscriptions_mrr_movements m
  where m.organization_id = p_organization_id
    and m.currency = p_currency
  order by m.occurred_at desc
  limit 1;
  if found then
    was := last.after_minor;
    has_paid := last.first_at;
    if last.occurred_at >= p_at then
      moved_at := last.occurred_at;
      was := last.before_minor;
      delete from subscriptions_mrr_movements
      where organization_id = p_organization_id
        and currency = p_currency
        and occurred_at = moved_at;
      if was = 0 and last.first_at = moved_at then
        has_paid := null;
      end if;
    end if;
  end if;
  if was = worth then
    return;
  end if;
  insert into subscriptions_mrr_movements (
    organization_id, currency, occurred_at, subscription_id, kind, before_minor, after_minor, first_at
  )
  values (
    p_organization_id, p_currency, moved_at, p_subscription_id,
    case
      when was = 0 and has_paid is null then 'new'
      when was = 0 then 'reactivation'
      when worth = 0 then 'churn'
      when worth > was then 'expansion'
      else 'contraction'
    end,
    was, worth, coalesce(has_paid, moved_at)
  );
end
$$;

create function subscriptions_hear_of_mrr() returns trigger
language plpgsql
as $$
declare
  -- what was there before movements were kept began when the subscription did
  at timestamptz := new.updated_at;
begin
  if tg_op = 'UPDATE' and old.mrr_currency is null then
    at := new.started_at;
  end if;
  if new.mrr_currency is not null then
    perform subscriptions_move_mrr(new.organization_id, new.mrr_currency, new.id, at);
  end if;
  if tg_op = 'UPDATE' and old.mrr_currency <> new.mrr_currency then
    perform subscriptions_move_mrr(new.organization_id, old.mrr_currency, new.id, at);
  end if;
  return new;
end
$$;

create trigger subscriptions_mrr_added
after insert on subscriptions_subscriptions
for each row when (new.mrr_minor <> 0)
execute function subscriptions_hear_of_mrr();

create trigger subscriptions_mrr_changed
after update on subscriptions_subscriptions
for each row when (
  old.mrr_minor <> new.mrr_minor or (old.mrr_currency is distinct from new.mrr_currency and new.mrr_minor <> 0)
)
execute function subscriptions_hear_of_mrr();
