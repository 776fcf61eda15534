-- What a plan costs, and every version of what it gave and cost: who subscribed stays on the version that was bought.

alter table catalog_plans add column offer jsonb not null default
  '{"prices": [], "trial_days": 0, "setup_fee": "0", "charges": [], "proration": "second", "refund": "unused", "visible_to": "public"}';
alter table catalog_plans alter column offer drop default;

create table catalog_plan_versions (
  plan_id text not null references catalog_plans (id),
  version integer not null,
  -- {quotas, features, models, requests_per_minute, tokens_per_minute, concurrency, on_short_funds, offer}
  terms jsonb not null,
  created_at timestamptz not null,
  primary key (plan_id, version)
);

insert into catalog_plan_versions (plan_id, version, terms, created_at)
select p.id, p.version, jsonb_build_object(
    'quotas', p.quotas, 'features', p.features, 'models', p.models, 'requests_per_minute', p.requests_per_minute,
    'tokens_per_minute', p.tokens_per_minute::text, 'concurrency', p.concurrency,
    'on_short_funds', p.on_short_funds, 'offer', p.offer
  ), p.updated_at
from catalog_plans p;

create function catalog_keep_plan_version() returns trigger
language plpgsql
as $$
begin
  raise exception 'a version of a plan is never changed: add another one';
end
$$;

create trigger catalog_plan_versions_kept before update or delete on catalog_plan_versions
for each row execute function catalog_keep_plan_version();
