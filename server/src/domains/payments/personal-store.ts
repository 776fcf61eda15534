/** SQL about what payments keeps of a person's own organization. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { type OwnedRows, readOwnedRows } from '../../platform/personal-data.ts';

const ofOrganization = (table: string, ...without: string[]): OwnedRows => ({
  ...{ table, owner: 'organization_id', key: 'id' },
  without,
});

const lists = {
  payments: ofOrganization('payments_attempts', 'payer'),
  refunds: ofOrganization('payments_refunds'),
  disputes: ofOrganization('payments_disputes'),
  unapplied: ofOrganization('payments_unapplied'),
  methods: ofOrganization('payments_methods', 'digest', 'sealed_reference', 'sealed_customer'),
  methods_begun: ofOrganization('payments_setups'),
} as const satisfies Record<string, OwnedRows>;

export function readPersonalPayments(
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

/** Has every stored method forgotten, here at once and at its provider soon; what it was called is gone now. */
export async function erasePersonalPayments(
  transaction: Transaction,
  erased: { organizationId: string; at: Date; nextRemovalAt: Date },
): Promise<void> {
  await sql`
    update payments_methods
    set label = '', expires = null, is_default = false,
      status = case when status = 'active' then 'removing' else status end,
      removed_at = coalesce(removed_at, ${erased.at}),
      next_removal_at = case when status = 'active' then ${erased.nextRemovalAt} else next_removal_at end
    where organization_id = ${erased.organizationId}
  `.execute(transaction);
  await sql`
    update payments_attempts
    set return_url = null
    where organization_id = ${erased.organizationId}
  `.execute(transaction);
  await sql`
    update payments_setups
    set return_url = null
    where organization_id = ${erased.organizationId}
  `.execute(transaction);
}

/** Whether money may still come: an attempt or a refund whose end nobody knows. */
export async function hasMoneyUnderWay(
  executor: Executor,
  organizationId: string,
): Promise<boolean> {
  const { rows } = await sql<{ underWay: boolean }>`
    select exists (
      select 1
      from payments_attempts
      where organization_id = ${organizationId} and next_query_at is not null
    ) or exists (
      select 1
      from payments_refunds
      where organization_id = ${organizationId} and next_query_at is not null
    ) as "underWay"
  `.execute(executor);
  return rows[0]?.underWay ?? false;
}
