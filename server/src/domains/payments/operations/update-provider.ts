import type { BodyOf } from '@sluice/contract/endpoint';
import type { updateProvider as endpoint } from '@sluice/contract/payments';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { isPublicHttps } from '../core/public-address.ts';
import { changeSettings, isReady, type SettingValues, withDefaults } from '../core/settings.ts';
import type { PaymentProvider } from '../provider.ts';
import { lockStoredProvider, type StoredProvider, saveStoredProvider } from '../provider-store.ts';
import { providerNamed } from '../providers/index.ts';
import { openSettings, sealPurpose } from './load-provider.ts';
import { notifyUrl } from './read-providers.ts';

type Command = { provider: string } & BodyOf<typeof endpoint>;

/**
 * Changes a provider's settings or switches it on or off. One that is on always has all it needs.
 * @throws Refusal `not_found`, `rule_violated`, `provider_not_configured`, `callback_not_public`.
 */
export async function updateProvider(context: Context, command: Command): Promise<void> {
  const provider = providerNamed(command.provider);
  if (!provider?.online) throw notFound('payment provider', 'provider');
  const at = context.clocks.business();
  await inTransaction(context, async (transaction) => {
    const blank = { enabled: false, settings: {}, sealedSecrets: {}, at };
    const stored = await lockStoredProvider(transaction, provider.id, blank);
    const before = openSettings(context, provider.id, stored);
    const change = changeSettings(provider.settings, before, command.settings ?? {});
    if (!change.accepted) {
      throw new Refusal('rule_violated', change.sentence, { param: change.param });
    }
    const enabled = command.enabled ?? stored.enabled;
    if (enabled) requireUsable(context, provider, change.values);
    const changed = sealSettings(context, provider, { enabled, values: change.values });
    await saveStoredProvider(transaction, provider.id, { ...changed, at });
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'provider.update',
      resource: { kind: 'provider', id: provider.id },
      oldValues: { enabled: stored.enabled, settings: shown(provider, before) },
      newValues: { enabled, settings: shown(provider, change.values) },
    });
  });
}

function requireUsable(context: Context, provider: PaymentProvider, values: SettingValues): void {
  if (!isReady(provider.settings, values)) {
    throw new Refusal(
      'provider_not_configured',
      `${provider.name} lacks required settings: fill them in, then switch it on.`,
      { param: 'enabled' },
    );
  }
  const { mode, publicUrl } = context.config;
  if (mode === 'live' && !isPublicHttps(notifyUrl(context, provider.id))) {
    throw new Refusal(
      'callback_not_public',
      `${provider.name} must reach us: set SLUICE_PUBLIC_URL to a public https address.`,
      { param: 'enabled' },
    );
  }
  const place = { mode, publicUrl };
  const problem = provider.online?.check(withDefaults(provider.settings, values), place);
  if (problem) throw new Refusal('rule_violated', problem, { param: 'settings' });
}

function sealSettings(
  context: Context,
  provider: PaymentProvider,
  { enabled, values }: { enabled: boolean; values: SettingValues },
): StoredProvider {
  const settings: Record<string, SettingValues[string]> = {};
  const sealedSecrets: Record<string, string> = {};
  for (const { key, kind } of provider.settings) {
    const value = values[key];
    if (value === undefined) continue;
    if (kind === 'secret') {
      sealedSecrets[key] = context.sealer.seal(String(value), sealPurpose(provider.id, key));
    } else settings[key] = value;
  }
  return { enabled, settings, sealedSecrets };
}

/** Settings as the audit log keeps them: of a secret only that it is set. */
function shown(provider: PaymentProvider, values: SettingValues): Record<string, unknown> {
  const secrets = new Set(
    provider.settings.filter(({ kind }) => kind === 'secret').map(({ key }) => key),
  );
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, secrets.has(key) ? '[set]' : value]),
  );
}
