/** Erases what the log tells of persons, under the locked heads of the chains that tell it. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { deletePersonKey, findPersonKey } from '../archive-store.ts';
import { newSalt } from '../audit-mac.ts';
import {
  type AuditEntry,
  type ChainedEntry,
  chainOf,
  deploymentChain,
  isErased,
  type Mac,
  parts,
} from '../core/entry.ts';
import { withoutParts } from '../core/erase-part.ts';
import { erasureAction, ownerOf } from '../core/person.ts';
import { eraseParts, findChainsOfPerson, findEntriesOfPerson } from '../store.ts';

const batchSize = 500;

/** The chains that hold parts of each person, or will at the end of this transaction, or held them before their archive. */
export async function findChainsOfPersons(
  transaction: Transaction,
  userIds: ReadonlySet<string>,
  entries: readonly AuditEntry[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const userId of userIds) {
    const written = await findChainsOfPerson(transaction, userId);
    const archived = (await findPersonKey(transaction, userId))?.chains ?? [];
    const coming = entries
      .filter((entry) => parts.some((part) => ownerOf(entry, part) === userId))
      .map((entry) => chainOf(entry.organizationId));
    found.set(userId, [...new Set([...written, ...archived, ...coming])]);
  }
  return found;
}

/** Answers the entries that say so, one for each person and chain. */
export async function erasePersons(
  context: Context,
  transaction: Transaction,
  { touched, mac }: { touched: ReadonlyMap<string, readonly string[]>; mac: Mac },
): Promise<AuditEntry[]> {
  const erasures: AuditEntry[] = [];
  for (const [userId, chains] of touched) {
    const counts = await erasePerson(transaction, userId, mac);
    await deletePersonKey(transaction, userId);
    for (const chain of chains) {
      erasures.push(erasureEntry(context, { userId, chain, entries: counts.get(chain) ?? 0 }));
    }
  }
  return erasures;
}

/** How many entries of each chain lost a part. */
async function erasePerson(
  transaction: Transaction,
  userId: string,
  mac: Mac,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let after = '';
  for (;;) {
    const batch = await findEntriesOfPerson(transaction, { userId, after, limit: batchSize });
    const changed = batch.flatMap((entry) => withoutPartsOf(entry, userId, mac) ?? []);
    if (changed.length > 0) await eraseParts(transaction, changed);
    for (const { chain } of changed) counts.set(chain, (counts.get(chain) ?? 0) + 1);
    after = batch.at(-1)?.id ?? after;
    if (batch.length < batchSize) return counts;
  }
}

function withoutPartsOf(entry: ChainedEntry, userId: string, mac: Mac): ChainedEntry | undefined {
  const gone = parts.filter((part) => ownerOf(entry, part) === userId && !isErased(entry, part));
  return gone.length === 0 ? undefined : withoutParts(entry, gone, { mac, newSalt });
}

/** Sluice's own: who asked for it would be a person's again. */
function erasureEntry(
  context: Context,
  { userId, chain, entries }: { userId: string; chain: string; entries: number },
): AuditEntry {
  const createdAt = context.clocks.business();
  return {
    id: newId('aud', createdAt),
    organizationId: chain === deploymentChain ? null : chain,
    actorKind: 'system',
    actorId: null,
    action: erasureAction,
    resourceKind: userId.startsWith('org_') ? 'organization' : 'user',
    resourceId: userId,
    oldValues: null,
    newValues: { entries },
    ip: null,
    userAgent: null,
    requestId: context.requestId,
    createdAt,
  };
}
