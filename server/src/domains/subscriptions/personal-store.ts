/** SQL about what subscriptions keeps of a person's own organization; contracts stay, under ids. */
import type { Executor } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

const lists = {
  subscriptions: 'subscriptions_subscriptions',
  packages: 'subscriptions_organization_packages',
  quotes: 'subscriptions_quotes',
};

export function readPersonalContracts(
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
