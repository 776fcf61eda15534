/** What an operator tells us about an Alipay application. */
import { type SettingDefinition, type SettingValues, textOf } from '../../core/settings.ts';
import type { Place } from '../../provider.ts';
import { type Keys, readKeys } from './keys.ts';
import { readYuan } from './money.ts';

const realHost = 'openapi.alipay.com';

export const alipaySettings: readonly SettingDefinition[] = [
  {
    key: 'app_id',
    kind: 'text',
    label: { en: 'App ID', 'zh-CN': '应用 APPID' },
    required: true,
    pattern: /^\d{16}$/,
  },
  {
    key: 'seller_id',
    kind: 'text',
    label: { en: 'Merchant ID (PID)', 'zh-CN': '商户号（PID）' },
    help: {
      en: 'Sixteen digits that begin with 2088: the account that the money goes to.',
      'zh-CN': '以 2088 开头的 16 位数字，即收款账户。',
    },
    required: true,
    pattern: /^2088\d{12}$/,
  },
  {
    key: 'private_key',
    kind: 'secret',
    label: { en: "Your application's private key", 'zh-CN': '应用私钥' },
    help: {
      en: 'RSA2, 2048 bits, as Alipay’s key tool writes it, or PEM.',
      'zh-CN': 'RSA2（2048 位），可直接粘贴支付宝密钥工具生成的内容，也可用 PEM。',
    },
    required: true,
  },
  {
    key: 'alipay_public_key',
    kind: 'text',
    label: { en: 'Alipay’s public key', 'zh-CN': '支付宝公钥' },
    help: {
      en: 'The one that Alipay shows after you upload yours; not your own.',
      'zh-CN': '上传应用公钥后由支付宝返回的公钥，不是应用公钥。',
    },
    required: true,
  },
  {
    key: 'api_url',
    kind: 'url',
    label: { en: 'Address of the API', 'zh-CN': '网关地址' },
    required: true,
    default: `https://${realHost}`,
  },
  {
    key: 'rates',
    kind: 'rates',
    label: { en: 'Exchange rates', 'zh-CN': '汇率' },
    help: {
      en: 'Yuan per one unit of each other currency that may be paid with Alipay.',
      'zh-CN': '每种其他货币 1 单位折合多少人民币元。',
    },
    required: false,
    default: {},
  },
  {
    key: 'confirm_by_query',
    kind: 'boolean',
    label: { en: 'Confirm notifications by a query', 'zh-CN': '收到通知后查询确认' },
    help: {
      en: 'Money counts once Alipay says so when asked.',
      'zh-CN': '向支付宝查询确认后才入账。',
    },
    required: false,
    default: true,
  },
  {
    key: 'agreements',
    kind: 'boolean',
    label: { en: 'Recurring payments (agreements)', 'zh-CN': '周期扣款' },
    help: {
      en: 'Only if Alipay has granted your account this product.',
      'zh-CN': '需先在支付宝签约“周期扣款”产品。',
    },
    required: false,
    default: false,
  },
  {
    key: 'agreement_scene',
    kind: 'text',
    label: { en: 'Scene of agreements', 'zh-CN': '签约场景码' },
    required: false,
    pattern: /^[A-Z0-9_|]{1,64}$/,
    default: 'INDUSTRY|DIGITAL_MEDIA',
  },
  {
    key: 'agreement_amount_max',
    kind: 'text',
    label: { en: 'Most that one charge may be, in yuan', 'zh-CN': '单次扣款上限（元）' },
    help: {
      en: 'The payer sees and grants it. A larger charge needs the payer.',
      'zh-CN': '用户签约时看到并授权；超出上限的款项须由用户自行支付。',
    },
    required: false,
    pattern: /^\d{1,9}(\.\d{1,2})?$/,
    default: '1000.00',
  },
];

export interface AlipaySettings {
  appId: string;
  sellerId: string;
  /** Undefined where one of them cannot be used: nothing is signed or believed then. */
  keys: Keys | undefined;
  apiUrl: string;
  rates: Record<string, string>;
  confirmByQuery: boolean;
  agreements: { scene: string; amountMax: string } | undefined;
}

/** The settings of a provider that is ready, typed. */
export function readAlipaySettings(values: SettingValues): AlipaySettings {
  const { rates } = values;
  const keys = keysIn(values);
  return {
    appId: textOf(values, 'app_id'),
    sellerId: textOf(values, 'seller_id'),
    keys: 'unreadable' in keys || keys.isOwnPublicKey ? undefined : keys,
    apiUrl: textOf(values, 'api_url').replace(/\/+$/, ''),
    rates: typeof rates === 'object' ? rates : {},
    confirmByQuery: values.confirm_by_query !== false,
    agreements:
      values.agreements === true
        ? {
            scene: textOf(values, 'agreement_scene'),
            amountMax: textOf(values, 'agreement_amount_max'),
          }
        : undefined,
  };
}

/** Hosts of the environment in which Alipay lets developers try things; its money is none. */
const trialHost = /(^|\.)alipaydev\.com$/;
/** Applications of that environment are numbered so. */
const trialAppId = /^9021/;

export function checkAlipaySettings(values: SettingValues, place: Place): string | undefined {
  const keys = keysIn(values);
  if ('unreadable' in keys) {
    return keys.unreadable === 'private_key'
      ? 'The private key cannot be read: paste an RSA key of 2048 bits, as base64 or PEM.'
      : 'Alipay’s public key cannot be read: paste an RSA public key of 2048 bits, as base64 or PEM.';
  }
  if (keys.isOwnPublicKey) {
    return 'That is your own public key: paste the one that Alipay shows after you uploaded yours.';
  }
  const problem = addressProblem(values, place);
  if (problem) return problem;
  if (values.agreements === true && !readYuan(textOf(values, 'agreement_amount_max'))) {
    return 'Write the most that one charge may be, from 0.01 to 100000000.00 yuan.';
  }
  return undefined;
}

function addressProblem(values: SettingValues, { mode }: Place): string | undefined {
  const { protocol, hostname } = new URL(textOf(values, 'api_url'));
  if (mode === 'sandbox') {
    // Its clock can be moved, and what it sells is for practice.
    return hostname === realHost
      ? 'A sandbox moves no real money: use Alipay’s trial environment, or the sandbox’s own Alipay.'
      : undefined;
  }
  if (protocol !== 'https:') return 'The address of the API must begin with https.';
  return trialHost.test(hostname) || trialAppId.test(textOf(values, 'app_id'))
    ? 'These belong to Alipay’s trial environment: use an application of the real one.'
    : undefined;
}

function keysIn(values: SettingValues) {
  return readKeys({
    privateKey: textOf(values, 'private_key'),
    alipayPublicKey: textOf(values, 'alipay_public_key'),
  });
}
