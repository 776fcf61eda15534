-- What tax an invoice bears: rates by country, and what customers say of themselves.

create table invoicing_tax_rates (
  id text primary key,
  country text not null,
  name text not null,
  -- percent, as a plain decimal
  rate text not null,
  is_inclusive boolean not null,
  valid_from timestamptz not null,
  constraint invoicing_tax_rates_country check (country ~ '^[A-Z]{2}$'),
  constraint invoicing_tax_rates_once unique (country, valid_from)
);

create table invoicing_billing_details (
  organization_id text primary key,
  legal_name text,
  tax_id text,
  country text,
  address jsonb not null default '[]',
  invoice_email text,
  locale text,
  -- the operator's to give
  payment_terms_days integer not null default 0,
  is_tax_exempt boolean not null default false,
  updated_at timestamptz not null,
  constraint invoicing_billing_details_terms check (payment_terms_days between 0 and 365),
  constraint invoicing_billing_details_locale check (locale in ('en', 'zh-CN'))
);
