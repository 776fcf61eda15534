/**
 * One entry of the log, and the texts that its hash and digests are taken over. Version 1 hashed the values themselves.
 * Since version 2 the hash is over salted digests of two parts, so that a part can be erased and the chain still holds.
 */
import { canonicalJson, type Json } from './canonical-json.ts';

export type Values = { [name: string]: Json };

export interface AuditEntry {
  id: string;
  organizationId: string | null;
  actorKind: 'user' | 'api_key' | 'application' | 'provider' | 'system';
  actorId: string | null;
  action: string;
  resourceKind: string;
  resourceId: string;
  oldValues: Values | null;
  newValues: Values | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  createdAt: Date;
}

export interface ChainedEntry extends AuditEntry {
  chain: string;
  position: bigint;
  version: number;
  /** From where: the ip and the user agent. Without its salt the part was erased. */
  originSalt: string | null;
  originDigest: string | null;
  /** What stood there before and after. */
  valuesSalt: string | null;
  valuesDigest: string | null;
  /** Of an entry of version 1 that lost a part: a keyed hash over what is left. */
  restSeal: string | null;
  previousHash: string;
  hash: string;
}

/** What of an entry tells of a person, and can be erased. */
export type Part = 'origin' | 'values';
export const parts: readonly Part[] = ['origin', 'values'];

/** A keyed hash: without the deployment's secret nobody can write one. */
export type Mac = (text: string) => string;

/** The chain of what belongs to no organization. */
export const deploymentChain = 'deployment';

/** What the first entry of a chain names as the hash before it. */
export const chainStart = '';

export function chainOf(organizationId: string | null): string {
  return organizationId ?? deploymentChain;
}

type Kept = Omit<ChainedEntry, 'hash' | 'restSeal'>;

/** Puts an entry behind the last of its chain. */
export function chainEntry(
  entry: AuditEntry,
  head: { chain: string; entries: bigint; hash: string },
  { mac, newSalt }: { mac: Mac; newSalt: () => string },
): ChainedEntry {
  const placed = {
    ...entry,
    chain: head.chain,
    position: head.entries + 1n,
    version: 2,
    previousHash: head.hash,
    ...sealParts(entry, { mac, newSalt }),
  };
  return { ...placed, restSeal: null, hash: mac(hashedText(placed)) };
}

/** Salts and digests of both parts. */
export function sealParts(
  entry: AuditEntry,
  { mac, newSalt }: { mac: Mac; newSalt: () => string },
) {
  const originSalt = newSalt();
  const valuesSalt = newSalt();
  return {
    originSalt,
    originDigest: mac(partText(entry, 'origin', originSalt)),
    valuesSalt,
    valuesDigest: mac(partText(entry, 'values', valuesSalt)),
  };
}

/** Every field of the entry and its place in the chain, written in one way only. */
export function hashedText(entry: Kept): string {
  const details =
    entry.version === 1
      ? {
          ip: entry.ip,
          new_values: entry.newValues,
          old_values: entry.oldValues,
          user_agent: entry.userAgent,
        }
      : {
          origin_digest: entry.originDigest,
          values_digest: entry.valuesDigest,
          version: entry.version,
        };
  return canonicalJson({ ...fixedFields(entry), ...details });
}

/** What is left of an entry of version 1 after an erasure; its own hash cannot be taken again. */
export function restText(entry: Kept & { hash: string }): string {
  return canonicalJson({
    ...fixedFields(entry),
    hash: entry.hash,
    kind: 'rest',
    origin_digest: entry.originDigest,
    values_digest: entry.valuesDigest,
  });
}

/** A part with its salt: who knows the digest alone cannot try all addresses. */
export function partText(entry: AuditEntry, part: Part, salt: string): string {
  const content =
    part === 'origin'
      ? { ip: entry.ip, user_agent: entry.userAgent }
      : { new_values: entry.newValues, old_values: entry.oldValues };
  return canonicalJson({ content, id: entry.id, kind: part, salt });
}

function fixedFields(entry: Kept): Values {
  return {
    action: entry.action,
    actor_id: entry.actorId,
    actor_kind: entry.actorKind,
    chain: entry.chain,
    created_at: entry.createdAt.toISOString(),
    id: entry.id,
    organization_id: entry.organizationId,
    position: entry.position.toString(),
    previous_hash: entry.previousHash,
    request_id: entry.requestId,
    resource_id: entry.resourceId,
    resource_kind: entry.resourceKind,
  };
}

/** Whether the part was erased. */
export function isErased(entry: ChainedEntry, part: Part): boolean {
  const isSealed = entry.version > 1 || entry.restSeal !== null;
  return isSealed && (part === 'origin' ? entry.originSalt : entry.valuesSalt) === null;
}

/** Whether the entry is what was written, as far as it is still there. */
export function isAsWritten(entry: ChainedEntry, mac: Mac): boolean {
  if (entry.version !== 1 && entry.version !== 2) return false;
  const isResealed = entry.version === 1 && entry.restSeal !== null;
  const isKept = isResealed
    ? mac(restText(entry)) === entry.restSeal
    : mac(hashedText(entry)) === entry.hash && entry.restSeal === null;
  if (!isKept) return false;
  const hasDigests = entry.version === 2 || isResealed;
  if (!hasDigests) return entry.originDigest === null && entry.valuesDigest === null;
  return parts.every((part) => isPartAsWritten(entry, part, mac));
}

function isPartAsWritten(entry: ChainedEntry, part: Part, mac: Mac): boolean {
  const [salt, digest] =
    part === 'origin'
      ? [entry.originSalt, entry.originDigest]
      : [entry.valuesSalt, entry.valuesDigest];
  if (salt !== null) return mac(partText(entry, part, salt)) === digest;
  const content =
    part === 'origin' ? [entry.ip, entry.userAgent] : [entry.oldValues, entry.newValues];
  return content.every((value) => value === null);
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
