/** SQL of the money behind invoices, as far as fapiao ask for it. */
import type { Executor } from '../../platform/database/pool.ts';

type Tables = {
  invoicing_fapiao_invoices: { fapiao_id: string; invoice_id: string; stands: boolean };
  invoicing_invoices: { id: string; credit_applied_minor: bigint };
  invoicing_credit_notes: { id: string; invoice_id: string };
  invoicing_credit_uses: { invoice_id: string; credit_note_id: string; minor: bigint };
};

const tables = (executor: Executor) => executor.withTables<Tables>();

/**
 * The fapiao that an invoice is on and that stands.
 * @scope row: of invoices that were found for their organization.
 */
export async function findStandingOf(
  executor: Executor,
  invoiceIds: readonly string[],
): Promise<Map<string, string>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await tables(executor)
    .selectFrom('invoicing_fapiao_invoices')
    .select(['invoice_id', 'fapiao_id'])
    .where('invoice_id', 'in', invoiceIds)
    .where('stands', '=', true)
    .execute();
  return new Map(rows.map((row) => [row.invoice_id, row.fapiao_id]));
}

export interface CreditOrigin {
  /** The invoice that used the credit. */
  invoiceId: string;
  minor: bigint;
  /** The invoice that it was given back from. */
  originId: string;
  originCreditAppliedMinor: bigint;
}

/**
 * What invoices have used of credit, and the invoice that each piece was given back from.
 * @scope row: of invoices that were found for their organization.
 */
export async function findCreditOrigins(
  executor: Executor,
  invoiceIds: readonly string[],
): Promise<CreditOrigin[]> {
  if (invoiceIds.length === 0) return [];
  return tables(executor)
    .selectFrom('invoicing_credit_uses as uses')
    .innerJoin('invoicing_credit_notes as notes', 'notes.id', 'uses.credit_note_id')
    .innerJoin('invoicing_invoices as origins', 'origins.id', 'notes.invoice_id')
    .select([
      'uses.invoice_id as invoiceId',
      'uses.minor as minor',
      'origins.id as originId',
      'origins.credit_applied_minor as originCreditAppliedMinor',
    ])
    .where('uses.invoice_id', 'in', invoiceIds)
    .where('uses.minor', '>', 0n)
    .execute();
}
