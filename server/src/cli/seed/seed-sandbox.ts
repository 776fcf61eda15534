/** What a sandbox begins with: an upstream channel for each dialect, Credit, packages, and a month in the life of a few customers. */
import { createPackage, listPackages } from '../../domains/catalog/index.ts';
import { createChannel, listChannels, updateChannel } from '../../domains/gateway/index.ts';
import { getProvider, updateProvider } from '../../domains/payments/index.ts';
import { readSetting, writeSetting } from '../../domains/settings/index.ts';
import type { Deployment, Services } from '../../main.ts';
import { type Context, inTransaction } from '../../platform/context.ts';
import type { SandboxReady } from '../../platform/sandbox-process.ts';
import { seedCompany } from './demo-company.ts';

/** Each vendor's models are at one of them: in any other dialect they are reached by conversion. */
const channels = [
  {
    name: 'Sandbox upstream',
    dialect: 'openai',
    path: '/sandbox/upstream/v1',
    models: ['gpt-4o-mini', 'gpt-4o', 'text-embedding-3-small'],
  },
  {
    name: 'Sandbox for Anthropic',
    dialect: 'anthropic',
    path: '/sandbox/upstream/anthropic',
    models: ['claude-sonnet-4-5'],
  },
  {
    name: 'Sandbox for Gemini',
    dialect: 'gemini',
    path: '/sandbox/upstream/gemini',
    models: ['gemini-2.5-flash'],
  },
] as const;

/** Units of each currency for one US dollar; a round figure that everyone can check in the head. */
const exchangeRates = { CNY: '7.2' };
/** Credits for one unit of each currency. */
const creditRates = { USD: '7.2', CNY: '1' };
/** Dollars for one unit of a currency that PayPal does not take. */
const dollarRates = { CNY: '0.14' };
/** Yuan for one unit of each other currency. */
const yuanRates = { USD: '7.2' };

/** Seeds what is missing, and points at the sandbox's present address what was seeded under another. */
export async function seedSandbox(
  deployment: Deployment,
  services: Services,
  sandbox: SandboxReady,
): Promise<void> {
  const context = deployment.context();
  await pointChannels(context, services, sandbox);
  await pointCredit(context, sandbox);
  await pointProvider(context, 'alipay', { ...sandbox.alipay, rates: yuanRates });
  await pointProvider(context, 'paypal', { ...sandbox.paypal, rates: dollarRates });
  await pointProvider(context, 'stripe', { ...sandbox.stripe });
  await pointProvider(context, 'wechat', { ...sandbox.wechat, rates: yuanRates });
  if (await readSetting(context.database, 'sandbox_seeded')) return;
  await inTransaction(context, (transaction) =>
    writeSetting(context, transaction, 'exchange_rates', exchangeRates),
  );
  await seedPackages(context);
  await seedCompany(deployment, services);
  await inTransaction(context, (transaction) =>
    writeSetting(context, transaction, 'sandbox_seeded', true),
  );
}

async function pointChannels(
  context: Context,
  services: Services,
  sandbox: SandboxReady,
): Promise<void> {
  const { data: known } = await listChannels(context, { limit: 200 });
  const isSeeded = await readSetting(context.database, 'sandbox_seeded');
  for (const { name, dialect, path, models } of channels) {
    const settings = {
      base_url: `${context.config.publicUrl}${path}`,
      api_key: sandbox.upstream_key,
    };
    const found = known.find((channel) => channel.name === name);
    if (found && found.base_url !== settings.base_url) {
      await updateChannel(context, found.id, settings);
    } else if (!found && !isSeeded) {
      await createChannel(context, { name, dialect, models: [...models], ...settings });
    }
  }
  await services.channels.load();
}

/** The gateway's address is ours: it moves with our own, the rest stays as the operator left it. */
async function pointCredit(context: Context, sandbox: SandboxReady): Promise<void> {
  const gatewayUrl = `${context.config.publicUrl}/sandbox/credit`;
  const isSeeded = await readSetting(context.database, 'sandbox_seeded');
  if (!isSeeded) {
    const settings = {
      ...sandbox.credit,
      gateway_url: gatewayUrl,
      currency: 'LDC',
      rates: creditRates,
    };
    await updateProvider(context, { provider: 'credit', enabled: true, settings });
    return;
  }
  const credit = await getProvider(context, 'credit');
  const url = credit.fields.find(({ key }) => key === 'gateway_url')?.value;
  if (typeof url === 'string' && url.endsWith('/sandbox/credit') && url !== gatewayUrl) {
    await updateProvider(context, { provider: 'credit', settings: { gateway_url: gatewayUrl } });
  }
}

/** Sets a provider up against its counterpart in the sandbox once; after that only its address moves with our own. */
async function pointProvider(
  context: Context,
  provider: string,
  settings: Record<string, string | Record<string, string>>,
): Promise<void> {
  const place = `/sandbox/${provider}`;
  const apiUrl = context.config.publicUrl + place;
  const { fields } = await getProvider(context, provider);
  const field = fields.find(({ key }) => key === 'api_url');
  if (!field?.is_set) {
    const pointed = { ...settings, api_url: apiUrl };
    await updateProvider(context, { provider, enabled: true, settings: pointed });
  } else if (String(field.value).endsWith(place) && field.value !== apiUrl) {
    await updateProvider(context, { provider, settings: { api_url: apiUrl } });
  }
}

async function seedPackages(context: Context): Promise<void> {
  const existing = await listPackages(context, { limit: 1 });
  if (existing.data.length > 0) return;
  for (const [index, offer] of offersIn(context).entries()) {
    await createPackage(context, { ...offer, sort_order: index + 1 });
  }
}

function offersIn({ config }: Context) {
  if (config.preset === 'cn') {
    return [
      {
        name: '入门套餐',
        description: '每天 1 美元额度，适合个人尝试。',
        price: '30.00',
        duration_days: 30,
        daily_limit: '1.00',
      },
      {
        name: '专业套餐',
        description: '每天 5 美元额度，适合日常开发。',
        price: '128.00',
        duration_days: 30,
        daily_limit: '5.00',
      },
      {
        name: '周末通行证',
        description: '三天，每天 2 美元额度。',
        price: '12.00',
        duration_days: 3,
        daily_limit: '2.00',
      },
    ];
  }
  return [
    {
      name: 'Starter',
      description: 'A dollar of usage every day, for trying things out.',
      price: '9.90',
      duration_days: 30,
      daily_limit: '1.00',
    },
    {
      name: 'Pro',
      description: 'Five dollars of usage every day, for daily work.',
      price: '39.00',
      duration_days: 30,
      daily_limit: '5.00',
    },
    {
      name: 'Weekend pass',
      description: 'Three days with two dollars of usage each.',
      price: '2.50',
      duration_days: 3,
      daily_limit: '2.00',
    },
  ];
}
