-- Channels with several keys, a proxy and a cost; how they are doing, and what failed on them.

alter table gateway_channels
-- [{id, sealed, prefix, created_at}], each sealed for this row only; never answered
add column keys jsonb,
-- may hold a password
add column sealed_proxy_url text,
-- {factor} of the list price or {prices: {model: {…}}} in nano-units per million tokens; null where unknown
add column cost jsonb;

update gateway_channels
set keys = jsonb_build_array(jsonb_build_object(
  'id', 'chk_' || substr(id, 5),
  'sealed', sealed_api_key,
  'prefix', null,
  'created_at', updated_at
));

alter table gateway_channels
alter column keys set not null,
drop column sealed_api_key,
add constraint gateway_channels_keys check (jsonb_array_length(keys) between 1 and 20);

-- How a channel is doing, as one process sees it; a process replaces its own rows.
create table gateway_channel_health (
  channel_id text not null,
  process_id text not null,
  seen_at timestamptz not null,
  health jsonb not null,
  primary key (channel_id, process_id)
) with (fillfactor = 50);

-- Attempts that failed; kept for 90 days.
create table gateway_attempts (
  id text primary key,
  channel_id text not null,
  organization_id text not null,
  request_id text not null,
  model text not null,
  -- null where the upstream did not answer
  status integer,
  reason text not null,
  -- nano-units that the upstream probably charged; null for nothing or unknown
  cost bigint,
  currency text not null,
  attempted_at timestamptz not null
);
create index gateway_attempts_by_channel on gateway_attempts (channel_id, id);
create index gateway_attempts_by_age on gateway_attempts (attempted_at);
