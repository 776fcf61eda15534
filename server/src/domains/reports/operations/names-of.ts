import type { Executor } from '../../../platform/database/pool.ts';
import { findOrganizations } from '../../identity/index.ts';

/** What organizations are called. */
export async function namesOf(
  executor: Executor,
  rows: readonly { organization_id: string }[],
): Promise<Map<string, string>> {
  const among = [...new Set(rows.map(({ organization_id: id }) => id))];
  if (among.length === 0) return new Map();
  const found = await findOrganizations(executor, { among, limit: among.length });
  return new Map(found.map(({ id, name }) => [id, name]));
}
