/** Each person's own key: what an archive file tells of them is sealed with it, and gone when the key is. */
import type { Context, Platform } from '../../platform/context.ts';
import { createSealer, newSecret, type Sealer } from '../../platform/crypto.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { findPersonKey, type PersonKey } from './archive-store.ts';
import { newSalt } from './audit-mac.ts';
import { type ChainedEntry, isErased, type Mac, parts, type Values } from './core/entry.ts';
import { separable, withoutParts } from './core/erase-part.ts';
import { exported, parseObject, partContent, type SealedParts, withPart } from './core/exported.ts';
import { ownerOf } from './core/person.ts';

type Secrets = Pick<Platform, 'sealer'>;

export const keyPurpose = (userId: string) => `audit.person:${userId}`;
const partPurpose = (entry: ChainedEntry, part: string) => `audit.part:${entry.id}:${part}`;

/** Seals parts while a month is written, and remembers which keys it made for which chains. */
export interface PartSealer {
  line(entry: ChainedEntry): Promise<string>;
  used(): PersonKey[];
}

export function createPartSealer(context: Context, executor: Executor, mac: Mac): PartSealer {
  const keys = new Map<string, { key: PersonKey; chains: Set<string>; sealer: Sealer }>();
  const keyFor = async (userId: string) => {
    const known = keys.get(userId);
    if (known) return known;
    const key = (await findPersonKey(executor, userId)) ?? newPersonKey(context, userId);
    const made = { key, chains: new Set(key.chains), sealer: openKey(context, key) };
    keys.set(userId, made);
    return made;
  };
  return {
    async line(entry) {
      const sealed: SealedParts = {};
      const whole = separable(entry, { mac, newSalt });
      for (const part of parts) {
        const owner = ownerOf(entry, part);
        if (owner === null || isErased(entry, part)) continue;
        const { sealer, chains } = await keyFor(owner);
        chains.add(entry.chain);
        sealed[part] = sealer.seal(
          JSON.stringify(partContent(whole, part)),
          partPurpose(entry, part),
        );
      }
      const gone = parts.filter((part) => sealed[part] !== undefined);
      if (gone.length === 0) return JSON.stringify(exported(entry));
      return JSON.stringify({ ...exported(withoutParts(whole, gone, { mac, newSalt })), sealed });
    },
    used: () => [...keys.values()].map(({ key, chains }) => ({ ...key, chains: [...chains] })),
  };
}

function newPersonKey({ sealer }: Secrets, userId: string): PersonKey {
  return { userId, sealedKey: sealer.seal(newSecret(''), keyPurpose(userId)), chains: [] };
}

function openKey({ sealer }: Secrets, { userId, sealedKey }: PersonKey): Sealer {
  return createSealer(sealer.open(sealedKey, keyPurpose(userId)));
}

/** Opens the parts of archived entries whose persons still have a key. */
export function createPartOpener(
  platform: Secrets,
  executor: Executor,
): (entry: ChainedEntry & { sealed: SealedParts }) => Promise<ChainedEntry> {
  const sealers = new Map<string, Sealer | undefined>();
  const sealerOf = async (userId: string) => {
    if (!sealers.has(userId)) {
      const key = await findPersonKey(executor, userId);
      sealers.set(userId, key && openKey(platform, key));
    }
    return sealers.get(userId);
  };
  return async ({ sealed, ...entry }) => {
    let opened: ChainedEntry = entry;
    for (const part of parts) {
      const owner = ownerOf(entry, part);
      const text = sealed[part];
      if (owner === null || text === undefined) continue;
      const sealer = await sealerOf(owner);
      const content = sealer && open(sealer, text, partPurpose(entry, part));
      if (content) opened = withPart(opened, part, content);
    }
    return opened;
  };
}

/** Undefined where the text is not what was sealed: the part counts as missing then, and is found. */
function open(sealer: Sealer, text: string, purpose: string): Values | undefined {
  try {
    return parseObject(sealer.open(text, purpose));
  } catch {
    return undefined;
  }
}
