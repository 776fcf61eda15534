-- What speaks against organizations: their score, the flags that rules raised, and what an operator made of those.

-- Somebody should look at these: written where something happens, removed by whoever has looked. Rows are only added, so
-- that nothing waits for them.
create table risk_pending (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  -- whether those who share something with it are looked at, too
  spreads boolean not null
);

create index risk_pending_by_organization on risk_pending (organization_id, id);

create table risk_organizations (
  organization_id text collate "C" primary key,
  score integer not null default 0,
  is_held boolean not null default false,
  evaluated_at timestamptz,
  constraint risk_organizations_score check (score between 0 and 100)
);

-- The score whenever it was another one.
create table risk_scores (
  organization_id text collate "C" not null,
  at timestamptz not null,
  score integer not null,
  primary key (organization_id, at)
);

create table risk_flags (
  id text collate "C" primary key,
  organization_id text collate "C" not null,
  rule text not null,
  state text not null,
  points integer not null,
  count integer not null,
  holds boolean not null,
  evidence jsonb not null,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  decided_by text,
  note text,
  constraint risk_flags_state check (state in ('open', 'confirmed', 'lifted', 'faded')),
  constraint risk_flags_holds check (not holds or state in ('open', 'confirmed')),
  constraint risk_flags_decided check ((state in ('confirmed', 'lifted')) = (note is not null))
);

-- A rule has one flag in force for an organization, however often and by however many it is judged.
create unique index risk_flags_in_force on risk_flags (organization_id, rule)
where state in ('open', 'confirmed');
create index risk_flags_of_organization on risk_flags (organization_id, id);

-- What an operator has looked at and lifted: it never raises that flag again.
create table risk_excused (
  organization_id text collate "C" not null,
  rule text not null,
  evidence text collate "C" not null,
  flag_id text not null references risk_flags (id),
  primary key (organization_id, rule, evidence)
);

-- Failed sign-ins at the accounts of an organization's own person, by hour.
create table risk_sign_ins (
  organization_id text collate "C" not null,
  hour timestamptz not null,
  failures integer not null,
  primary key (organization_id, hour),
  constraint risk_sign_ins_failures check (failures > 0)
);

create index risk_sign_ins_by_hour on risk_sign_ins (hour);

-- Days on which a young organization used more than its age lets expect; nano-units of the usage currency.
create table risk_bursts (
  organization_id text collate "C" not null,
  day timestamptz not null,
  amount bigint not null,
  allowed bigint not null,
  primary key (organization_id, day)
);
