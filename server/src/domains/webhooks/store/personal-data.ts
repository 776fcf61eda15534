/** SQL that hands out what was sent for a person's own organization. */
import type { Executor } from '../../../platform/database/pool.ts';
import { readOwnedRows } from '../../../platform/personal-data.ts';

const sealed = ['sealed_secret', 'sealed_previous_secret'];

export function readPersonalWebhooks(
  executor: Executor,
  organizationId: string,
): Record<string, AsyncIterable<unknown>> {
  const owned = (table: string, without: readonly string[] = []) =>
    readOwnedRows(
      executor,
      { table, owner: 'organization_id', key: 'id', without },
      organizationId,
    );
  return {
    endpoints: owned('webhooks_endpoints', sealed),
    deliveries: owned('webhooks_deliveries'),
  };
}
