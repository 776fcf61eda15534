/** What an operator tells us about their WeChat Pay merchant account, and what of it cannot work. */
import { type SettingDefinition, type SettingValues, textOf } from '../../core/settings.ts';
import type { Place } from '../../provider.ts';
import { isSamePair, readPlatformKeys, readPrivateKey } from './keys.ts';

export const wechatSettings: readonly SettingDefinition[] = [
  {
    key: 'mchid',
    kind: 'text',
    label: { en: 'Merchant number (mchid)', 'zh-CN': '商户号（mchid）' },
    required: true,
    pattern: /^[0-9]{8,32}$/,
  },
  {
    key: 'appid',
    kind: 'text',
    label: { en: 'AppID bound to the merchant', 'zh-CN': '与商户号绑定的 AppID' },
    required: true,
    pattern: /^[0-9A-Za-z]{8,32}$/,
  },
  {
    key: 'merchant_serial',
    kind: 'text',
    label: { en: 'Serial number of the merchant certificate', 'zh-CN': '商户 API 证书序列号' },
    required: true,
    pattern: /^[0-9A-Fa-f]{8,64}$/,
  },
  {
    key: 'private_key',
    kind: 'secret',
    label: {
      en: 'Merchant private key (apiclient_key.pem)',
      'zh-CN': '商户私钥（apiclient_key.pem）',
    },
    help: { en: 'The whole file, as PEM.', 'zh-CN': '粘贴整个 PEM 文件。' },
    required: true,
  },
  {
    key: 'api_v3_key',
    kind: 'secret',
    label: { en: 'APIv3 key', 'zh-CN': 'APIv3 密钥' },
    help: { en: 'Exactly 32 characters.', 'zh-CN': '必须为 32 个字符。' },
    required: true,
    pattern: /^[\x21-\x7e]{32}$/,
  },
  {
    key: 'platform_key_id',
    kind: 'text',
    label: { en: 'WeChat Pay public key id', 'zh-CN': '微信支付公钥 ID' },
    help: { en: 'It begins with PUB_KEY_ID_.', 'zh-CN': '以 PUB_KEY_ID_ 开头。' },
    required: false,
    pattern: /^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/,
  },
  {
    key: 'platform_public_key',
    kind: 'text',
    label: { en: 'WeChat Pay public key', 'zh-CN': '微信支付公钥' },
    help: { en: 'The file pub_key.pem.', 'zh-CN': 'pub_key.pem 文件内容。' },
    required: false,
  },
  {
    key: 'platform_certificates',
    kind: 'text',
    label: { en: 'Platform certificates', 'zh-CN': '微信支付平台证书' },
    help: {
      en: 'For merchants without a WeChat Pay public key: one or more, as PEM, one after the other.',
      'zh-CN': '尚未启用微信支付公钥的商户填写：一份或多份 PEM，依次粘贴。',
    },
    required: false,
  },
  {
    key: 'api_url',
    kind: 'url',
    label: { en: 'API address', 'zh-CN': '接口地址' },
    required: true,
    default: 'https://api.mch.weixin.qq.com',
  },
  {
    key: 'rates',
    kind: 'rates',
    label: { en: 'Exchange rates', 'zh-CN': '汇率' },
    help: {
      en: 'Yuan per one unit of each other currency that may be paid with it.',
      'zh-CN': '其他可支付货币每 1 单位折合多少元人民币。',
    },
    required: false,
    default: {},
  },
  {
    key: 'confirm_by_query',
    kind: 'boolean',
    label: { en: 'Confirm notifications by a query', 'zh-CN': '收到通知后查询确认' },
    help: {
      en: 'A notification then only makes us ask, and the answer counts.',
      'zh-CN': '收到通知后主动查询，以查询结果为准。',
    },
    required: false,
    default: true,
  },
];

export interface WechatSettings {
  mchid: string;
  appid: string;
  merchantSerial: string;
  privateKey: string;
  apiV3Key: string;
  platform: { keyId: string; publicKey: string; certificates: string };
  apiUrl: string;
  rates: Record<string, string>;
  confirmByQuery: boolean;
}

/** The settings of a provider that is ready, typed. */
export function readWechatSettings(values: SettingValues): WechatSettings {
  const { rates } = values;
  return {
    mchid: textOf(values, 'mchid'),
    appid: textOf(values, 'appid'),
    merchantSerial: textOf(values, 'merchant_serial').toUpperCase(),
    privateKey: textOf(values, 'private_key'),
    apiV3Key: textOf(values, 'api_v3_key'),
    platform: {
      keyId: textOf(values, 'platform_key_id'),
      publicKey: textOf(values, 'platform_public_key'),
      certificates: textOf(values, 'platform_certificates'),
    },
    apiUrl: textOf(values, 'api_url').replace(/\/+$/, ''),
    rates: typeof rates === 'object' ? rates : {},
    confirmByQuery: values.confirm_by_query !== false,
  };
}

/** What is wrong with settings that are each well formed; undefined when they can be used together. */
export function checkWechatSettings(values: SettingValues, place: Place): string | undefined {
  const settings = readWechatSettings(values);
  if (!canRead(() => readPrivateKey(settings.privateKey))) {
    return 'The merchant private key is no RSA key in PEM: paste the whole file apiclient_key.pem.';
  }
  const { keyId, publicKey, certificates } = settings.platform;
  if ((keyId === '') !== (publicKey === '')) {
    return 'Enter the WeChat Pay public key together with its id.';
  }
  if (keyId === '' && certificates === '') {
    return 'Enter the WeChat Pay public key and its id, or platform certificates.';
  }
  if (!canRead(() => readPlatformKeys(settings.platform))) {
    return 'The WeChat Pay public key or a platform certificate cannot be read: paste whole PEM files.';
  }
  const own = readPrivateKey(settings.privateKey);
  const platform = readPlatformKeys(settings.platform);
  const isOwn = [...platform.values()].some((key) => isSamePair(key, own));
  if (isOwn || platform.has(settings.merchantSerial)) {
    return 'That is your own public key or certificate: enter those of WeChat Pay.';
  }
  if (place.mode === 'live') return checkLive(settings, place);
  const { hostname } = new URL(settings.apiUrl);
  return hostname.endsWith('.weixin.qq.com')
    ? 'This is a sandbox, and WeChat Pay moves real money: use the address of its simulator.'
    : undefined;
}

function checkLive(settings: WechatSettings, place: Place): string | undefined {
  if (!settings.apiUrl.startsWith('https://')) return 'The API address must begin with https.';
  const { protocol, search, hash } = new URL(place.publicUrl);
  if (protocol !== 'https:' || search !== '' || hash !== '') {
    return 'WeChat Pay calls https addresses without a query only: change the public URL.';
  }
  return undefined;
}

function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
