/** SQL about what the ledger keeps of a person's own organization; all of it is money, and stays. */
import type { Executor } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

const lists = { transfers: 'ledger_transfers', grants: 'ledger_grants', funds: 'ledger_buckets' };

export function readPersonalLedger(
  executor: Executor,
  organizationId: string,
): Record<string, AsyncIterable<unknown>> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, table]) => [
      name,
      readOwnedRows(executor, { table, owner: 'organization_id', key: 'id' }, organizationId),
    ]),
  );
}
