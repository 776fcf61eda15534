-- Parked money is asked for by the attempt that it came for, and by the invoice that it was applied to.

create index payments_unapplied_of_attempt on payments_unapplied (attempt_id);
create index payments_unapplied_of_invoice on payments_unapplied (applied_invoice_id)
where applied_invoice_id is not null;
