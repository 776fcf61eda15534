import type { Executor } from '../../../platform/database/pool.ts';
import type { ChainedEntry } from '../core/entry.ts';
import { type AuditFilter, findEntries } from '../store.ts';

/** Entries of one organization, newest first. */
export async function listAuditLogs(
  executor: Executor,
  filter: AuditFilter & { organizationId: string },
): Promise<ChainedEntry[]> {
  return findEntries(executor, filter);
}

/** Entries of the whole deployment, newest first. */
export async function searchAuditLogs(
  executor: Executor,
  filter: AuditFilter,
): Promise<ChainedEntry[]> {
  return findEntries(executor, filter);
}
