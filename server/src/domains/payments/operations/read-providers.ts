import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/payments';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { presentHealth } from '../core/present-health.ts';
import type { SettingDefinition } from '../core/settings.ts';
import { type HealthRow, listHealth } from '../health-store.ts';
import { providers } from '../providers/index.ts';
import { type LoadedProvider, loadProvider } from './load-provider.ts';

type ProviderView = AnswerOf<typeof endpoints.getProvider>;
type OfferedProviders = AnswerOf<typeof endpoints.listPaymentProviders>;

/** Providers that can be paid with now. */
export async function listPaymentProviders(context: Context): Promise<OfferedProviders> {
  const data: OfferedProviders['data'] = [];
  for (const { provider, enabled, connection } of await loadAll(context)) {
    if (!enabled || !connection) continue;
    const currencies = connection.currencies && [...connection.currencies];
    data.push({
      ...{ provider: provider.id, name: provider.name, currencies },
      means: (provider.means ?? []).map(({ id, label }) => ({ id, label })),
      stores_methods: connection.methods !== undefined,
    });
  }
  return { data, next_cursor: null };
}

/** Every provider with its settings, secrets left out. */
export async function listProviders(context: Context): Promise<ProviderView[]> {
  const all = await loadAll(context);
  const health = await readHealth(
    context,
    all.map(({ provider }) => provider.id),
  );
  return all.map((loaded) => presentProvider(context, loaded, health.get(loaded.provider.id)));
}

/** @throws Refusal `not_found`. */
export async function getProvider(context: Context, id: string): Promise<ProviderView> {
  const loaded = await loadProvider(context, context.database, id);
  if (!loaded) throw notFound('payment provider', 'provider');
  return presentProvider(context, loaded, (await readHealth(context, [id])).get(id));
}

/** The address that a provider calls. */
export function notifyUrl(context: Context, provider: string): string {
  return `${context.config.publicUrl}/api/v1/webhooks/${provider}`;
}

async function loadAll(context: Context): Promise<LoadedProvider[]> {
  const all = await Promise.all(
    providers.map(({ id }) => loadProvider(context, context.database, id)),
  );
  return all.filter((loaded) => loaded !== undefined);
}

const dayMs = 86_400_000;
/** A bank debit is under way for up to five business days. */
const processingMs = 7 * dayMs;

function readHealth(context: Context, ids: readonly string[]): Promise<Map<string, HealthRow>> {
  const now = context.clocks.business();
  return listHealth(context.database, ids, {
    now,
    since: new Date(now.getTime() - dayMs),
    processingSince: new Date(now.getTime() - processingMs),
  });
}

function presentProvider(
  context: Context,
  loaded: LoadedProvider,
  health: HealthRow | undefined,
): ProviderView {
  const { provider, enabled, written, connection } = loaded;
  return {
    provider: provider.id,
    name: provider.name,
    enabled,
    ready: connection !== undefined,
    notify_url: notifyUrl(context, provider.id),
    // Each payment names its own page; this is for the form in which a gateway asks for one.
    return_url: `${context.config.publicUrl}/packages`,
    fields: provider.settings.map((definition) => presentField(definition, written)),
    capabilities: provider.capabilities,
    means: (provider.means ?? []).map(({ id, label }) => ({ id, label })),
    health: presentHealth(health),
  };
}

function presentField(
  definition: SettingDefinition,
  written: LoadedProvider['written'],
): ProviderView['fields'][number] {
  const { key, kind } = definition;
  const value = written[key] ?? definition.default;
  return {
    key,
    kind,
    label: definition.label,
    help: definition.help ?? null,
    required: definition.required,
    options: definition.options ? [...definition.options] : null,
    value: kind === 'secret' ? null : (value ?? null),
    is_set: written[key] !== undefined,
  };
}
