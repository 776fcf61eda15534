-- Keeps what a piece of money, and its payment, have given back. The row of the money is locked by the update, so that
-- two refunds at once are counted one after the other, and its check refuses the one that is too many.

create function payments_count_refund() returns trigger
language plpgsql
as $$
declare
  was_counted boolean := tg_op = 'UPDATE' and old.status <> 'failed';
  direction integer := (new.status <> 'failed')::integer - was_counted::integer;
begin
  if tg_op = 'UPDATE' and (old.amount_minor, old.charged_minor, old.transaction_id, old.number)
    <> (new.amount_minor, new.charged_minor, new.transaction_id, new.number) then
    raise exception 'what a refund gives back is never changed: make another';
  end if;
  if direction = 0 then
    return new;
  end if;
  update payments_transactions
  set returned_minor = returned_minor + direction * new.charged_minor
  where id = new.transaction_id;
  -- A second piece of money for the same attempt is no part of what it succeeded with.
  update payments_attempts a
  set refunded_minor = a.refunded_minor + direction * new.amount_minor
  from payments_transactions t
  where t.id = new.transaction_id
    and a.id = new.attempt_id
    and a.provider_transaction = t.provider_transaction;
  return new;
end
$$;

create trigger payments_refunds_count
after insert or update on payments_refunds
for each row execute function payments_count_refund();

create function payments_keep_refund() returns trigger
language plpgsql
as $$
begin
  raise exception 'a refund is never deleted';
end
$$;

create trigger payments_refunds_keep
before delete on payments_refunds
for each row execute function payments_keep_refund();
