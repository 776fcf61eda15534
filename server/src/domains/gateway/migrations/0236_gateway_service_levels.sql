-- How calls ended and how long they took, by model and span of time, added up over all processes: what the status page is
-- made from. Nothing in it tells of a customer.

create table gateway_service_levels (
  span text not null,
  -- of the wall clock, in UTC
  starts_at timestamptz not null,
  -- empty where a call failed before its model was known
  model text collate "C" not null,
  served bigint not null,
  failed_here bigint not null,
  failed_upstream bigint not null,
  -- calls that were served, by how long it took until the first token of a stream and until the end: the n-th figure counts
  -- those of the n-th step, each step is a fourth root of two wide, and what is missing at the end is zero
  first_token bigint[] not null,
  whole bigint[] not null,
  primary key (span, starts_at, model),
  constraint gateway_service_levels_span check (span in ('five_minutes', 'hour', 'day')),
  constraint gateway_service_levels_counts check (served >= 0 and failed_here >= 0 and failed_upstream >= 0)
) with (fillfactor = 50);
