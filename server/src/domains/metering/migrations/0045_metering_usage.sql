-- One row per settled call: what was used, what it cost, what paid. Partitioned by the time inside the request id.

create table metering_usage (
  request_id text collate "C" not null,
  organization_id text collate "C" not null,
  api_key_id text,
  model text not null,
  price_id text not null,
  channel_id text,
  outcome text not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  estimated boolean not null,
  amount bigint not null,
  currency text not null,
  -- the buckets that paid, with what each paid; the kind is the id's prefix
  bucket_ids text[] not null,
  amounts bigint[] not null,
  shortfall bigint not null,
  late boolean not null,
  authorized_at timestamptz not null,
  settled_at timestamptz not null,
  recorded_at timestamptz not null,
  latency_ms integer,
  first_token_ms integer,
  constraint metering_usage_key primary key (request_id),
  constraint metering_usage_outcome check (outcome in ('completed', 'aborted', 'upstream_error'))
) partition by range (request_id);

-- Where a month's partition is missing; months are made ahead, so it stays empty.
create table metering_usage_default partition of metering_usage default;

create index metering_usage_by_organization on metering_usage (organization_id, request_id);
