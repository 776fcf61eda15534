/** What an operator tells us about a Stripe account. Test or live is said by the key itself. */
import { type SettingDefinition, type SettingValues, textOf } from '../../core/settings.ts';
import type { Place } from '../../provider.ts';
import { stripeCurrencies } from './money.ts';

export const officialUrl = 'https://api.stripe.com';

export const stripeSettings: readonly SettingDefinition[] = [
  {
    key: 'account',
    kind: 'text',
    label: { en: 'Account ID', 'zh-CN': '账户 ID' },
    help: {
      en: 'Begins with acct_; in the Dashboard under Settings, Account details.',
      'zh-CN': '以 acct_ 开头，见 Dashboard 的 Settings → Account details。',
    },
    required: true,
    pattern: /^acct_[0-9A-Za-z]{6,64}$/,
  },
  {
    key: 'secret_key',
    kind: 'secret',
    label: { en: 'Secret or restricted key', 'zh-CN': '密钥（Secret 或 Restricted key）' },
    help: {
      en: 'sk_live_… or rk_live_… takes money; sk_test_… does not.',
      'zh-CN': 'sk_live_… 或 rk_live_… 真实收款，sk_test_… 仅测试。',
    },
    required: true,
    pattern: /^[sr]k_(test|live)_[0-9A-Za-z]{8,240}$/,
  },
  {
    key: 'webhook_secret',
    kind: 'secret',
    label: { en: 'Signing secret of the webhook', 'zh-CN': 'Webhook 签名密钥' },
    help: {
      en: 'Begins with whsec_; shown once the webhook endpoint exists.',
      'zh-CN': '以 whsec_ 开头，创建 Webhook endpoint 后显示。',
    },
    required: true,
    pattern: /^whsec_[!-~]{8,240}$/,
  },
  {
    key: 'api_url',
    kind: 'url',
    label: { en: 'Address of the API', 'zh-CN': 'API 地址' },
    required: true,
    default: officialUrl,
  },
  {
    key: 'currency',
    kind: 'text',
    label: { en: 'Currency of converted payments', 'zh-CN': '换算后的收款货币' },
    help: {
      en: 'What a currency with an exchange rate below is collected in.',
      'zh-CN': '下方设有汇率的货币将以此货币收取。',
    },
    required: true,
    pattern: /^[A-Z]{3}$/,
    default: 'USD',
  },
  {
    key: 'rates',
    kind: 'rates',
    label: { en: 'Exchange rates', 'zh-CN': '汇率' },
    help: {
      en: 'For currencies that your account does not take. All others are collected as they are.',
      'zh-CN': '仅用于账户不支持的货币，其余货币按原币种收取。',
    },
    required: false,
    default: {},
  },
  {
    key: 'confirm_by_query',
    kind: 'boolean',
    label: { en: 'Confirm notifications by a query', 'zh-CN': '收到通知后查询确认' },
    help: {
      en: 'A leaked signing secret can then forge no payment.',
      'zh-CN': '即使签名密钥泄露也无法伪造付款。',
    },
    required: false,
    default: true,
  },
];

export interface StripeSettings {
  account: string;
  secretKey: string;
  webhookSecret: string;
  apiUrl: string;
  currency: string;
  rates: Record<string, string>;
  confirmByQuery: boolean;
  isLive: boolean;
}

/** The settings of a provider that is ready, typed. */
export function readStripeSettings(values: SettingValues): StripeSettings {
  const { rates } = values;
  const secretKey = textOf(values, 'secret_key');
  return {
    account: textOf(values, 'account'),
    secretKey,
    webhookSecret: textOf(values, 'webhook_secret'),
    apiUrl: textOf(values, 'api_url').replace(/\/+$/, ''),
    currency: textOf(values, 'currency'),
    rates: typeof rates === 'object' ? rates : {},
    confirmByQuery: values.confirm_by_query !== false,
    isLive: isLiveKey(secretKey),
  };
}

export function checkStripeSettings(values: SettingValues, place: Place): string | undefined {
  const { secretKey, webhookSecret, apiUrl, currency } = readStripeSettings(values);
  if (secretKey.trim() === '' || webhookSecret.trim() === '') {
    return 'A key without characters protects nothing: enter the secret key and the signing secret.';
  }
  if (!stripeCurrencies.includes(currency)) {
    return `Stripe does not take ${currency}: choose another currency of converted payments.`;
  }
  if (place.mode === 'live' && !isLiveKey(secretKey)) {
    return 'This deployment is live: enter a live key, for a test key moves no money.';
  }
  if (place.mode === 'live' && !apiUrl.startsWith('https://')) {
    return 'The address of the API must begin with https: the key travels with every call.';
  }
  if (place.mode === 'sandbox' && isLiveKey(secretKey)) {
    return 'A sandbox moves no money: enter a test key.';
  }
  return undefined;
}

function isLiveKey(secretKey: string): boolean {
  return /^[sr]k_live_/.test(secretKey);
}
