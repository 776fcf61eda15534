import type { Executor } from '../../../platform/database/pool.ts';
import type { ChainedEntry } from '../core/entry.ts';
import type { People, Person } from '../people.ts';
import { type AuditFilter, findEntries } from '../search-store.ts';

/** Whose names and addresses stand in a log: its organization's members', or for operators everybody's. */
export type NamedEntry = ChainedEntry & { person: Person | undefined };

/** Entries of one organization, newest first. */
export async function listAuditLogs(
  executor: Executor,
  people: People,
  filter: AuditFilter & { organizationId: string },
): Promise<NamedEntry[]> {
  return named(executor, people, filter, filter.organizationId);
}

/** Entries of the whole deployment, newest first. */
export async function searchAuditLogs(
  executor: Executor,
  people: People,
  filter: AuditFilter,
): Promise<NamedEntry[]> {
  return named(executor, people, filter, undefined);
}

async function named(
  executor: Executor,
  people: People,
  filter: AuditFilter,
  among: string | undefined,
): Promise<NamedEntry[]> {
  const entries = await findEntries(executor, await withActorId(executor, people, filter, among));
  const ids = entries.flatMap(({ actorKind, actorId }) =>
    actorKind === 'user' && actorId !== null ? [actorId] : [],
  );
  const persons = await people.findByIds(executor, [...new Set(ids)], among);
  return entries.map((entry) => ({ ...entry, person: persons.get(entry.actorId ?? '') }));
}

/** Somebody who is named by mail is looked for by id: the log holds no addresses of actors. */
export async function withActorId<Filter extends { actor?: string | undefined }>(
  executor: Executor,
  people: People,
  filter: Filter,
  among: string | undefined,
): Promise<Filter & { actorId?: string | null }> {
  if (!filter.actor?.includes('@')) return filter;
  return { ...filter, actorId: (await people.findIdByMail(executor, filter.actor, among)) ?? null };
}
