/** An entry as one line of an export or of an archive: everything that its hash needs, under the API's names. */
import type { Json } from './canonical-json.ts';
import type { ChainedEntry, Part, Values } from './entry.ts';

/** In an archive, a part that belongs to a person is sealed with that person's key. */
export interface SealedParts {
  origin?: string | undefined;
  values?: string | undefined;
}

export type ExportedEntry = ReturnType<typeof exported>;

export function exported(entry: ChainedEntry) {
  return {
    id: entry.id,
    chain: entry.chain,
    position: entry.position.toString(),
    created_at: entry.createdAt.toISOString(),
    organization: entry.organizationId,
    actor: { kind: entry.actorKind, id: entry.actorId },
    action: entry.action,
    resource: { kind: entry.resourceKind, id: entry.resourceId },
    request_id: entry.requestId,
    ip: entry.ip,
    user_agent: entry.userAgent,
    old_values: entry.oldValues,
    new_values: entry.newValues,
    proof: {
      version: entry.version,
      origin_salt: entry.originSalt,
      origin_digest: entry.originDigest,
      values_salt: entry.valuesSalt,
      values_digest: entry.valuesDigest,
      rest_seal: entry.restSeal,
      previous_hash: entry.previousHash,
      hash: entry.hash,
    },
  };
}

/** What a sealed part holds. */
export function partContent(entry: ChainedEntry, part: Part): { [name: string]: Json } {
  return part === 'origin'
    ? { ip: entry.ip, user_agent: entry.userAgent, salt: entry.originSalt }
    : { old_values: entry.oldValues, new_values: entry.newValues, salt: entry.valuesSalt };
}

/** Reads a line back; undefined for what is none. */
export function entryOf(line: string): (ChainedEntry & { sealed: SealedParts }) | undefined {
  const value = parseObject(line);
  if (!isExported(value)) return undefined;
  const { proof } = value;
  return {
    id: value.id,
    chain: value.chain,
    position: BigInt(value.position),
    createdAt: new Date(value.created_at),
    organizationId: value.organization,
    actorKind: value.actor.kind,
    actorId: value.actor.id,
    action: value.action,
    resourceKind: value.resource.kind,
    resourceId: value.resource.id,
    requestId: value.request_id,
    ip: value.ip,
    userAgent: value.user_agent,
    oldValues: value.old_values,
    newValues: value.new_values,
    version: proof.version,
    originSalt: proof.origin_salt,
    originDigest: proof.origin_digest,
    valuesSalt: proof.values_salt,
    valuesDigest: proof.values_digest,
    restSeal: proof.rest_seal,
    previousHash: proof.previous_hash,
    hash: proof.hash,
    sealed: value.sealed ?? {},
  };
}

/** Puts an opened part back. */
export function withPart(entry: ChainedEntry, part: Part, content: Values): ChainedEntry {
  const text = (name: string) => (content[name] ?? null) as string | null;
  const values = (name: string) => (content[name] ?? null) as Values | null;
  return part === 'origin'
    ? { ...entry, ip: text('ip'), userAgent: text('user_agent'), originSalt: text('salt') }
    : {
        ...entry,
        oldValues: values('old_values'),
        newValues: values('new_values'),
        valuesSalt: text('salt'),
      };
}

export function parseObject(line: string): Values | undefined {
  try {
    const value = JSON.parse(line) as Json;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    // What is no JSON is no line of ours: the caller says which line it was.
    return undefined;
  }
}

const texts = ['id', 'chain', 'position', 'created_at', 'action', 'request_id'];

/** The hash says whether the contents are right; this only, whether they can be read. */
function isExported(value: unknown): value is ExportedEntry & { sealed?: SealedParts } {
  const line = value as { [name: string]: Json } | undefined;
  if (!line || !texts.every((name) => typeof line[name] === 'string')) return false;
  if (!/^\d{1,18}$/.test(String(line.position))) return false;
  if (Number.isNaN(Date.parse(String(line.created_at)))) return false;
  return ['actor', 'resource', 'proof'].every(
    (name) => typeof line[name] === 'object' && line[name] !== null,
  );
}
