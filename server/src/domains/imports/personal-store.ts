/** SQL about what imports keep of a person. */
import type { Executor } from '../../platform/database/pool.ts';
import { type OwnedRows, readOwnedRows } from '../../platform/personal-data.ts';

const moved: OwnedRows = { table: 'imports_mappings', owner: 'our_id', key: 'their_id' };

/** What they were called in systems that were moved here. */
export function readPersonalData(executor: Executor, userId: string) {
  return { moved_from: readOwnedRows(executor, moved, userId) };
}
