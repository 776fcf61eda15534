import type { Database } from '../../server/src/platform/database/pool.ts';
import type { Change } from './periods.ts';
import type { CreditNoteRow, InvoiceRow, LineRow, SubscriptionRow, Tables } from './rows.ts';

export interface BilledInvoice extends InvoiceRow {
  lines: LineRow[];
}

const invoiceColumns = [
  ...(['id', 'number', 'organization_id', 'kind', 'reference', 'status', 'currency'] as const),
  ...(['subtotal_minor', 'discount_minor', 'taxes', 'tax_minor', 'is_tax_inclusive'] as const),
  ...(['tax_treatment', 'total_minor', 'credit_applied_minor', 'credited_minor'] as const),
  ...(['credited_due_minor', 'issued_at', 'paid_at'] as const),
] as const;

const lineColumns = [
  ...(['invoice_id', 'position', 'kind', 'text', 'exact', 'amount_minor', 'net_minor'] as const),
  ...(['tax_rate', 'period_from', 'period_to'] as const),
] as const;

/** What was issued, with its lines, in order of issue. */
export async function readInvoices(database: Database): Promise<BilledInvoice[]> {
  const tables = database.withTables<Tables>();
  const [invoices, lines] = await Promise.all([
    tables.selectFrom('invoicing_invoices').select(invoiceColumns).orderBy('id').execute(),
    tables
      .selectFrom('invoicing_lines')
      .select(lineColumns)
      .orderBy('invoice_id')
      .orderBy('position')
      .execute(),
  ]);
  const byInvoice = Map.groupBy(lines, ({ invoice_id }) => invoice_id);
  return invoices.map((invoice) => ({ ...invoice, lines: byInvoice.get(invoice.id) ?? [] }));
}

export function readCreditNotes(database: Database): Promise<CreditNoteRow[]> {
  return database
    .withTables<Tables>()
    .selectFrom('invoicing_credit_notes')
    .select(['id', 'number', 'organization_id', 'invoice_id', 'currency', 'total_minor'])
    .select(['against_due_minor', 'to_credit_minor', 'remaining_minor', 'issued_at'])
    .orderBy('id')
    .execute();
}

export function readSubscriptions(database: Database): Promise<SubscriptionRow[]> {
  return database
    .withTables<Tables>()
    .selectFrom('subscriptions_subscriptions')
    .select(['id', 'organization_id', 'status', 'plan_id', 'period_from', 'period_to'])
    .select(['trial_ends_at', 'is_suspended', 'awaiting', 'started_at', 'ended_at'])
    .orderBy('id')
    .execute();
}

/** By organization, account without ids and currency, what is on it. */
export async function readBalances(database: Database): Promise<Map<string, bigint>> {
  const transfers = await database
    .withTables<Tables>()
    .selectFrom('ledger_transfers')
    .select(['organization_id', 'debit', 'credit', 'amount', 'currency'])
    .execute();
  const balances = new Map<string, bigint>();
  const add = (key: string, amount: bigint) =>
    balances.set(key, (balances.get(key) ?? 0n) + amount);
  for (const { organization_id, debit, credit, amount, currency } of transfers) {
    add(balanceKey(organization_id, debit, currency), -amount);
    add(balanceKey(organization_id, credit, currency), amount);
  }
  return balances;
}

/** `allowance:alw_…` counts as `allowance`. */
export function balanceKey(organizationId: string, account: string, currency: string): string {
  const name = account.startsWith('clearing:') ? account : account.split(':')[0];
  return `${organizationId} ${name} ${currency}`;
}

export function readChanges(database: Database): Promise<Change[]> {
  return database
    .withTables<Tables>()
    .selectFrom('subscriptions_changes')
    .select(['subscription_id', 'kind', 'invoice_id', 'credit_note_id', 'occurred_at'])
    .orderBy('id')
    .execute();
}

export function readCreditUses(database: Database): Promise<Tables['invoicing_credit_uses'][]> {
  return database
    .withTables<Tables>()
    .selectFrom('invoicing_credit_uses')
    .select(['invoice_id', 'credit_note_id', 'minor'])
    .execute();
}
