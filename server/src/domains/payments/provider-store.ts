/** All SQL about providers' settings; secrets are sealed before they come here. */
import type { Executor } from '../../platform/database/pool.ts';
import type { SettingValues } from './core/settings.ts';

type ProviderTables = {
  payments_providers: {
    provider: string;
    enabled: boolean;
    settings: SettingValues;
    sealed_secrets: Record<string, string>;
    updated_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<ProviderTables>();

export interface StoredProvider {
  enabled: boolean;
  settings: SettingValues;
  sealedSecrets: Record<string, string>;
}

export async function findStoredProvider(
  executor: Executor,
  provider: string,
): Promise<StoredProvider | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_providers')
    .select(['enabled', 'settings', 'sealed_secrets'])
    .where('provider', '=', provider)
    .executeTakeFirst();
  return row && { enabled: row.enabled, settings: row.settings, sealedSecrets: row.sealed_secrets };
}

/** Locks the provider's settings, making the row when there is none: two changes never overwrite each other. */
export async function lockStoredProvider(
  executor: Executor,
  provider: string,
  blank: StoredProvider & { at: Date },
): Promise<StoredProvider> {
  await tables(executor)
    .insertInto('payments_providers')
    .values({
      provider,
      enabled: blank.enabled,
      settings: blank.settings,
      sealed_secrets: blank.sealedSecrets,
      updated_at: blank.at,
    })
    .onConflict((conflict) => conflict.column('provider').doNothing())
    .execute();
  const row = await tables(executor)
    .selectFrom('payments_providers')
    .select(['enabled', 'settings', 'sealed_secrets'])
    .where('provider', '=', provider)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { enabled: row.enabled, settings: row.settings, sealedSecrets: row.sealed_secrets };
}

export async function saveStoredProvider(
  executor: Executor,
  provider: string,
  stored: StoredProvider & { at: Date },
): Promise<void> {
  await tables(executor)
    .updateTable('payments_providers')
    .set({
      enabled: stored.enabled,
      settings: stored.settings,
      sealed_secrets: stored.sealedSecrets,
      updated_at: stored.at,
    })
    .where('provider', '=', provider)
    .execute();
}
