/** SQL about what metering keeps of a person's own organization; all of it is on bills, and stays. */
import type { Executor } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

export function readPersonalUsage(
  executor: Executor,
  organizationId: string,
): Record<string, AsyncIterable<unknown>> {
  const rowsOf = (table: string, key: string) =>
    readOwnedRows(executor, { table, owner: 'organization_id', key }, organizationId);
  return {
    calls: rowsOf('metering_usage', 'request_id'),
    events: rowsOf('metering_events', 'key'),
    violations: rowsOf('metering_violations', 'id'),
  };
}
