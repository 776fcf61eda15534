/** What an operator tells us about a Credit (epay) gateway. */
import { type SettingDefinition, type SettingValues, textOf } from '../../core/settings.ts';
import type { SignKeyMode } from './signature.ts';

export const creditSettings: readonly SettingDefinition[] = [
  {
    key: 'pid',
    kind: 'text',
    label: { en: 'PID (client ID)', 'zh-CN': 'PID（Client ID）' },
    required: true,
    pattern: /^[\w.-]{1,64}$/,
  },
  {
    key: 'key',
    kind: 'secret',
    label: { en: 'Key (client secret)', 'zh-CN': 'Key（Client Secret）' },
    required: true,
  },
  {
    key: 'gateway_url',
    kind: 'url',
    label: { en: 'Gateway address', 'zh-CN': '网关地址' },
    required: true,
    default: 'https://credit.linux.do/epay',
  },
  {
    key: 'submit_path',
    kind: 'text',
    label: { en: 'Path of the payment page', 'zh-CN': '支付页路径' },
    help: {
      en: '/pay/submit.php at Credit, /submit.php at most other epay gateways.',
      'zh-CN': 'Credit 为 /pay/submit.php，多数其他易支付网关为 /submit.php。',
    },
    required: true,
    pattern: /^\/[\w./-]{1,100}$/,
    default: '/pay/submit.php',
  },
  {
    key: 'query_path',
    kind: 'text',
    label: { en: 'Path of the order query', 'zh-CN': '订单查询路径' },
    required: true,
    pattern: /^\/[\w./-]{1,100}$/,
    default: '/api.php',
  },
  {
    key: 'type',
    kind: 'text',
    label: { en: 'Payment type', 'zh-CN': '支付方式' },
    required: true,
    pattern: /^[a-z]{1,20}$/,
    default: 'epay',
  },
  {
    key: 'currency',
    kind: 'text',
    label: { en: 'Currency the gateway counts in', 'zh-CN': '网关计价货币' },
    required: true,
    pattern: /^[A-Z]{3}$/,
    default: 'LDC',
  },
  {
    key: 'rates',
    kind: 'rates',
    label: { en: 'Exchange rates', 'zh-CN': '汇率' },
    help: {
      en: 'Gateway units per one unit of each currency that may be paid with it.',
      'zh-CN': '每种可支付货币 1 单位折合多少网关单位。',
    },
    required: false,
    default: {},
  },
  {
    key: 'sign_key_mode',
    kind: 'select',
    label: { en: 'How the key is signed', 'zh-CN': '签名密钥拼接方式' },
    help: {
      en: 'plain: the key follows the fields; amp_key: it follows as &key=.',
      'zh-CN': 'plain：密钥直接拼接在末尾；amp_key：以 &key= 拼接。',
    },
    required: true,
    options: ['plain', 'amp_key'],
    default: 'plain',
  },
  {
    key: 'confirm_by_query',
    kind: 'boolean',
    label: { en: 'Confirm notifications by a query', 'zh-CN': '收到通知后查询确认' },
    help: {
      en: 'A leaked key can then forge no payment. Switch it off only for a gateway without a query.',
      'zh-CN': '即使密钥泄露也无法伪造付款。仅当网关没有查询接口时才关闭。',
    },
    required: false,
    default: true,
  },
];

export interface CreditSettings {
  pid: string;
  key: string;
  submitUrl: string;
  queryUrl: string;
  type: string;
  currency: string;
  rates: Record<string, string>;
  signKeyMode: SignKeyMode;
  confirmByQuery: boolean;
}

/** The settings of a provider that is ready, typed. */
export function readCreditSettings(values: SettingValues): CreditSettings {
  const gateway = textOf(values, 'gateway_url').replace(/\/+$/, '');
  const { rates } = values;
  return {
    pid: textOf(values, 'pid'),
    key: textOf(values, 'key'),
    submitUrl: gateway + textOf(values, 'submit_path'),
    queryUrl: gateway + textOf(values, 'query_path'),
    type: textOf(values, 'type'),
    currency: textOf(values, 'currency'),
    rates: typeof rates === 'object' ? rates : {},
    signKeyMode: values.sign_key_mode === 'amp_key' ? 'amp_key' : 'plain',
    confirmByQuery: values.confirm_by_query !== false,
  };
}
