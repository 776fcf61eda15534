-- Drafts: invoices that are still written. They bear no number, nothing is posted for them, and they may be thrown away.

alter table invoicing_invoices
-- what finalizing needs beyond what is shown: discounts, which lines are taxed, the term
add column draft jsonb,
drop constraint invoicing_invoices_status,
add constraint invoicing_invoices_status check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
add constraint invoicing_invoices_draft check (
  (status = 'draft') = (draft is not null)
  and (status <> 'draft' or (number is null and credit_applied_minor = 0 and credited_minor = 0))
);

create or replace function invoicing_keep_issued() returns trigger
language plpgsql
as $$
declare
  may_change text[] := array[
    'status', 'credited_minor', 'credited_tax_minor', 'credited_due_minor',
    'overdue_at', 'asked_at', 'paid_at', 'voided_at', 'written_off_at', 'remaining_minor'
  ];
  before jsonb := to_jsonb(old);
  after jsonb;
begin
  if before ->> 'status' = 'draft' then
    if tg_op = 'DELETE' then
      return old;
    end if;
    if (old.id, before -> 'organization_id', before -> 'kind', before -> 'billing_key')
      is distinct from
      (new.id, to_jsonb(new) -> 'organization_id', to_jsonb(new) -> 'kind', to_jsonb(new) -> 'billing_key')
    then
      raise exception 'a draft stays with whom and what it is for';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'what was issued is never deleted: correct it with a credit note';
  end if;
  before := before - may_change;
  after := to_jsonb(new) - may_change;
  if old.number is null then
    before := before - 'number';
    after := after - 'number';
  end if;
  if before <> after then
    raise exception 'what was issued is never changed: correct it with a credit note';
  end if;
  return new;
end
$$;

create or replace function invoicing_follow_states() returns trigger
language plpgsql
as $$
begin
  if (old.status, new.status) not in (
    ('draft', 'open'), ('open', 'paid'), ('open', 'void'), ('open', 'uncollectible'), ('uncollectible', 'paid')
  ) then
    raise exception 'an invoice does not go from % to %', old.status, new.status;
  end if;
  return new;
end
$$;

create or replace function invoicing_keep_lines() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' and exists (
    select from invoicing_invoices where id = old.invoice_id and status = 'draft'
  ) then
    return old;
  end if;
  if tg_op <> 'INSERT' then
    raise exception 'lines of an invoice are never changed: correct it with a credit note';
  end if;
  if exists (select from invoicing_invoices where id = new.invoice_id and number is not null) then
    raise exception 'an invoice that was issued takes no more lines';
  end if;
  return new;
end
$$;

create or replace function invoicing_require_number() returns trigger
language plpgsql
as $$
begin
  if (tg_table_name = 'invoicing_invoices' and exists (
    select from invoicing_invoices where id = new.id and number is null and status <> 'draft'
  )) or (tg_table_name = 'invoicing_credit_notes' and exists (
    select from invoicing_credit_notes where id = new.id and number is null
  )) then
    raise exception 'what is issued has a number when its transaction ends';
  end if;
  return null;
end
$$;

create constraint trigger invoicing_invoices_numbered_when_final
after update of status on invoicing_invoices
deferrable initially deferred
for each row
when (old.status = 'draft')
execute function invoicing_require_number();
