-- Credit that is paid out: which return of money took how much of which credit note. A return that failed gives it back.

create table invoicing_credit_returns (
  return_id text not null,
  credit_note_id text not null references invoicing_credit_notes (id),
  minor bigint not null,
  constraint invoicing_credit_returns_key primary key (return_id, credit_note_id),
  constraint invoicing_credit_returns_not_negative check (minor >= 0)
);

create index invoicing_credit_returns_of_note on invoicing_credit_returns (credit_note_id);
