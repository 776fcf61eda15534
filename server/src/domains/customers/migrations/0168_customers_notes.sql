-- What operators note about a customer: written once, and kept.

create table customers_notes (
  id text primary key,
  organization_id text not null references identity_organizations (id),
  text text not null,
  -- who wrote it; null where the system did
  author_id text,
  created_at timestamptz not null,
  constraint customers_notes_text check (text <> '')
);

create index customers_notes_of_organization on customers_notes (organization_id, id desc);

-- They go only with the person whose own organization they are about: the transaction that deletes the account says so.
create function customers_notes_stay() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('customers.erased_organization', true) = old.organization_id then
    return old;
  end if;
  raise exception 'customers_notes is append-only';
end;
$$;

create trigger customers_notes_stay before update or delete on customers_notes
for each row execute function customers_notes_stay();
create trigger customers_notes_stay_all before truncate on customers_notes
for each statement execute function customers_notes_stay();
