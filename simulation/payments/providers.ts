/** The providers that take part, set up against their counterparts in the sandbox as an operator would. */
import type { Sandbox } from '../../sandbox/src/sandbox.ts';
import { updateProvider } from '../../server/src/domains/payments/index.ts';
import type { Context } from '../../server/src/platform/context.ts';

type Settings = NonNullable<Parameters<typeof updateProvider>[1]['settings']>;

/** Each takes our customers' dollars, in the currency that it counts in. */
const settingsOf: Record<string, (sandbox: Sandbox, url: string) => Settings> = {
  credit: ({ credit }, url) => ({
    ...credit,
    gateway_url: `${url}/sandbox/credit`,
    currency: 'LDC',
    rates: { USD: '7.2' },
  }),
  alipay: ({ alipay }, url) => ({
    ...alipay,
    api_url: `${url}/sandbox/alipay`,
    rates: { USD: '7.2' },
  }),
  paypal: ({ paypal }, url) => ({ ...paypal, api_url: `${url}/sandbox/paypal` }),
  stripe: ({ stripe }, url) => ({ ...stripe, api_url: `${url}/sandbox/stripe` }),
  wechat: ({ wechat }, url) => ({
    ...wechat,
    api_url: `${url}/sandbox/wechat`,
    rates: { USD: '7.2' },
  }),
};

/** Answers who takes part. */
export async function setUpProviders(
  context: Context,
  sandbox: Sandbox,
  url: string,
): Promise<string[]> {
  for (const [provider, settings] of Object.entries(settingsOf)) {
    await updateProvider(context, { provider, enabled: true, settings: settings(sandbox, url) });
  }
  return Object.keys(settingsOf);
}
