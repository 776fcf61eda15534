/** SQL about what a person did. */
import type { Executor } from '../../platform/database/pool.ts';
import { readOwnedRows } from '../../platform/personal-data.ts';

/** Entries of which the person is the actor, without what proves them. */
export function readPersonalEntries(
  executor: Executor,
  userId: string,
): Record<string, AsyncIterable<unknown>> {
  const proofs = ['origin_salt', 'origin_digest', 'values_salt', 'values_digest', 'rest_seal'];
  return {
    entries: readOwnedRows(
      executor,
      {
        ...{ table: 'audit_entries', owner: 'actor_id', key: 'id' },
        without: [...proofs, 'previous_hash', 'hash'],
      },
      userId,
    ),
  };
}
