/** SQL of fapiao, their files, and what invoices are worth on one. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type {
  Fapiao,
  FapiaoFormat,
  FapiaoInvoice,
  FapiaoStatus,
  FapiaoTitle,
  Vat,
} from './core/fapiao.ts';

interface FapiaoRow {
  id: string;
  organization_id: string;
  status: FapiaoStatus;
  vat: Vat;
  title: FapiaoTitle;
  currency: string;
  amount_minor: bigint;
  code: string | null;
  number: string | null;
  issued_on: string | null;
  reason: string | null;
  red_code: string | null;
  red_number: string | null;
  reversed_on: string | null;
  requested_at: Date;
  issued_at: Date | null;
  sent_at: Date | null;
  closed_at: Date | null;
}

interface FapiaoInvoiceRow {
  fapiao_id: string;
  invoice_id: string;
  amount_minor: bigint;
  stands: boolean;
}

interface FileRow {
  fapiao_id: string;
  format: FapiaoFormat;
  content: Buffer;
  bytes: number;
  sha256: string;
}

type Readable = {
  invoicing_fapiao: FapiaoRow;
  invoicing_fapiao_invoices: FapiaoInvoiceRow;
  invoicing_fapiao_files: FileRow;
  invoicing_fapiao_titles: {
    organization_id: string;
    vat: Vat;
    title: FapiaoTitle;
    updated_at: Date;
  };
  invoicing_invoices: { id: string; number: string | null };
};
type Writable = {
  invoicing_fapiao: Omit<FapiaoRow, 'title'> & { title: string };
  invoicing_fapiao_titles: Omit<Readable['invoicing_fapiao_titles'], 'title'> & { title: string };
};

const columns = [
  'id',
  'organization_id',
  'status',
  'vat',
  'title',
  'currency',
  'amount_minor',
  'code',
  'number',
  'issued_on',
  'reason',
  'red_code',
  'red_number',
  'reversed_on',
  'requested_at',
  'issued_at',
  'sent_at',
  'closed_at',
] as const;

const tables = (executor: Executor) => executor.withTables<Readable>();

/** Answers false where an invoice of it is on another that stands; its transaction is to be given up then. */
export async function insertFapiao(executor: Executor, fapiao: Fapiao): Promise<boolean> {
  await executor
    .withTables<Writable>()
    .insertInto('invoicing_fapiao')
    .values({ ...toRow(fapiao), title: JSON.stringify(fapiao.title) })
    .execute();
  const inserted = await tables(executor)
    .insertInto('invoicing_fapiao_invoices')
    .values(
      fapiao.invoices.map((invoice) => ({
        fapiao_id: fapiao.id,
        invoice_id: invoice.id,
        amount_minor: invoice.amountMinor,
        stands: true,
      })),
    )
    .onConflict((conflict) => conflict.column('invoice_id').where('stands', '=', true).doNothing())
    .returning('invoice_id')
    .execute();
  return inserted.length === fapiao.invoices.length;
}

/**
 * Locked after its invoices, before the audit head.
 * @scope deployment: only operators change a fapiao.
 */
export async function lockFapiao(executor: Executor, id: string): Promise<Fapiao | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_fapiao')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && (await withParts(executor, [row]))[0];
}

/** @scope caller: requireFapiao compares whose it is. */
export async function findFapiao(executor: Executor, id: string): Promise<Fapiao | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_fapiao')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && (await withParts(executor, [row]))[0];
}

export interface FapiaoFilter {
  organizationId?: string | undefined;
  invoiceId?: string | undefined;
  status?: FapiaoStatus | undefined;
  number?: string | undefined;
  /** Only those that wait for an operator, the oldest first. */
  isWaiting?: boolean;
  /** The last one seen. */
  after?: string | undefined;
  limit: number;
}

const waiting: FapiaoStatus[] = ['requested', 'issued', 'to_be_reversed'];

/** @scope deployment: operators list all; a customer’s list names the organization. */
export async function listFapiaoRows(executor: Executor, filter: FapiaoFilter): Promise<Fapiao[]> {
  const { organizationId, invoiceId, status, number, isWaiting, after } = filter;
  let query = tables(executor)
    .selectFrom('invoicing_fapiao')
    .select(columns)
    .orderBy('id', isWaiting ? 'asc' : 'desc')
    .limit(filter.limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (isWaiting) query = query.where('status', 'in', waiting);
  if (number !== undefined)
    query = query.where((either) =>
      either.or([either('number', '=', number), either('red_number', '=', number)]),
    );
  if (invoiceId !== undefined)
    query = query.where('id', 'in', (inner) =>
      inner
        .selectFrom('invoicing_fapiao_invoices')
        .select('fapiao_id')
        .where('invoice_id', '=', invoiceId),
    );
  if (after !== undefined) query = query.where('id', isWaiting ? '>' : '<', after);
  return withParts(executor, await query.execute());
}

export async function saveFapiao(executor: Executor, fapiao: Fapiao): Promise<void> {
  const { id, ...row } = toRow(fapiao);
  await executor
    .withTables<Writable>()
    .updateTable('invoicing_fapiao')
    .set({ ...row, title: JSON.stringify(fapiao.title) })
    .where('id', '=', id)
    .execute();
}

/** Keeps everyone else from recording a number until the commit; taken after the fapiao itself. */
export async function lockFapiaoNumbers(executor: Executor): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('invoicing_fapiao.number'))`.execute(executor);
}

/**
 * The fapiao that bear a number, or whose reversal does; behind `lockFapiaoNumbers`.
 * @scope deployment: a number is given once on the whole deployment.
 */
export async function findByNumber(
  executor: Executor,
  { code, number }: { code: string | null; number: string },
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_fapiao')
    .select('id')
    .where(({ eb, or, and }) =>
      or([
        and([eb('number', '=', number), eb('code', 'is not distinct from', code)]),
        and([eb('red_number', '=', number), eb('red_code', 'is not distinct from', code)]),
      ]),
    )
    .limit(2)
    .execute();
  return rows.map(({ id }) => id);
}

export async function saveFapiaoAmounts(
  executor: Executor,
  { id, amountMinor, invoices }: Pick<Fapiao, 'id' | 'amountMinor' | 'invoices'>,
): Promise<void> {
  for (const invoice of invoices) {
    await tables(executor)
      .updateTable('invoicing_fapiao_invoices')
      .set({ amount_minor: invoice.amountMinor })
      .where('fapiao_id', '=', id)
      .where('invoice_id', '=', invoice.id)
      .execute();
  }
  await tables(executor)
    .updateTable('invoicing_fapiao')
    .set({ amount_minor: amountMinor })
    .where('id', '=', id)
    .execute();
}

export interface FapiaoFile {
  format: FapiaoFormat;
  content: Buffer;
  sha256: string;
}

export async function saveFile(
  executor: Executor,
  fapiaoId: string,
  { format, content, sha256 }: FapiaoFile,
): Promise<void> {
  const row = { format, content, bytes: content.length, sha256 };
  await tables(executor)
    .insertInto('invoicing_fapiao_files')
    .values({ fapiao_id: fapiaoId, ...row })
    .onConflict((conflict) => conflict.column('fapiao_id').doUpdateSet(row))
    .execute();
}

/** @scope row: of a fapiao that requireFapiao found. */
export async function findFile(
  executor: Executor,
  fapiaoId: string,
): Promise<FapiaoFile | undefined> {
  return tables(executor)
    .selectFrom('invoicing_fapiao_files')
    .select(['format', 'content', 'sha256'])
    .where('fapiao_id', '=', fapiaoId)
    .executeTakeFirst();
}

export interface LastTitle {
  vat: Vat;
  title: FapiaoTitle;
}

export async function findLastTitle(
  executor: Executor,
  organizationId: string,
): Promise<LastTitle | undefined> {
  return tables(executor)
    .selectFrom('invoicing_fapiao_titles')
    .select(['vat', 'title'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

export async function saveLastTitle(
  executor: Executor,
  { organizationId, vat, title, at }: LastTitle & { organizationId: string; at: Date },
): Promise<void> {
  const row = { vat, title: JSON.stringify(title), updated_at: at };
  await executor
    .withTables<Writable>()
    .insertInto('invoicing_fapiao_titles')
    .values({ organization_id: organizationId, ...row })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(row))
    .execute();
}

/** @scope row: of fapiao that were just read. */
async function withParts(executor: Executor, rows: readonly FapiaoRow[]): Promise<Fapiao[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const invoices = await tables(executor)
    .selectFrom('invoicing_fapiao_invoices as listed')
    .innerJoin('invoicing_invoices as invoices', 'invoices.id', 'listed.invoice_id')
    .select(['listed.fapiao_id', 'listed.invoice_id', 'listed.amount_minor', 'invoices.number'])
    .where('listed.fapiao_id', 'in', ids)
    .orderBy('listed.invoice_id')
    .execute();
  const files = await tables(executor)
    .selectFrom('invoicing_fapiao_files')
    .select(['fapiao_id', 'format', 'bytes', 'sha256'])
    .where('fapiao_id', 'in', ids)
    .execute();
  const byFapiao = Map.groupBy(invoices, (row) => row.fapiao_id);
  return rows.map((row) => ({
    ...toFapiao(row),
    invoices: (byFapiao.get(row.id) ?? []).map(
      (invoice): FapiaoInvoice => ({
        id: invoice.invoice_id,
        number: invoice.number,
        amountMinor: invoice.amount_minor,
      }),
    ),
    file: fileOf(files.find((file) => file.fapiao_id === row.id)),
  }));
}

function fileOf(row: Pick<FileRow, 'format' | 'bytes' | 'sha256'> | undefined): Fapiao['file'] {
  return row ? { format: row.format, bytes: row.bytes, sha256: row.sha256 } : null;
}

function toFapiao(row: FapiaoRow): Omit<Fapiao, 'invoices' | 'file'> {
  return {
    id: row.id,
    organizationId: row.organization_id,
    status: row.status,
    vat: row.vat,
    title: row.title,
    currency: row.currency,
    amountMinor: row.amount_minor,
    code: row.code,
    number: row.number,
    issuedOn: row.issued_on,
    reason: row.reason,
    redCode: row.red_code,
    redNumber: row.red_number,
    reversedOn: row.reversed_on,
    requestedAt: row.requested_at,
    issuedAt: row.issued_at,
    sentAt: row.sent_at,
    closedAt: row.closed_at,
  };
}

function toRow(fapiao: Fapiao): Omit<FapiaoRow, 'title'> {
  return {
    id: fapiao.id,
    organization_id: fapiao.organizationId,
    status: fapiao.status,
    vat: fapiao.vat,
    currency: fapiao.currency,
    amount_minor: fapiao.amountMinor,
    code: fapiao.code,
    number: fapiao.number,
    issued_on: fapiao.issuedOn,
    reason: fapiao.reason,
    red_code: fapiao.redCode,
    red_number: fapiao.redNumber,
    reversed_on: fapiao.reversedOn,
    requested_at: fapiao.requestedAt,
    issued_at: fapiao.issuedAt,
    sent_at: fapiao.sentAt,
    closed_at: fapiao.closedAt,
  };
}
