-- Operators list who has a plan.

create index entitlements_plans_of_plan on entitlements_plans (plan_id, organization_id desc);
