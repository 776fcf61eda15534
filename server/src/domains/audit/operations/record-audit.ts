/**
 * Writes entries into their chains. They are collected while the transaction works and written at its end, because
 * the head of a chain is the last of all locks.
 */
import { createHmac } from 'node:crypto';
import { beforeCommit, type Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import {
  type AuditEntry,
  type ChainedEntry,
  chainOf,
  hashedText,
  sealedText,
} from '../core/entry.ts';
import { recordable, storable } from '../core/recordable.ts';
import type { Mac } from '../core/verify-chain.ts';
import { insertEntries, lockHeads, updateHeads } from '../store.ts';

export interface AuditRecord {
  /** Whose log it goes to; null: the deployment's own. */
  organizationId: string | null;
  /** Noun and verb of the operation: `package.purchase`. */
  action: string;
  resource: { kind: string; id: string };
  /** Fields that changed, before and after; secrets among them are masked by their names. */
  oldValues?: Record<string, unknown> | undefined;
  newValues?: Record<string, unknown> | undefined;
}

/** Entries that wait for the end of their transaction. */
const waiting = new WeakMap<Transaction, AuditEntry[]>();

/** Records what the context's actor did, in the transaction that does it. */
export async function recordAudit(
  context: Context,
  transaction: Transaction,
  record: AuditRecord,
): Promise<void> {
  const entry = toEntry(context, record);
  const collected = waiting.get(transaction);
  if (collected) {
    collected.push(entry);
    return;
  }
  const entries = [entry];
  const isDeferred = beforeCommit(transaction, () => writeEntries(context, transaction, entries));
  if (isDeferred) waiting.set(transaction, entries);
  else await writeEntries(context, transaction, entries);
}

/** The keyed hash of this deployment's chains. */
export function auditMac(context: Pick<Context, 'sealer'>): Mac {
  const key = context.sealer.derive('audit');
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}

function toEntry(context: Context, record: AuditRecord): AuditEntry {
  const createdAt = context.clocks.business();
  return {
    id: newId('aud', createdAt),
    organizationId: record.organizationId,
    actorKind: context.actor.kind,
    actorId: context.actor.id,
    action: record.action,
    resourceKind: record.resource.kind,
    resourceId: storable(record.resource.id),
    oldValues: record.oldValues ? recordable(record.oldValues) : null,
    newValues: record.newValues ? recordable(record.newValues) : null,
    ip: context.actor.ip,
    userAgent: context.actor.userAgent === null ? null : storable(context.actor.userAgent),
    requestId: context.requestId,
    createdAt,
  };
}

/** Chains in the order of their names, so that two transactions that write to both never wait for each other. */
async function writeEntries(
  context: Context,
  transaction: Transaction,
  entries: readonly AuditEntry[],
): Promise<void> {
  const mac = auditMac(context);
  const chains = Map.groupBy(entries, (entry) => chainOf(entry.organizationId));
  const heads = await lockHeads(transaction, [...chains.keys()].sort());
  const chained = heads.flatMap((head) =>
    (chains.get(head.chain) ?? []).map((entry): ChainedEntry => {
      const placed = {
        ...entry,
        chain: head.chain,
        position: head.entries + 1n,
        previousHash: head.hash,
      };
      head.entries = placed.position;
      head.hash = mac(hashedText(placed));
      return { ...placed, hash: head.hash };
    }),
  );
  await insertEntries(transaction, chained);
  await updateHeads(
    transaction,
    heads.map((head) => ({ ...head, seal: mac(sealedText(head)) })),
  );
}
