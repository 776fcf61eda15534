/**
 * Writes entries into their chains. They are collected while the transaction works and written at its end, because
 * the head of a chain is the last of all locks.
 */
import { beforeCommit, type Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { lockArchives } from '../archive-store.ts';
import { auditMac, newSalt } from '../audit-mac.ts';
import {
  type AuditEntry,
  type ChainedEntry,
  chainEntry,
  chainOf,
  sealedText,
} from '../core/entry.ts';
import { recordable, storable } from '../core/recordable.ts';
import { withoutSecrets } from '../core/secret-shapes.ts';
import type { Head } from '../core/verify-chain.ts';
import { insertEntries, lockHeads, updateHeads } from '../store.ts';
import { erasePersons, findChainsOfPersons } from './erase-parts.ts';

export interface AuditRecord {
  /** Whose log it goes to; null: the deployment's own. */
  organizationId: string | null;
  /** Noun and verb of the operation: `package.purchase`. */
  action: string;
  resource: { kind: string; id: string };
  /** Fields that changed, before and after; secrets among them are masked by name and by shape. */
  oldValues?: Record<string, unknown> | undefined;
  newValues?: Record<string, unknown> | undefined;
}

/** What waits for the end of a transaction. */
interface Collected {
  entries: AuditEntry[];
  /** Whose parts are erased, those of `entries` included. */
  erased: Set<string>;
}

const waiting = new WeakMap<Transaction, Collected>();

/** Records what the context's actor did, in the transaction that does it. */
export async function recordAudit(
  context: Context,
  transaction: Transaction,
  record: AuditRecord,
): Promise<void> {
  const entry = toEntry(context, record);
  await collect(context, transaction, ({ entries }) => entries.push(entry));
}

/**
 * Erases for good what the log tells of a person: from where they acted, and the values of their own record, in every
 * chain, this transaction's entries and archived months included. Each chain gets an entry that says so, and still
 * verifies. Who did what to which record stays, under ids.
 */
export async function erasePersonOfAudit(
  context: Context,
  transaction: Transaction,
  userId: string,
): Promise<void> {
  await collect(context, transaction, ({ erased }) => erased.add(userId));
}

async function collect(
  context: Context,
  transaction: Transaction,
  add: (collected: Collected) => void,
): Promise<void> {
  const collected = waiting.get(transaction);
  if (collected) return add(collected);
  const first: Collected = { entries: [], erased: new Set() };
  add(first);
  const isDeferred = beforeCommit(transaction, async () => {
    // What another ending records is collected anew.
    waiting.delete(transaction);
    await write(context, transaction, first);
  });
  if (isDeferred) waiting.set(transaction, first);
  else await write(context, transaction, first);
}

function toEntry(context: Context, record: AuditRecord): AuditEntry {
  const createdAt = context.clocks.business();
  const { kind, id } = record.resource;
  const { ip, userAgent } = context.actor;
  // Whoever reads the log must see that it was not one of their own.
  const { supportId } = context.actor;
  const newValues = supportId ? { ...record.newValues, support: supportId } : record.newValues;
  return {
    id: newId('aud', createdAt),
    organizationId: record.organizationId,
    actorKind: context.actor.kind,
    actorId: context.actor.id,
    action: record.action,
    resourceKind: kind,
    resourceId: storable(id),
    oldValues: record.oldValues ? recordable(record.oldValues, kind) : null,
    newValues: newValues ? recordable(newValues, kind) : null,
    ip,
    userAgent: userAgent === null ? null : withoutSecrets(storable(userAgent)),
    requestId: context.requestId,
    createdAt,
  };
}

/** Chains in the order of their names, so that two transactions that write to both never wait for each other. */
async function write(
  context: Context,
  transaction: Transaction,
  { entries, erased }: Collected,
): Promise<void> {
  const byChain = Map.groupBy(entries, (entry) => chainOf(entry.organizationId));
  // No month leaves for its file meanwhile; whoever moves one takes the same locks in the same order.
  if (erased.size > 0) await lockArchives(transaction);
  const touched = await findChainsOfPersons(transaction, erased, entries);
  const chains = new Set([...byChain.keys(), ...[...touched.values()].flat()]);
  const heads = await lockHeads(transaction, [...chains].sort());
  await append(context, transaction, heads, byChain);
  if (erased.size === 0) return;
  const erasures = await erasePersons(context, transaction, { touched, mac: auditMac(context) });
  await append(
    context,
    transaction,
    heads,
    Map.groupBy(erasures, (entry) => chainOf(entry.organizationId)),
  );
}

/** Behind the heads, which move on. */
async function append(
  context: Context,
  transaction: Transaction,
  heads: readonly Head[],
  byChain: ReadonlyMap<string, readonly AuditEntry[]>,
): Promise<void> {
  const mac = auditMac(context);
  const grown = heads.filter(({ chain }) => byChain.has(chain));
  const chained = grown.flatMap((head) =>
    (byChain.get(head.chain) ?? []).map((entry): ChainedEntry => {
      const placed = chainEntry(entry, head, { mac, newSalt });
      head.entries = placed.position;
      head.hash = placed.hash;
      return placed;
    }),
  );
  if (chained.length === 0) return;
  await insertEntries(transaction, chained);
  await updateHeads(
    transaction,
    grown.map((head) => ({ ...head, seal: mac(sealedText(head)) })),
  );
}
