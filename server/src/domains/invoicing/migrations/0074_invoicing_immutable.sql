-- What was issued stays as it is: only its number, its state and what happened to it since may change.

create function invoicing_keep_issued() returns trigger
language plpgsql
as $$
declare
  may_change constant text[] := array[
    'status', 'credited_minor', 'credited_tax_minor', 'credited_due_minor',
    'overdue_at', 'asked_at', 'paid_at', 'voided_at', 'written_off_at', 'remaining_minor'
  ];
  before jsonb;
  after jsonb;
begin
  if tg_op = 'DELETE' then
    raise exception 'what was issued is never deleted: correct it with a credit note';
  end if;
  before := to_jsonb(old) - may_change;
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

create trigger invoicing_invoices_keep
before update or delete on invoicing_invoices
for each row execute function invoicing_keep_issued();

create trigger invoicing_credit_notes_keep
before update or delete on invoicing_credit_notes
for each row execute function invoicing_keep_issued();

create function invoicing_follow_states() returns trigger
language plpgsql
as $$
begin
  if (old.status, new.status) not in (
    ('open', 'paid'), ('open', 'void'), ('open', 'uncollectible'), ('uncollectible', 'paid')
  ) then
    raise exception 'an invoice does not go from % to %', old.status, new.status;
  end if;
  return new;
end
$$;

create trigger invoicing_invoices_states
before update of status on invoicing_invoices
for each row
when (old.status <> new.status)
execute function invoicing_follow_states();

-- Lines come with their invoice, which has no number before the end of that transaction.
create function invoicing_keep_lines() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'INSERT' then
    raise exception 'lines of an invoice are never changed: correct it with a credit note';
  end if;
  if exists (select from invoicing_invoices where id = new.invoice_id and number is not null) then
    raise exception 'an invoice that was issued takes no more lines';
  end if;
  return new;
end
$$;

create trigger invoicing_lines_keep
before insert or update or delete on invoicing_lines
for each row execute function invoicing_keep_lines();

-- Gapless numbers would have holes where one was forgotten.
create function invoicing_require_number() returns trigger
language plpgsql
as $$
begin
  if (tg_table_name = 'invoicing_invoices' and exists (
    select from invoicing_invoices where id = new.id and number is null
  )) or (tg_table_name = 'invoicing_credit_notes' and exists (
    select from invoicing_credit_notes where id = new.id and number is null
  )) then
    raise exception 'what is issued has a number when its transaction ends';
  end if;
  return null;
end
$$;

create constraint trigger invoicing_invoices_numbered
after insert on invoicing_invoices
deferrable initially deferred
for each row execute function invoicing_require_number();

create constraint trigger invoicing_credit_notes_numbered
after insert on invoicing_credit_notes
deferrable initially deferred
for each row execute function invoicing_require_number();
