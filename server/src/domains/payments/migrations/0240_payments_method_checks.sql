-- Stored methods are compared with their providers: a removal of which nobody told us is found before a renewal fails.

alter table payments_methods
  -- when its provider last said that it is there, and said what it is
  add column confirmed_at timestamptz,
  -- null: not compared yet, so due
  add column next_check_at timestamptz;

create index payments_methods_to_check on payments_methods (next_check_at)
where status = 'active';
