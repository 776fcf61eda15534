-- The price book: versions of each model's prices. A version never changes, so its id is a price snapshot.

create table catalog_model_prices (
  id text primary key,
  model text not null,
  currency text not null,
  -- position -> nano-units per million tokens (request: per call), as decimal text
  prices jsonb not null,
  tiers jsonb not null default '[]',
  context_window integer,
  max_output_tokens integer,
  effective_from timestamptz not null,
  source text not null,
  created_at timestamptz not null,
  constraint catalog_model_prices_source check (source in ('operator', 'dataset')),
  constraint catalog_model_prices_limits check (context_window > 0 and max_output_tokens > 0)
);

create index catalog_model_prices_model on catalog_model_prices (model, source, effective_from desc, id desc);
create unique index catalog_model_prices_dataset_once
  on catalog_model_prices (model, effective_from) where source = 'dataset';

create function catalog_refuse_price_change() returns trigger language plpgsql as $$
begin
  raise exception 'a version of the price book never changes: add another';
end
$$;

create trigger catalog_model_prices_immutable
  before update or delete on catalog_model_prices
  for each row execute function catalog_refuse_price_change();
