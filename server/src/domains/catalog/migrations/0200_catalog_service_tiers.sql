-- Prices of calls that are served flexibly, with priority or in batches: service tier -> position -> nano-units, only
-- what differs.

alter table catalog_model_prices add column service_tiers jsonb not null default '{}';
