/** All SQL of invoicing. */
import { type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { Invoice, InvoiceLine } from './core/invoice.ts';

type InvoicingTables = {
  invoicing_numbers: { year: number; last: bigint };
  invoicing_invoices: {
    id: string;
    number: string;
    organization_id: string;
    kind: Invoice['kind'];
    reference: string;
    status: Invoice['status'];
    currency: string;
    total_minor: bigint;
    exchange_currency: string | null;
    exchange_rate: string | null;
    exchange_minor: bigint | null;
    issued_at: Date;
    due_at: Date;
    paid_at: Date | null;
    voided_at: Date | null;
  };
  invoicing_lines: {
    invoice_id: string;
    position: number;
    description: string;
    quantity: number;
    unit_minor: bigint;
    amount_minor: bigint;
  };
};

type InvoiceRow = Omit<Selectable<InvoicingTables['invoicing_invoices']>, 'voided_at'>;
type LineRow = Selectable<InvoicingTables['invoicing_lines']>;

const invoiceColumns = [
  'id',
  'number',
  'organization_id',
  'kind',
  'reference',
  'status',
  'currency',
  'total_minor',
  'exchange_currency',
  'exchange_rate',
  'exchange_minor',
  'issued_at',
  'due_at',
  'paid_at',
] as const;

const tables = (executor: Executor) => executor.withTables<InvoicingTables>();

/** Takes the year's next number; whoever rolls back gives it back. */
export async function takeNumber(executor: Executor, year: number): Promise<bigint> {
  const { last } = await tables(executor)
    .insertInto('invoicing_numbers')
    .values({ year, last: 1n })
    .onConflict((conflict) =>
      conflict.column('year').doUpdateSet({ last: sql`invoicing_numbers.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

export async function insertInvoice(executor: Executor, invoice: Invoice): Promise<void> {
  await tables(executor)
    .insertInto('invoicing_invoices')
    .values({
      id: invoice.id,
      number: invoice.number,
      organization_id: invoice.organizationId,
      kind: invoice.kind,
      reference: invoice.reference,
      status: invoice.status,
      currency: invoice.total.currency,
      total_minor: invoice.total.minor,
      exchange_currency: invoice.exchange?.amount.currency ?? null,
      exchange_rate: invoice.exchange?.rate ?? null,
      exchange_minor: invoice.exchange?.amount.minor ?? null,
      issued_at: invoice.issuedAt,
      due_at: invoice.dueAt,
      paid_at: invoice.paidAt,
      voided_at: null,
    })
    .execute();
  await tables(executor)
    .insertInto('invoicing_lines')
    .values(
      invoice.lines.map((line, position) => ({
        invoice_id: invoice.id,
        position,
        description: line.description,
        quantity: line.quantity,
        unit_minor: line.unit.minor,
        amount_minor: line.amount.minor,
      })),
    )
    .execute();
}

/** Second lock of a settlement, after the payment attempt's. */
export async function lockInvoice(executor: Executor, id: string): Promise<Invoice | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && (await withLines(executor, [row]))[0];
}

export async function findInvoice(executor: Executor, id: string): Promise<Invoice | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && (await withLines(executor, [row]))[0];
}

/** Invoices of one organization, newest first. */
export async function listInvoiceRows(
  executor: Executor,
  filter: { organizationId: string; before?: string | undefined; limit: number },
): Promise<Invoice[]> {
  let query = tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .where('organization_id', '=', filter.organizationId)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return withLines(executor, await query.execute());
}

export async function markPaid(executor: Executor, id: string, at: Date): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_invoices')
    .set({ status: 'paid', paid_at: at })
    .where('id', '=', id)
    .execute();
}

export async function markVoid(executor: Executor, id: string, at: Date): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_invoices')
    .set({ status: 'void', voided_at: at })
    .where('id', '=', id)
    .execute();
}

/** Open invoices whose term is over, in the order in which it ended. */
export async function findOverdueIds(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select('id')
    .where('status', '=', 'open')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

async function withLines(executor: Executor, rows: readonly InvoiceRow[]): Promise<Invoice[]> {
  if (rows.length === 0) return [];
  const lines = await tables(executor)
    .selectFrom('invoicing_lines')
    .select(['invoice_id', 'position', 'description', 'quantity', 'unit_minor', 'amount_minor'])
    .where(
      'invoice_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('invoice_id')
    .orderBy('position')
    .execute();
  const byInvoice = Map.groupBy(lines, (line) => line.invoice_id);
  return rows.map((row) => toInvoice(row, byInvoice.get(row.id) ?? []));
}

function toInvoice(row: InvoiceRow, lines: readonly LineRow[]): Invoice {
  const { currency, exchange_currency, exchange_rate, exchange_minor } = row;
  const isExchanged =
    exchange_currency !== null && exchange_rate !== null && exchange_minor !== null;
  return {
    id: row.id,
    number: row.number,
    organizationId: row.organization_id,
    kind: row.kind,
    reference: row.reference,
    status: row.status,
    total: { minor: row.total_minor, currency },
    lines: lines.map(
      (line): InvoiceLine => ({
        description: line.description,
        quantity: line.quantity,
        unit: { minor: line.unit_minor, currency },
        amount: { minor: line.amount_minor, currency },
      }),
    ),
    exchange: isExchanged
      ? { amount: { minor: exchange_minor, currency: exchange_currency }, rate: exchange_rate }
      : null,
    issuedAt: row.issued_at,
    dueAt: row.due_at,
    paidAt: row.paid_at,
  };
}
