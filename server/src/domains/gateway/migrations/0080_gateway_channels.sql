-- Upstream channels: the accounts through which calls are relayed.

create table gateway_channels (
  id text primary key,
  name text not null,
  dialect text not null,
  base_url text not null,
  -- sealed for this row only; never answered
  sealed_api_key text not null,
  models text[] not null,
  aliases jsonb not null default '{}',
  weight integer not null default 1,
  priority integer not null default 0,
  concurrency integer,
  status text not null default 'active',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint gateway_channels_dialect check (dialect in ('openai', 'anthropic', 'gemini')),
  constraint gateway_channels_status check (status in ('active', 'disabled')),
  constraint gateway_channels_weight check (weight >= 0),
  constraint gateway_channels_concurrency check (concurrency is null or concurrency >= 1)
);
