import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { isReady, type SettingValues, withDefaults } from '../core/settings.ts';
import { outside } from '../outside.ts';
import type { Connection, Online, PaymentProvider } from '../provider.ts';
import { findStoredProvider, type StoredProvider } from '../provider-store.ts';
import { providerNamed } from '../providers/index.ts';
import { watchCalls } from './watch-calls.ts';

export interface LoadedProvider {
  provider: PaymentProvider;
  online: Online;
  enabled: boolean;
  /** What operators wrote, secrets opened; without defaults. */
  written: SettingValues;
  /** There while all required settings are, enabled or not: money may be under way. */
  connection: Connection | undefined;
}

/** A provider of the outside world with its settings; undefined for a name that is none. */
export async function loadProvider(
  context: Context,
  executor: Executor,
  id: string,
): Promise<LoadedProvider | undefined> {
  const provider = providerNamed(id);
  if (!provider?.online) return undefined;
  const stored = await findStoredProvider(executor, id);
  const written = stored ? openSettings(context, id, stored) : {};
  const { online, settings } = provider;
  const connection = isReady(settings, written)
    ? watchCalls(context, id, online.connect(withDefaults(settings, written), outside))
    : undefined;
  return { provider, online, enabled: stored?.enabled === true, written, connection };
}

/** Stored settings with their secrets in the clear: for use, never for showing. */
export function openSettings(
  context: Context,
  provider: string,
  stored: StoredProvider,
): SettingValues {
  const secrets = Object.entries(stored.sealedSecrets).map(([key, sealed]) => [
    key,
    context.sealer.open(sealed, sealPurpose(provider, key)),
  ]);
  return { ...stored.settings, ...Object.fromEntries(secrets) };
}

/** Binds a sealed secret to its provider and setting. */
export function sealPurpose(provider: string, key: string): string {
  return `payments.provider.${provider}.${key}`;
}
