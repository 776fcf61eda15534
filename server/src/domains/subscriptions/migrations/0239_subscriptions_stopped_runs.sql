-- A billing run that was stopped waits to be resumed.

alter table subscriptions_billing_runs
drop constraint subscriptions_billing_runs_status,
add constraint subscriptions_billing_runs_status check (status in ('running', 'stopped', 'completed'));
