/** Whose a part of an entry is, told by the entry's own fields: what may be erased for whom needs no list. */
import type { AuditEntry, ChainedEntry, Part } from './entry.ts';

const ownedKinds: ReadonlySet<string> = new Set(['user', 'organization']);

/** The action of an entry that says: what was this person's in the chain before it is erased. */
export const erasureAction = 'audit.erase_person';

/**
 * The person whose part it is; null where it is nobody's. From where is the actor's, or of the account that was at
 * stake where nobody had signed in yet. The values are a person's where the record is the person, and an organization's
 * where it is the organization: one that came with an account says of itself what its person is called.
 */
export function ownerOf(
  entry: Pick<AuditEntry, 'actorKind' | 'actorId' | 'resourceKind' | 'resourceId' | 'action'>,
  part: Part,
): string | null {
  if (entry.action === erasureAction && part === 'values') return null;
  const subject = ownedKinds.has(entry.resourceKind) ? entry.resourceId : null;
  if (part === 'values') return subject;
  if (entry.actorKind === 'user') return entry.actorId;
  return entry.actorKind === 'system' && entry.actorId === null ? subject : null;
}

/** Keeps count of parts that are gone until an entry accounts for them. */
export interface Missing {
  /** Answers false for a part that belongs to nobody: it can never be gone by right. */
  note(entry: ChainedEntry, part: Part): boolean;
  /** Takes an erasure into account. */
  account(entry: ChainedEntry): void;
  /** The first part of each person that nothing accounts for. */
  unaccounted(): ChainedEntry[];
}

export function trackMissing(): Missing {
  const waiting = new Map<string, ChainedEntry>();
  return {
    note(entry, part) {
      const owner = ownerOf(entry, part);
      if (owner === null) return false;
      if (!waiting.has(owner)) waiting.set(owner, entry);
      return true;
    },
    account(entry) {
      if (entry.action === erasureAction) waiting.delete(entry.resourceId);
    },
    unaccounted: () => [...waiting.values()],
  };
}
