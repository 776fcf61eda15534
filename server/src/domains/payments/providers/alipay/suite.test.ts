import { createSign, generateKeyPairSync } from 'node:crypto';
import type { Notification } from '../../provider.ts';
import { describeProvider } from '../../testing/provider-suite/suite.ts';
import { alipay } from './index.ts';

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangersKey = stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const strangersPublicKey = stranger.publicKey.export({ type: 'spki', format: 'pem' }).toString();

function withFields(notification: Notification, changes: Record<string, string | null>) {
  const fields = new URLSearchParams(notification.body.toString());
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) fields.delete(name);
    else fields.set(name, value);
  }
  return { ...notification, body: Buffer.from(fields.toString()) };
}

/** Signed anew, by a key that is not Alipay's or in a way that nobody should believe any more. */
function signedBy(notification: Notification, changes: Record<string, string>, algorithm: string) {
  const changed = withFields(notification, changes);
  const text = [...new URLSearchParams(changed.body.toString())]
    .filter(([name]) => name !== 'sign' && name !== 'sign_type')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const sign = createSign(algorithm).update(text).sign(strangersKey, 'base64');
  return withFields(changed, { sign });
}

describeProvider({
  provider: alipay,
  testsMin: 78,
  settings: ({ sandbox, url }) => ({
    ...sandbox.alipay,
    api_url: `${url}/alipay`,
    rates: { USD: '7.2' },
    agreements: true,
  }),
  strangers: {
    'another application': (settings) => ({ ...settings, app_id: '2021999999999999' }),
    'another merchant': (settings) => ({ ...settings, seller_id: '2088999999999999' }),
    'one who trusts another key': (settings) => ({
      ...settings,
      alipay_public_key: strangersPublicKey,
    }),
  },
  wrongCredentials: (settings) => ({ ...settings, private_key: strangersKey }),
  forgeries: (notification) => ({
    unsigned: withFields(notification, { sign: null }),
    'an empty sign': withFields(notification, { sign: '' }),
    'a higher amount': withFields(notification, { total_amount: '9999.00' }),
    'another order': withFields(notification, { out_trade_no: 'x'.repeat(24) }),
    'another status': withFields(notification, { trade_status: 'TRADE_FINISHED' }),
    'another seller': withFields(notification, { seller_id: '2088999999999999' }),
    'SHA-1 as the message asks': withFields(notification, { sign_type: 'RSA' }),
    'an unknown sign_type': withFields(notification, { sign_type: 'RSA3' }),
    'another key': signedBy(notification, {}, 'RSA-SHA256'),
    'another key and SHA-1': signedBy(notification, { sign_type: 'RSA' }, 'RSA-SHA1'),
    'a field that comes twice': {
      ...notification,
      body: Buffer.concat([notification.body, Buffer.from('&total_amount=1.00')]),
    },
    'a query beside the form': { ...notification, query: 'total_amount=1.00' },
  }),
  amounts: [
    { minor: 14_407n, currency: 'CNY', there: '144.07' },
    { minor: 1n, currency: 'CNY', there: '0.01' },
    { minor: 10_000_000_000n, currency: 'CNY', there: '100000000.00' },
  ],
  refusedAmounts: [
    { minor: 10_000_000_001n, currency: 'CNY', why: 'more than Alipay takes at once' },
    { minor: 100n, currency: 'JPY', why: 'no rate for it' },
    { minor: 1_000n, currency: 'KWD', why: 'no rate for it' },
  ],
  amountThere: ({ total_amount }) => total_amount,
  startsWithoutCall: true,
  afterDecline: 'pending',
  afterWholeRefund: 'declined',
  tellsOfRefunds: true,
  chargeDeclines: {
    'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'insufficient_funds',
    'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': 'limit_exceeded',
    'ACQ.PAYMENT_REQUEST_HAS_RISK': 'suspected_fraud',
    'ACQ.CYCLE_PAY_DATE_NOT_MATCH': 'action_required',
    'ACQ.SOMETHING_NEW': 'provider_error',
  },
  statement: { timeZone: 'Asia/Shanghai', readyAfterHours: 10 },
});
