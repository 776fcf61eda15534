-- Where organizations have events sent, and what was sent there.

create table webhooks_endpoints (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  url text not null,
  description text not null,
  -- names of events; null: every one
  events text[],
  status text not null,
  -- why it is off
  disabled_reason text,
  sealed_secret text not null,
  -- signs as well until it expires
  sealed_previous_secret text,
  previous_expires_at timestamptz,
  -- since when nothing was taken there
  failing_since timestamptz,
  created_at timestamptz not null,
  constraint webhooks_endpoints_status check (status in ('enabled', 'disabled')),
  constraint webhooks_endpoints_reason
    check (disabled_reason is null or disabled_reason in ('by_member', 'failing', 'gone')),
  constraint webhooks_endpoints_off check ((status = 'disabled') = (disabled_reason is not null)),
  constraint webhooks_endpoints_previous
    check ((sealed_previous_secret is null) = (previous_expires_at is null))
);

create index webhooks_endpoints_of_organization on webhooks_endpoints (organization_id, id);

create table webhooks_deliveries (
  id text collate "C" primary key,
  endpoint_id text collate "C" not null references webhooks_endpoints (id) on delete cascade,
  organization_id text collate "C" not null,
  -- what the receiver knows it by, on every try: the id of what happened
  message_id text collate "C" not null,
  event text not null,
  is_test boolean not null,
  -- what is signed and sent, byte for byte
  body text not null,
  status text not null,
  tries integer not null default 0,
  response_status integer,
  created_at timestamptz not null,
  due_at timestamptz,
  -- one process sends it until then; another takes it over afterwards
  leased_until timestamptz,
  constraint webhooks_deliveries_once unique (endpoint_id, message_id),
  constraint webhooks_deliveries_status check (status in ('pending', 'delivered', 'failed')),
  constraint webhooks_deliveries_due check ((status = 'pending') = (due_at is not null)),
  constraint webhooks_deliveries_leased check (status = 'pending' or leased_until is null)
);

create index webhooks_deliveries_due on webhooks_deliveries (endpoint_id, due_at, id) where status = 'pending';
create index webhooks_deliveries_leased on webhooks_deliveries (endpoint_id, leased_until)
  where leased_until is not null;
create index webhooks_deliveries_of_endpoint on webhooks_deliveries (endpoint_id, id);
create index webhooks_deliveries_of_organization on webhooks_deliveries (organization_id, id);
create index webhooks_deliveries_old on webhooks_deliveries (created_at);

create table webhooks_tries (
  delivery_id text collate "C" not null references webhooks_deliveries (id) on delete cascade,
  number integer not null,
  started_at timestamptz not null,
  -- null while it is under way
  outcome text,
  response_status integer,
  response_excerpt text,
  error text,
  duration_ms integer,
  primary key (delivery_id, number),
  constraint webhooks_tries_outcome check (
    outcome is null
    or outcome in ('delivered', 'refused', 'redirected', 'timed_out', 'unreachable', 'not_allowed', 'interrupted')
  )
);
