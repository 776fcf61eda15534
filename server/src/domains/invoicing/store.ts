/** SQL of invoices and of the numbers they bear. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { Invoice } from './core/invoice.ts';
import {
  type InvoiceRow,
  type LineRow,
  type NewInvoiceRow,
  type NewLineRow,
  toInvoice,
  toInvoiceRow,
  toLineRow,
} from './invoice-rows.ts';

type Readable = {
  invoicing_numbers: { prefix: string; year: number; last: bigint };
  invoicing_invoices: InvoiceRow;
  invoicing_lines: LineRow;
};
type Writable = { invoicing_invoices: NewInvoiceRow; invoicing_lines: NewLineRow };

const invoiceColumns = [
  'id',
  'number',
  'organization_id',
  'kind',
  'reference',
  'billing_key',
  'status',
  'draft',
  'seller',
  'customer',
  'period_from',
  'period_to',
  'currency',
  'subtotal_minor',
  'discount_minor',
  'taxes',
  'tax_minor',
  'is_tax_inclusive',
  'tax_treatment',
  'total_minor',
  'credit_applied_minor',
  'credited_minor',
  'credited_tax_minor',
  'credited_due_minor',
  'exchange_currency',
  'exchange_rate',
  'exchange_minor',
  'issued_at',
  'due_at',
  'overdue_at',
  'asked_at',
  'paid_at',
  'voided_at',
  'written_off_at',
] as const;

const lineColumns = [
  'invoice_id',
  'position',
  'kind',
  'text',
  'details',
  'exact',
  'amount_minor',
  'net_minor',
  'tax_rate',
  'is_discountable',
  'period_from',
  'period_to',
] as const;

const tables = (executor: Executor) => executor.withTables<Readable>();

/** Takes the next numbers of a prefix and year, and answers the last; whoever rolls back gives them back. Nobody else goes on before the commit. */
export async function takeNumbers(
  executor: Executor,
  { prefix, year, count }: { prefix: string; year: number; count: number },
): Promise<bigint> {
  const { last } = await tables(executor)
    .insertInto('invoicing_numbers')
    .values({ prefix, year, last: BigInt(count) })
    .onConflict((conflict) =>
      conflict
        .columns(['prefix', 'year'])
        .doUpdateSet({ last: sql`invoicing_numbers.last + excluded.last` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

/** Answers false where its billing key is taken; then nothing is stored. */
export const insertInvoice = gathered(async (executor, invoices: readonly Invoice[]) => {
  const inserted = await executor
    .withTables<Writable>()
    .insertInto('invoicing_invoices')
    .values(invoices.map(toInvoiceRow))
    .onConflict((conflict) => conflict.column('billing_key').doNothing())
    .returning('id')
    .execute();
  const ids = new Set(inserted.map(({ id }) => id));
  await insertLines(
    executor,
    invoices.filter(({ id }) => ids.has(id)),
  );
  return invoices.map(({ id }) => ids.has(id));
});

/**
 * Writes a draft anew, whether it stays one or is issued with it.
 * @scope row: its operation found it in scope.
 */
export async function replaceDraft(executor: Executor, invoice: Invoice): Promise<void> {
  await deleteLines(executor, invoice.id);
  await insertLines(executor, [invoice]);
  const { id, ...row } = toInvoiceRow(invoice);
  await executor
    .withTables<Writable>()
    .updateTable('invoicing_invoices')
    .set(row)
    .where('id', '=', id)
    .execute();
}

/** @scope row: its operation found it in scope. */
export async function deleteDraft(executor: Executor, id: string): Promise<void> {
  await deleteLines(executor, id);
  await tables(executor).deleteFrom('invoicing_invoices').where('id', '=', id).execute();
}

async function insertLines(executor: Executor, invoices: readonly Invoice[]): Promise<void> {
  const rows = invoices.flatMap(({ id, lines }) =>
    lines.map((line, position) => toLineRow(id, line, position)),
  );
  if (rows.length === 0) return;
  await executor.withTables<Writable>().insertInto('invoicing_lines').values(rows).execute();
}

/** @scope row: its operation found it in scope. */
async function deleteLines(executor: Executor, id: string): Promise<void> {
  await tables(executor).deleteFrom('invoicing_lines').where('invoice_id', '=', id).execute();
}

export const saveNumber = gathered(
  async (executor, asked: readonly { id: string; number: string }[]) => {
    await sql`
      update invoicing_invoices as invoice
      set number = n.number
      from unnest(
        ${asked.map(({ id }) => id)}::text[],
        ${asked.map(({ number }) => number)}::text[]
      ) as n (id, number)
      where invoice.id = n.id
    `.execute(executor);
    return asked.map(() => undefined);
  },
);

/** Second lock of a settlement, after the payment attempt's. */
export const lockInvoice = gathered(async (executor, ids: readonly string[]) => {
  const rows = await invoicesOf(executor, ids).orderBy('id').forUpdate().execute();
  return inPlaces(ids, await withLines(executor, rows));
});

/**
 * Several, in the order of their ids.
 * @scope caller: who pays, returns or credits compares whose they are.
 */
export async function lockInvoices(executor: Executor, ids: readonly string[]): Promise<void> {
  await tables(executor)
    .selectFrom('invoicing_invoices')
    .select('id')
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
}

export const findInvoice = gathered(async (executor, ids: readonly string[]) =>
  inPlaces(ids, await withLines(executor, await invoicesOf(executor, ids).execute())),
);

/** @scope caller: requireInvoice compares whose they are. */
function invoicesOf(executor: Executor, ids: readonly string[]) {
  return tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`);
}

function inPlaces(ids: readonly string[], invoices: readonly Invoice[]): (Invoice | undefined)[] {
  const found = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  return ids.map((id) => found.get(id));
}

/** @scope row: the key names the subscription and period that are held. */
export const findInvoiceByBillingKey = gathered(async (executor, keys: readonly string[]) => {
  const rows = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .where('billing_key', '=', sql<string>`any(${[...keys]}::text[])`)
    .execute();
  const invoices = await withLines(executor, rows);
  const found = new Map(invoices.map((invoice) => [invoice.billingKey, invoice]));
  return keys.map((key) => found.get(key));
});

export interface InvoiceFilter {
  organizationId?: string | undefined;
  status?: Invoice['status'] | undefined;
  /** Leaves drafts out. */
  isIssued?: true;
  kind?: Invoice['kind'] | undefined;
  reference?: string | undefined;
  /** Only those that are open past their term at that instant. */
  overdueAt?: Date | undefined;
  /** The number or id, whole. */
  q?: string | undefined;
  issuedFrom?: Date | undefined;
  issuedTo?: Date | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Invoices, newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listInvoiceRows(
  executor: Executor,
  filter: InvoiceFilter,
): Promise<Invoice[]> {
  const { organizationId, status, kind, reference, overdueAt, q, before } = filter;
  const { issuedFrom, issuedTo } = filter;
  let query = tables(executor)
    .selectFrom('invoicing_invoices')
    .select(invoiceColumns)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (filter.isIssued) query = query.where('status', '<>', 'draft');
  if (status !== undefined) query = query.where('status', '=', status);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (reference !== undefined) query = query.where('reference', '=', reference);
  if (overdueAt !== undefined)
    query = query.where('status', '=', 'open').where('due_at', '<=', overdueAt);
  if (q !== undefined)
    query = query.where((either) => either.or([either('number', '=', q), either('id', '=', q)]));
  if (issuedFrom !== undefined) query = query.where('issued_at', '>=', issuedFrom);
  if (issuedTo !== undefined) query = query.where('issued_at', '<', issuedTo);
  if (before !== undefined) query = query.where('id', '<', before);
  return withLines(executor, await query.execute());
}

/** What may change of an invoice that was issued. */
type InvoiceChange = Partial<
  Pick<
    InvoiceRow,
    | 'number'
    | 'status'
    | 'credited_minor'
    | 'credited_tax_minor'
    | 'credited_due_minor'
    | 'overdue_at'
    | 'asked_at'
    | 'paid_at'
    | 'voided_at'
    | 'written_off_at'
  >
>;

export const markPaid = gathered(async (executor, asked: readonly { id: string; at: Date }[]) => {
  await sql`
      update invoicing_invoices as invoice
      set status = 'paid', paid_at = n.at
      from unnest(
        ${asked.map(({ id }) => id)}::text[],
        ${asked.map(({ at }) => at.toISOString())}::timestamptz[]
      ) as n (id, at)
      where invoice.id = n.id
    `.execute(executor);
  return asked.map(() => undefined);
});

export function markVoid(executor: Executor, id: string, at: Date): Promise<void> {
  return change(executor, id, { status: 'void', voided_at: at });
}

export function markUncollectible(executor: Executor, id: string, at: Date): Promise<void> {
  return change(executor, id, { status: 'uncollectible', written_off_at: at });
}

export function markOverdue(executor: Executor, id: string, at: Date): Promise<void> {
  return change(executor, id, { overdue_at: at });
}

export function markAsked(executor: Executor, id: string, at: Date): Promise<void> {
  return change(executor, id, { asked_at: at });
}

export function saveCredited(
  executor: Executor,
  invoice: Pick<Invoice, 'id' | 'creditedMinor' | 'creditedTaxMinor' | 'creditedDueMinor'>,
): Promise<void> {
  return change(executor, invoice.id, {
    credited_minor: invoice.creditedMinor,
    credited_tax_minor: invoice.creditedTaxMinor,
    credited_due_minor: invoice.creditedDueMinor,
  });
}

/** @scope row: its operation found it in scope. */
async function change(executor: Executor, id: string, changes: InvoiceChange): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_invoices')
    .set(changes)
    .where('id', '=', id)
    .execute();
}

/**
 * Open invoices whose term is over and of whom that was not said yet, in the order in which it ended.
 * @scope job: whatever is due, of every customer.
 */
export async function findOverdueIds(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select('id')
    .where('status', '=', 'open')
    .where('overdue_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** What was invoiced for this and is still owed past its term, the oldest first. */
export async function listOverdue(
  executor: Executor,
  { organizationId, reference }: { organizationId: string; reference: string },
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('reference', '=', reference)
    .where('status', '=', 'open')
    .where('overdue_at', 'is not', null)
    .orderBy('due_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * When the next term ends after an instant.
 * @scope job: whatever is due, of every customer.
 */
export async function findNextTermEnd(executor: Executor, after: Date): Promise<Date | undefined> {
  const next = await tables(executor)
    .selectFrom('invoicing_invoices')
    .select('due_at')
    .where('status', '=', 'open')
    .where('overdue_at', 'is', null)
    .where('due_at', '>', after)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return next?.due_at;
}

/** @scope row: of invoices that were just read. */
async function withLines(executor: Executor, rows: readonly InvoiceRow[]): Promise<Invoice[]> {
  if (rows.length === 0) return [];
  const lines = await tables(executor)
    .selectFrom('invoicing_lines')
    .select(lineColumns)
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
