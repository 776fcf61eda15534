-- When a provider last answered a call of ours, and when it last did not: kept to half a minute.

create table payments_provider_calls (
  provider text primary key,
  succeeded_at timestamptz,
  failed_at timestamptz,
  -- which call it was
  failed_call text
);

create index payments_attempts_of_provider on payments_attempts (provider, created_at);
