-- Since when an organization owes: within the days of grace its calls go on. And what strangers may ask for, by address.

alter table identity_organizations add column past_due_since timestamptz;

update identity_organizations
set past_due_since = created_at
where status = 'past_due';

alter table identity_organizations
  add constraint identity_organizations_past_due check ((status = 'past_due') = (past_due_since is not null));

-- Sign-ups and forgotten passwords of an address within an hour; the address is kept as a hash.
create table identity_address_attempts (
  subject text primary key,
  attempts integer not null,
  since timestamptz not null,
  constraint identity_address_attempts_positive check (attempts > 0)
);

create index identity_address_attempts_age on identity_address_attempts (since);
