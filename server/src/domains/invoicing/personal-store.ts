/** SQL about what invoicing keeps of a person's own organization. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { type OwnedRows, readOwnedRows } from '../../platform/personal-data.ts';

const ofOrganization = (table: string, key: string): OwnedRows => ({
  table,
  owner: 'organization_id',
  key,
});

const lists = {
  billing_details: ofOrganization('invoicing_billing_details', 'organization_id'),
  invoices: ofOrganization('invoicing_invoices', 'id'),
  credit_notes: ofOrganization('invoicing_credit_notes', 'id'),
  fapiao_titles: ofOrganization('invoicing_fapiao_titles', 'organization_id'),
  fapiao: ofOrganization('invoicing_fapiao', 'id'),
  auto_top_up: ofOrganization('invoicing_auto_top_ups', 'organization_id'),
} as const satisfies Record<string, OwnedRows>;

export function readPersonalInvoicing(
  executor: Executor,
  organizationId: string,
): Record<string, AsyncIterable<unknown>> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, rows]) => [
      name,
      readOwnedRows(executor, rows, organizationId),
    ]),
  );
}

/** Removes what the next invoice would say of the customer; issued ones stay as the law asks. */
export async function erasePersonalInvoicing(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  for (const { table } of [
    lists.billing_details,
    lists.fapiao_titles,
    lists.auto_top_up,
  ] as const) {
    await sql`delete from ${sql.table(table)} where organization_id = ${organizationId}`.execute(
      transaction,
    );
  }
}

/** Whether an invoice waits for money, or is being written. */
export async function owesMoney(executor: Executor, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ owes: boolean }>`
    select exists (
      select 1
      from invoicing_invoices
      where organization_id = ${organizationId} and status in ('draft', 'open')
    ) as owes
  `.execute(executor);
  return rows[0]?.owes ?? false;
}
