import type { Notification } from '../../provider.ts';
import type { ProviderHarness } from '../../testing/provider-suite/harness.ts';
import { describeProvider } from '../../testing/provider-suite/suite.ts';
import { wechat } from './index.ts';

const harness: ProviderHarness = {
  provider: wechat,
  testsMin: 66,
  settings: ({ sandbox, url }) => ({ ...sandbox.wechat, api_url: `${url}/wechat` }),
  strangers: {
    'another merchant': (settings) => ({ ...settings, mchid: '1900000109' }),
    'another application': (settings) => ({ ...settings, appid: 'wx8888888888888888' }),
    'another APIv3 key': (settings) => ({ ...settings, api_v3_key: 'k'.repeat(32) }),
    'a merchant who knows another key': (settings) => ({
      ...settings,
      platform_key_id: 'PUB_KEY_ID_0000000000000000000000000000',
    }),
  },
  wrongCredentials: (settings) => ({ ...settings, merchant_serial: 'A'.repeat(40) }),
  forgeries: (notification) => ({
    unsigned: withHeader(notification, 'wechatpay-signature', undefined),
    'another signature': withHeader(
      notification,
      'wechatpay-signature',
      Buffer.alloc(256, 1).toString('base64'),
    ),
    'a later timestamp': withHeader(
      notification,
      'wechatpay-timestamp',
      String(Number(notification.headers['wechatpay-timestamp']) + 1),
    ),
    'another nonce': withHeader(notification, 'wechatpay-nonce', 'n'.repeat(32)),
    'another event': withBody(notification, 'TRANSACTION.SUCCESS', 'TRANSACTION.CLOSED'),
    'a longer body': {
      ...notification,
      body: Buffer.concat([notification.body, Buffer.from(' ')]),
    },
  }),
  amounts: [
    { minor: 1990n, currency: 'CNY', there: '1990' },
    { minor: 1n, currency: 'CNY', there: '1' },
    { minor: 10_000_000_000n, currency: 'CNY', there: '10000000000' },
  ],
  refusedAmounts: [
    { minor: 10_000_000_001n, currency: 'CNY', why: 'it is above a hundred million yuan' },
    { minor: 100n, currency: 'JPY', why: 'no rate is set for it' },
    { minor: 1000n, currency: 'KWD', why: 'no rate is set for it' },
    {
      minor: 1n,
      currency: 'JPY',
      settings: { rates: { JPY: '0.001' } },
      why: 'it rounds to nothing',
    },
  ],
  amountThere: ({ total }) => total,
  afterDecline: 'pending',
  tellsOfRefunds: true,
  statement: { timeZone: 'Asia/Shanghai', readyAfterHours: 10 },
};

describeProvider(harness);

function withHeader(notification: Notification, name: string, value: string | undefined) {
  return { ...notification, headers: { ...notification.headers, [name]: value } };
}

function withBody(notification: Notification, from: string, to: string): Notification {
  const text = notification.body.toString('utf8').replace(from, to);
  return { ...notification, body: Buffer.from(text) };
}
