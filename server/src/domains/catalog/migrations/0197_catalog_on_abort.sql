-- What a call of a plan costs whose caller left before its end. Versions of before say nothing of it, which is `delivered`.
alter table catalog_plans
  add column on_abort text not null default 'delivered',
  add constraint catalog_plans_on_abort check (on_abort in ('delivered', 'drained'));
alter table catalog_plans alter column on_abort drop default;
