/** One entry of the log, and the text that its hash is taken over. */
import { canonicalJson, type Json } from './canonical-json.ts';

export interface AuditEntry {
  id: string;
  organizationId: string | null;
  actorKind: 'user' | 'api_key' | 'application' | 'provider' | 'system';
  actorId: string | null;
  action: string;
  resourceKind: string;
  resourceId: string;
  oldValues: { [name: string]: Json } | null;
  newValues: { [name: string]: Json } | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  createdAt: Date;
}

export interface ChainedEntry extends AuditEntry {
  chain: string;
  position: bigint;
  previousHash: string;
  hash: string;
}

/** The chain of what belongs to no organization. */
export const deploymentChain = 'deployment';

/** What the first entry of a chain names as the hash before it. */
export const chainStart = '';

export function chainOf(organizationId: string | null): string {
  return organizationId ?? deploymentChain;
}

/** Every field of the entry and its place in the chain, written in one way only. */
export function hashedText(entry: Omit<ChainedEntry, 'hash'>): string {
  return canonicalJson({
    action: entry.action,
    actor_id: entry.actorId,
    actor_kind: entry.actorKind,
    chain: entry.chain,
    created_at: entry.createdAt.toISOString(),
    id: entry.id,
    ip: entry.ip,
    new_values: entry.newValues,
    old_values: entry.oldValues,
    organization_id: entry.organizationId,
    position: entry.position.toString(),
    previous_hash: entry.previousHash,
    request_id: entry.requestId,
    resource_id: entry.resourceId,
    resource_kind: entry.resourceKind,
    user_agent: entry.userAgent,
  });
}

/** What the head of a chain claims, written in one way only. */
export function sealedText(head: { chain: string; entries: bigint; hash: string }): string {
  return canonicalJson({
    chain: head.chain,
    entries: head.entries.toString(),
    hash: head.hash,
    kind: 'head',
  });
}
