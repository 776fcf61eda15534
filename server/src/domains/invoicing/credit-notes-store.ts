/** SQL of credit notes, and of the credit that invoices use. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { CreditNote, CreditNoteLine } from './core/credit-note.ts';
import type { LineText } from './core/line.ts';
import type { Customer, Seller } from './core/tax.ts';
import { type StoredTax, toStoredTax, toTax } from './invoice-rows.ts';

interface StoredLine {
  position: number | null;
  text: LineText;
  amount: string;
}

interface NoteRow {
  id: string;
  number: string | null;
  organization_id: string;
  invoice_id: string;
  invoice_number: string;
  currency: string;
  reason: string;
  seller: Seller;
  customer: Customer;
  lines: StoredLine[];
  taxes: StoredTax[];
  tax_minor: bigint;
  is_tax_inclusive: boolean;
  total_minor: bigint;
  against_due_minor: bigint;
  to_credit_minor: bigint;
  remaining_minor: bigint;
  issued_at: Date;
}

type Nested = 'seller' | 'customer' | 'lines' | 'taxes';
type Readable = {
  invoicing_credit_notes: NoteRow;
  invoicing_credit_uses: { invoice_id: string; credit_note_id: string; minor: bigint };
};
type Writable = { invoicing_credit_notes: Omit<NoteRow, Nested> & Record<Nested, string> };

const noteColumns = [
  'id',
  'number',
  'organization_id',
  'invoice_id',
  'invoice_number',
  'currency',
  'reason',
  'seller',
  'customer',
  'lines',
  'taxes',
  'tax_minor',
  'is_tax_inclusive',
  'total_minor',
  'against_due_minor',
  'to_credit_minor',
  'remaining_minor',
  'issued_at',
] as const;

const tables = (executor: Executor) => executor.withTables<Readable>();

export async function insertCreditNote(executor: Executor, note: CreditNote): Promise<void> {
  const lines = note.lines.map(
    ({ position, text, amountMinor }): StoredLine => ({
      ...{ position, text },
      amount: String(amountMinor),
    }),
  );
  await executor
    .withTables<Writable>()
    .insertInto('invoicing_credit_notes')
    .values({
      id: note.id,
      number: note.number,
      organization_id: note.organizationId,
      invoice_id: note.invoiceId,
      invoice_number: note.invoiceNumber,
      currency: note.currency,
      reason: note.reason,
      seller: JSON.stringify(note.seller),
      customer: JSON.stringify(note.customer),
      lines: JSON.stringify(lines),
      taxes: JSON.stringify(note.taxes.map(toStoredTax)),
      tax_minor: note.taxMinor,
      is_tax_inclusive: note.isTaxInclusive,
      total_minor: note.totalMinor,
      against_due_minor: note.againstDueMinor,
      to_credit_minor: note.toCreditMinor,
      remaining_minor: note.remainingMinor,
      issued_at: note.issuedAt,
    })
    .execute();
}

export async function saveCreditNoteNumber(
  executor: Executor,
  id: string,
  number: string,
): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_credit_notes')
    .set({ number })
    .where('id', '=', id)
    .execute();
}

/** @scope caller: requireCreditNote compares whose it is. */
export async function findCreditNote(
  executor: Executor,
  id: string,
): Promise<CreditNote | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_credit_notes')
    .select(noteColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toCreditNote(row);
}

export interface CreditNoteFilter {
  organizationId?: string | undefined;
  invoiceId?: string | undefined;
  /** When they were issued. */
  from?: Date | undefined;
  to?: Date | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Credit notes, newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listCreditNoteRows(
  executor: Executor,
  { organizationId, invoiceId, from, to, before, limit }: CreditNoteFilter,
): Promise<CreditNote[]> {
  let query = tables(executor)
    .selectFrom('invoicing_credit_notes')
    .select(noteColumns)
    .orderBy('id', 'desc')
    .limit(limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (invoiceId !== undefined) query = query.where('invoice_id', '=', invoiceId);
  if (from !== undefined) query = query.where('issued_at', '>=', from);
  if (to !== undefined) query = query.where('issued_at', '<', to);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(toCreditNote);
}

/** Every note of one invoice; the invoice's lock keeps others from being added. */
export async function findNotesOf(executor: Executor, invoiceId: string): Promise<CreditNote[]> {
  return listCreditNoteRows(executor, { invoiceId, limit: notesOfInvoiceMax });
}

/** An invoice takes no more notes than that. */
export const notesOfInvoiceMax = 200;

/** A note with credit left. */
export interface CreditLeft {
  id: string;
  remainingMinor: bigint;
}

const notesUsedMax = 500;

/** Credit that an organization has left in a currency, oldest first; its funds row is locked before. */
export const findCreditLeft = gathered(
  async (
    executor,
    asked: readonly { organizationId: string; currency: string }[],
  ): Promise<CreditLeft[][]> => {
    const { rows } = await sql<{ place: number; id: string; remaining_minor: bigint }>`
      select (asked.place - 1)::integer as place, note.id, note.remaining_minor
      from unnest(
        ${asked.map(({ organizationId }) => organizationId)}::text[],
        ${asked.map(({ currency }) => currency)}::text[]
      ) with ordinality as asked (organization_id, currency, place)
      cross join lateral (
        select id, remaining_minor
        from invoicing_credit_notes
        where organization_id = asked.organization_id
          and currency = asked.currency
          and remaining_minor > 0
        order by id
        limit ${notesUsedMax}
      ) as note
      order by asked.place, note.id
    `.execute(executor);
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    return asked.map((_, place) =>
      (byPlace.get(place) ?? []).map(({ id, remaining_minor: remainingMinor }) => ({
        ...{ id, remainingMinor },
      })),
    );
  },
);

/**
 * Moves what is left of a note by `change`; a check keeps it between nothing and all of it.
 * @scope row: its operation found it in scope.
 */
export async function changeRemaining(
  executor: Executor,
  id: string,
  change: bigint,
): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_credit_notes')
    .set({ remaining_minor: sql`remaining_minor + ${change}` })
    .where('id', '=', id)
    .execute();
}

export interface CreditUse {
  creditNoteId: string;
  minor: bigint;
}

export async function saveCreditUses(
  executor: Executor,
  invoiceId: string,
  uses: readonly CreditUse[],
): Promise<void> {
  for (const { creditNoteId, minor } of uses) {
    await tables(executor)
      .insertInto('invoicing_credit_uses')
      .values({ invoice_id: invoiceId, credit_note_id: creditNoteId, minor })
      .onConflict((conflict) =>
        conflict.columns(['invoice_id', 'credit_note_id']).doUpdateSet({ minor }),
      )
      .execute();
  }
}

/**
 * What an invoice has used, the newest note first: it is given back in that order.
 * @scope row: of an invoice that is held.
 */
export async function findCreditUses(executor: Executor, invoiceId: string): Promise<CreditUse[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_credit_uses')
    .select(['credit_note_id', 'minor'])
    .where('invoice_id', '=', invoiceId)
    .orderBy('credit_note_id', 'desc')
    .execute();
  return rows.map((row) => ({ creditNoteId: row.credit_note_id, minor: row.minor }));
}

function toCreditNote(row: NoteRow): CreditNote {
  return {
    id: row.id,
    number: row.number,
    organizationId: row.organization_id,
    invoiceId: row.invoice_id,
    invoiceNumber: row.invoice_number,
    currency: row.currency,
    reason: row.reason,
    seller: row.seller,
    customer: row.customer,
    lines: row.lines.map(
      ({ position, text, amount }): CreditNoteLine => ({
        ...{ position, text },
        amountMinor: BigInt(amount),
      }),
    ),
    taxes: row.taxes.map(toTax),
    taxMinor: row.tax_minor,
    isTaxInclusive: row.is_tax_inclusive,
    totalMinor: row.total_minor,
    againstDueMinor: row.against_due_minor,
    toCreditMinor: row.to_credit_minor,
    remainingMinor: row.remaining_minor,
    issuedAt: row.issued_at,
  };
}
