-- How payments ended is counted over months; charges that failed are found to warn of the next.

create index payments_attempts_outcomes on payments_attempts (created_at)
include (provider, status, is_automatic, decline_code, organization_id);

create index payments_attempts_charges_failed on payments_attempts (created_at, organization_id)
where is_automatic and status = 'failed';

create index payments_methods_expiring on payments_methods (expires, organization_id)
where status = 'active' and is_default;
