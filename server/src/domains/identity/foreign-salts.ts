/**
 * Salts of the systems that keys were moved here from, opened and in memory: a secret is hashed once more only where it
 * begins like those of such a system. Read anew when one is added anywhere, and every quarter of a minute.
 */
import type { Platform } from '../../platform/context.ts';
import { sha256 } from '../../platform/crypto.ts';
import { keyringChannel, saltsChanged } from './core/keyring-news.ts';
import { findKeySalts } from './store/key-salts.ts';

const keptMs = 15_000;

export const saltPurpose = (id: string) => `identity.key_salt:${id}`;

export interface ForeignSalts {
  /** Whether a system that keys were moved from made secrets that begin so. */
  recognizes(secret: string): Promise<boolean>;
  /** What the secret is kept as, once for each system that may have made it. */
  hashesOf(secret: string): Promise<{ scheme: string; hash: string }[]>;
}

export function createForeignSalts({
  clocks,
  database,
  notifications,
  sealer,
}: Platform): ForeignSalts {
  let salts: { id: string; prefix: string; salt: string }[] = [];
  let until = 0;
  let loading: Promise<void> | undefined;
  const forget = () => {
    until = 0;
  };
  notifications.subscribe(keyringChannel, {
    onNotify: (id) => {
      if (id === saltsChanged) forget();
    },
    onGap: forget,
  });

  async function load(): Promise<void> {
    const from = clocks.wall().getTime();
    const rows = await findKeySalts(database);
    salts = rows.map(({ id, prefix, sealedSalt }) => ({
      ...{ id, prefix },
      salt: sealer.open(sealedSalt, saltPurpose(id)),
    }));
    until = from + keptMs;
  }

  async function matching(secret: string) {
    if (until <= clocks.wall().getTime()) {
      loading ??= load().finally(() => {
        loading = undefined;
      });
      await loading;
    }
    return salts.filter(({ prefix }) => secret.startsWith(prefix));
  }

  return {
    recognizes: async (secret) => (await matching(secret)).length > 0,
    async hashesOf(secret) {
      const found = await matching(secret);
      return found.map(({ id, salt }) => ({
        ...{ scheme: saltedScheme(id), hash: sha256(secret + salt) },
      }));
    },
  };
}

export function saltedScheme(saltId: string): string {
  return `sha256_salted:${saltId}`;
}
