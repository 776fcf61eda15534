/** What an operator tells us about a PayPal app. */
import { type SettingDefinition, type SettingValues, textOf } from '../../core/settings.ts';

export const liveUrl = 'https://api-m.paypal.com';
export const trialUrl = 'https://api-m.sandbox.paypal.com';

export const paypalSettings: readonly SettingDefinition[] = [
  {
    key: 'client_id',
    kind: 'text',
    label: { en: 'Client ID', 'zh-CN': '客户端 ID（Client ID）' },
    required: true,
    pattern: /^[\w-]{1,128}$/,
  },
  {
    key: 'client_secret',
    kind: 'secret',
    label: { en: 'Secret', 'zh-CN': '密钥（Secret）' },
    required: true,
  },
  {
    key: 'webhook_id',
    kind: 'text',
    label: { en: 'Webhook ID', 'zh-CN': 'Webhook ID' },
    help: {
      en: 'PayPal shows it once the notification address is registered there.',
      'zh-CN': '在 PayPal 登记通知地址后显示。',
    },
    required: true,
    pattern: /^[A-Za-z0-9]{1,50}$/,
  },
  {
    key: 'api_url',
    kind: 'url',
    label: { en: 'API address', 'zh-CN': 'API 地址' },
    help: {
      en: `${trialUrl} for PayPal's own sandbox.`,
      'zh-CN': `PayPal 官方沙盒为 ${trialUrl}。`,
    },
    required: true,
    default: liveUrl,
  },
  {
    key: 'currency',
    kind: 'text',
    label: { en: 'Currency to convert into', 'zh-CN': '折算货币' },
    help: {
      en: 'For amounts in a currency that PayPal does not take, at the rates below.',
      'zh-CN': '对 PayPal 不支持的货币，按下面的汇率折算为此货币。',
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
      en: 'What one unit of another currency is in the currency above.',
      'zh-CN': '其他货币 1 单位折合多少上述货币。',
    },
    required: false,
    default: {},
  },
];

export interface PaypalSettings {
  clientId: string;
  clientSecret: string;
  webhookId: string;
  apiUrl: string;
  currency: string;
  rates: Record<string, string>;
}

/** The settings of a provider that is ready, typed. */
export function readPaypalSettings(values: SettingValues): PaypalSettings {
  const { rates } = values;
  return {
    clientId: textOf(values, 'client_id'),
    clientSecret: textOf(values, 'client_secret'),
    webhookId: textOf(values, 'webhook_id'),
    apiUrl: textOf(values, 'api_url').replace(/\/+$/, ''),
    currency: textOf(values, 'currency'),
    rates: typeof rates === 'object' ? rates : {},
  };
}
