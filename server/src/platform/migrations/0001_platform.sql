-- The outbox, and the answers kept for repeated requests.

create table platform_outbox (
  id text primary key,
  event text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  due_at timestamptz not null
);

create index platform_outbox_due on platform_outbox (due_at, id);

create table platform_idempotency_keys (
  id text primary key,
  scope text not null,
  key text not null,
  operation text not null,
  request_hash text not null,
  -- true once a transaction of the request has committed
  effect boolean not null default false,
  status integer,
  sealed_answer text,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  constraint platform_idempotency_keys_once unique (scope, key),
  constraint platform_idempotency_keys_answered check ((status is null) = (sealed_answer is null))
);

create index platform_idempotency_keys_expiry on platform_idempotency_keys (expires_at);
