-- Fapiao, the Chinese tax receipt: asked for by customers, issued by operators in the tax bureau's system, kept here.

-- Who a fapiao was made out to last.
create table invoicing_fapiao_titles (
  organization_id text primary key,
  vat text not null,
  title jsonb not null,
  updated_at timestamptz not null,
  constraint invoicing_fapiao_titles_vat check (vat in ('general', 'special'))
);

create table invoicing_fapiao (
  id text primary key,
  organization_id text not null,
  status text not null,
  vat text not null,
  title jsonb not null,
  currency text not null,
  amount_minor bigint not null,
  code text,
  number text,
  issued_on date,
  reason text,
  red_code text,
  red_number text,
  reversed_on date,
  requested_at timestamptz not null,
  issued_at timestamptz,
  sent_at timestamptz,
  closed_at timestamptz,
  constraint invoicing_fapiao_status check (
    status in ('requested', 'issued', 'sent', 'rejected', 'to_be_reversed', 'reversed')
  ),
  constraint invoicing_fapiao_vat check (vat in ('general', 'special')),
  constraint invoicing_fapiao_amount check (amount_minor > 0),
  constraint invoicing_fapiao_issued check (
    (status in ('requested', 'rejected')) = (number is null)
    and (number is null) = (issued_on is null)
    and (number is null) = (issued_at is null)
    and (code is null or number is not null)
  ),
  constraint invoicing_fapiao_sent check (status <> 'sent' or sent_at is not null),
  constraint invoicing_fapiao_reversed check (
    (status = 'reversed') = (red_number is not null) and (red_number is null) = (reversed_on is null)
  ),
  constraint invoicing_fapiao_reasoned check (status <> 'rejected' or reason is not null),
  constraint invoicing_fapiao_closed check ((status in ('rejected', 'reversed')) = (closed_at is not null))
);

create index invoicing_fapiao_of_organization on invoicing_fapiao (organization_id, id);
create index invoicing_fapiao_waiting on invoicing_fapiao (id)
where status in ('requested', 'issued', 'to_be_reversed');
-- No number is typed for two of them.
create unique index invoicing_fapiao_number_once on invoicing_fapiao (number, coalesce(code, ''))
where number is not null;
create unique index invoicing_fapiao_red_number_once on invoicing_fapiao (red_number, coalesce(red_code, ''))
where red_number is not null;

-- What a fapiao is for. An invoice is on one that stands at most.
create table invoicing_fapiao_invoices (
  fapiao_id text not null references invoicing_fapiao (id),
  invoice_id text not null references invoicing_invoices (id),
  amount_minor bigint not null,
  stands boolean not null default true,
  constraint invoicing_fapiao_invoices_key primary key (fapiao_id, invoice_id),
  constraint invoicing_fapiao_invoices_amount check (amount_minor >= 0)
);

create unique index invoicing_fapiao_invoice_once on invoicing_fapiao_invoices (invoice_id)
where stands;
create index invoicing_fapiao_invoices_of_invoice on invoicing_fapiao_invoices (invoice_id);

-- The file as it came from the tax bureau's system; the database itself holds its checksum true.
create table invoicing_fapiao_files (
  fapiao_id text primary key references invoicing_fapiao (id),
  format text not null,
  content bytea not null,
  bytes integer not null,
  sha256 text not null,
  constraint invoicing_fapiao_files_format check (format in ('pdf', 'ofd')),
  constraint invoicing_fapiao_files_bytes check (bytes = octet_length(content) and bytes between 1 and 1048576),
  constraint invoicing_fapiao_files_sha256 check (sha256 = encode(sha256(content), 'hex'))
);

create function invoicing_follow_fapiao() returns trigger
language plpgsql
as $$
begin
  if (old.status, new.status) not in (
    ('requested', 'issued'), ('requested', 'rejected'),
    ('issued', 'sent'), ('issued', 'to_be_reversed'), ('issued', 'reversed'),
    ('sent', 'to_be_reversed'), ('sent', 'reversed'),
    ('to_be_reversed', 'reversed')
  ) then
    raise exception 'a fapiao does not go from % to %', old.status, new.status;
  end if;
  -- What was rejected or reversed leaves its invoices to another.
  if new.status in ('rejected', 'reversed') then
    update invoicing_fapiao_invoices set stands = false where fapiao_id = new.id;
  end if;
  return new;
end
$$;

create trigger invoicing_fapiao_states
before update of status on invoicing_fapiao
for each row
when (old.status <> new.status)
execute function invoicing_follow_fapiao();
