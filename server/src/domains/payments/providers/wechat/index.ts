/**
 * WeChat Pay, API v3, for a merchant of its own: codes to scan and pages for phones, refunds, and trade bills.
 * Agreements to charge without the payer are left out: their paths differ by the product a merchant has signed, and a
 * charge has to be announced to the payer a day before, which the port does not know.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012062524
 */
import { convertMinor } from '../../core/exchange.ts';
import type { Outside } from '../../outside.ts';
import type { Connection, PaymentProvider, ProbeOutcome } from '../../provider.ts';
import { type Answer, openClient, refusalOf, secondsNow } from './client.ts';
import { type PlatformKeys, readPlatformKeys } from './keys.ts';
import { translateEvent } from './meaning.ts';
import { currency, isCollectable } from './money.ts';
import { verifyNotification } from './notification.ts';
import { askForOrder, closeOrder, findOrder, isAbsent, startOrder } from './orders.ts';
import { findRefund, startRefund } from './refunds.ts';
import {
  checkWechatSettings,
  readWechatSettings,
  type WechatSettings,
  wechatSettings,
} from './settings.ts';
import { readStatement } from './statement.ts';

const contentType = 'application/json; charset=utf-8';
/** No order of ours has it. */
const probeNumber = 'connectiontest0000000000';

export const wechat: PaymentProvider = {
  id: 'wechat',
  name: 'WeChat Pay',
  settings: wechatSettings,
  capabilities: {
    ...{ notifies: true, finds: true, closes: true, refunds: 'part' },
    ...{ stores: false, disputes: false, statements: true },
  },
  means: [
    { id: 'qr', label: { en: 'Scan with WeChat', 'zh-CN': '微信扫码' } },
    {
      id: 'mobile',
      label: { en: 'Open WeChat on this phone', 'zh-CN': '手机上打开微信' },
      wantsAddress: true,
    },
  ],
  calendar: 'Asia/Shanghai',
  online: {
    answers: {
      acknowledge: { status: 200, contentType, body: '{"code":"SUCCESS","message":"成功"}' },
      refuse: { status: 400, contentType, body: '{"code":"FAIL","message":"失败"}' },
    },
    check: checkWechatSettings,
    connect: (values, outside) => connect(readWechatSettings(values), outside),
  },
};

function connect(settings: WechatSettings, outside: Outside): Connection {
  const { mchid, appid, rates, apiV3Key } = settings;
  const merchant = { mchid, appid };
  const client = openClient(settings, outside);
  return {
    merchant: mchid,
    confirmByQuery: settings.confirmByQuery,
    currencies: [...new Set([currency, ...Object.keys(rates)])].sort(),
    quote(amount) {
      const rate = amount.currency === currency ? '1' : rates[amount.currency];
      const charged = rate === undefined ? undefined : convertMinor(amount, rate, currency);
      return rate !== undefined && charged && isCollectable(charged)
        ? { charged, rate }
        : undefined;
    },
    start: (order) => startOrder(client, merchant, order),
    find: ({ number }) => findOrder(client, merchant, number),
    close: ({ number }) => closeOrder(client, merchant, number),
    refund: (order) => startRefund(client, order),
    findRefund: (order) => findRefund(client, order),
    statement: (day) => readStatement(client, merchant, day),
    probe: async () => judgeProbe(await askForOrder(client, merchant, probeNumber), settings),
    async verify(notification) {
      const platform = knownKeys(settings);
      if (!platform) return { verified: false, reason: 'the platform keys cannot be read' };
      const nowSeconds = await secondsNow();
      return verifyNotification(notification, { platform, apiV3Key }, { merchant, nowSeconds });
    },
    translate: (claims) => translateEvent(claims, merchant),
  };
}

function knownKeys({ platform }: WechatSettings): PlatformKeys | undefined {
  try {
    return readPlatformKeys(platform);
  } catch {
    return undefined;
  }
}

/** Refusals are not verified by the SDK, but where one names the key that signed it, we have to know that key. */
function judgeProbe(answer: Answer, settings: WechatSettings): ProbeOutcome {
  if (answer.kind === 'silent') {
    return failed('WeChat Pay did not answer, or the private key cannot be read.');
  }
  if (answer.kind === 'unverified') return failed('The answer was not signed by WeChat Pay.');
  if (refusalOf(answer) === 'SIGNERROR') {
    return failed('WeChat Pay refused our signature: check the private key and its serial number.');
  }
  if (!isAbsent(answer)) {
    return failed(`WeChat Pay refused the question: ${refusalOf(answer) ?? answer.status}.`);
  }
  const serial = answer.headers['wechatpay-serial'];
  const isKnown = serial === undefined || knownKeys(settings)?.has(serial);
  return isKnown
    ? { answers: true }
    : failed('WeChat Pay signs with a key that is not entered: check its id or the certificates.');
}

function failed(reason: string): ProbeOutcome {
  return { answers: false, reason };
}
