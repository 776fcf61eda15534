/**
 * A thousand customers with a year of invoices and audit entries, written straight: what reading them takes depends on
 * how many there are, not on how they came about.
 */
import pg from 'pg';
import { createAdmin, createVerifiedUser } from '../../server/src/domains/identity/index.ts';
import type { Deployment } from '../../server/src/main.ts';
import { newId } from '../../server/src/platform/ids.ts';

const organizationCount = 1000;
const yearMs = 365 * 86_400_000;
const actions = ['package.purchase', 'invoice.pay', 'api_key.create', 'organization.update'];

export interface Person {
  email: string;
  password: string;
}

export interface World {
  organizations: string[];
  /** In the order of their instants. */
  invoices: readonly MadeInvoice[];
  customer: Person;
  operator: Person;
  /** The customer's organization; it has as many invoices as any other. */
  own: string;
}

export async function makeWorld(
  deployment: Deployment,
  { url, invoices }: { url: string; invoices: number },
): Promise<World> {
  const context = deployment.context();
  const now = context.clocks.business();
  const person = (who: string) => ({
    email: `${who}@example.com`,
    password: 'correct horse battery',
  });
  const [customer, operator] = [person('customer'), person('operator')];
  await createAdmin(context, operator);
  const { organizationId: own = '' } =
    (await createVerifiedUser(context, { ...customer, name: 'Customer' })) ?? {};
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // What guards an invoice while it comes about is passed by: these come about all at once.
    await client.query('set session_replication_role = replica; set synchronous_commit = off');
    const organizations = [own, ...(await insertOrganizations(client, now))];
    const made = invoicesOf(organizations, { count: invoices, now });
    await insertInvoices(client, made);
    await client.query(linesOfInvoices);
    await insertAuditEntries(client, organizations, { count: invoices * 2, now });
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
    return { own, organizations, invoices: made, customer, operator };
  } finally {
    await client.end();
  }
}

async function insertOrganizations(client: pg.Client, now: Date): Promise<string[]> {
  const organizations = Array.from({ length: organizationCount - 1 }, () => newId('org', now));
  await client.query(
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     select id, 'Customer ' || position, 'active', 'Asia/Shanghai', $2
     from unnest($1::text[]) with ordinality as row (id, position)`,
    [organizations, now],
  );
  return organizations;
}

export interface MadeInvoice {
  id: string;
  number: string;
  organizationId: string;
  issuedAt: Date;
}

function invoicesOf(
  organizations: readonly string[],
  { count, now }: { count: number; now: Date },
): MadeInvoice[] {
  return Array.from({ length: count }, (_, index) => {
    const issuedAt = new Date(now.getTime() - yearMs + Math.floor((yearMs * index) / count));
    return {
      id: newId('inv', issuedAt),
      number: `INV-${issuedAt.getUTCFullYear()}-${String(index + 1).padStart(6, '0')}`,
      organizationId: organizations[(index * 7919) % organizations.length] ?? '',
      issuedAt,
    };
  });
}

/** One in forty is open, half of those past their term, as is known; the rest is paid. */
async function insertInvoices(client: pg.Client, invoices: readonly MadeInvoice[]): Promise<void> {
  await client.query(
    `insert into invoicing_invoices (
       id, number, organization_id, kind, reference, status, seller, customer, period_from, period_to, currency,
       subtotal_minor, discount_minor, taxes, tax_minor, total_minor, tax_treatment, issued_at, due_at, overdue_at,
       paid_at
     )
     select id, number, organization, kind, 'sub_bench', status, $6, $7, issued_at - interval '30 days', issued_at,
       'USD', 7000, 0, '[{"name": "VAT", "rate": "10", "taxable": "7000", "amount": "700"}]', 700, 7700, 'taxed',
       issued_at, due_at, case when status = 'open' and due_at < $5 then due_at end,
       case when status = 'paid' then issued_at end
     from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) with ordinality
       as row (id, number, organization, issued_at, position),
       lateral (
         select case when position % 40 = 0 then 'open' else 'paid' end as status,
           case when position % 40 = 0 then 'subscription' else (array['package', 'top_up'])[1 + position % 2] end as kind,
           case when position % 80 = 0 then $5::timestamptz + interval '30 days' else issued_at end as due_at
       ) t`,
    [
      invoices.map(({ id }) => id),
      invoices.map(({ number }) => number),
      invoices.map(({ organizationId }) => organizationId),
      invoices.map(({ issuedAt }) => issuedAt.toISOString()),
      invoices.at(-1)?.issuedAt,
      JSON.stringify(seller),
      JSON.stringify(customer),
    ],
  );
}

const seller = {
  name: '云帆智能科技（上海）有限公司',
  taxId: '91310000MA1K00000X',
  address: ['上海市浦东新区张江路 1 号', '201203'],
  country: 'CN',
};
const customer = {
  name: '示例医疗影像有限公司',
  taxId: '91440300MA5F00000Y',
  address: ['深圳市南山区科技园路 8 号'],
  country: 'CN',
  email: 'billing@example.com',
  locale: 'zh-CN',
};

/** A plan and the use of three meters, one of them in tiers; they add up to 70.00. */
const linesOfInvoices = `
  insert into invoicing_lines (
    invoice_id, position, kind, text, details, exact, amount_minor, net_minor, tax_rate, is_discountable, period_from,
    period_to
  )
  select i.id, l.position, l.kind, l.text, l.details, l.exact, l.minor, l.minor, '10', true, i.period_from, i.period_to
  from invoicing_invoices i
  cross join (values
    (0, 'subscription', '{"code": "plan", "params": {"plan": "专业版", "from": "2026-03-01", "to": "2026-03-31"}}'::jsonb,
     '[]'::jsonb, '{"quantity": "1/1", "unit": "4900/1", "amount": "4900/1"}'::jsonb, 4900),
    (1, 'usage', '{"code": "usage", "params": {"name": "影像分析", "from": "2026-02-01", "to": "2026-02-28"}}',
     '[{"code": "free_units", "params": {"quantity": "1000"}},
       {"code": "tier", "params": {"quantity": "5000", "unit": "0.0020"}},
       {"code": "tier", "params": {"quantity": "2500", "unit": "0.0012"}}]',
     '{"quantity": "8500/1", "unit": "13/85", "amount": "1300/1"}', 1300),
    (2, 'usage', '{"code": "usage", "params": {"name": "Pages read", "from": "2026-02-01", "to": "2026-02-28"}}',
     '[{"code": "tier", "params": {"quantity": "1200", "unit": "0.005"}}]',
     '{"quantity": "1200/1", "unit": "1/2", "amount": "600/1"}', 600),
    (3, 'usage', '{"code": "usage", "params": {"name": "存储容量", "from": "2026-02-01", "to": "2026-02-28"}}',
     '[{"code": "tier", "params": {"quantity": "40", "unit": "0.05"}}]',
     '{"quantity": "40/1", "unit": "5/1", "amount": "200/1"}', 200)
  ) as l (position, kind, text, details, exact, minor)`;

/** Beyond what the few real entries of these chains count up to; their hashes prove nothing. */
async function insertAuditEntries(
  client: pg.Client,
  organizations: readonly string[],
  { count, now }: { count: number; now: Date },
): Promise<void> {
  const instants = Array.from(
    { length: count },
    (_, index) => new Date(now.getTime() - yearMs + Math.floor((yearMs * index) / count)),
  );
  await client.query(
    `insert into audit_entries (
       id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, new_values,
       request_id, created_at, previous_hash, hash
     )
     select id, organization, 1000 + row_number() over (partition by organization order by id), organization, 'user',
       'usr_' || serial % 3000, action, split_part(action, '.', 1), 'record_' || serial % 50000,
       '{"status": "paid", "amount": "77.00"}', 'req_bench', created_at, '', md5(id)
     from (
       select id, created_at, serial, ($3::text[])[1 + serial % cardinality($3::text[])] as action,
         ($4::text[])[1 + serial * 7919 % cardinality($4::text[])] as organization
       from unnest($1::text[], $2::timestamptz[]) with ordinality as row (id, created_at, serial)
     ) entry`,
    [
      instants.map((at) => newId('aud', at)),
      instants.map((at) => at.toISOString()),
      actions,
      organizations,
    ],
  );
}
