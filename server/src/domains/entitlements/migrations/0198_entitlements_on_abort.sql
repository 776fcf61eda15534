-- The plan's rule for calls whose caller left, as it was when the organization got the plan.
alter table entitlements_plans
  add column on_abort text not null default 'delivered',
  add constraint entitlements_plans_on_abort check (on_abort in ('delivered', 'drained'));
alter table entitlements_plans alter column on_abort drop default;
