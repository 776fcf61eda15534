-- Operators ask for a payment by the provider's own number of it.

create index payments_attempts_of_provider_transaction on payments_attempts (provider_transaction)
where provider_transaction is not null;
create index payments_transactions_of_provider_transaction on payments_transactions (provider_transaction);
