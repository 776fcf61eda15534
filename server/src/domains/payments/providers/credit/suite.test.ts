import { createHash } from 'node:crypto';
import type { Notification } from '../../provider.ts';
import { describeProvider } from '../../testing/provider-suite/suite.ts';
import { credit } from './index.ts';

const fieldsOf = ({ query }: Notification) => new URLSearchParams(query);

function withFields(notification: Notification, changes: Record<string, string | null>) {
  const fields = fieldsOf(notification);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) fields.delete(name);
    else fields.set(name, value);
  }
  return { ...notification, query: fields.toString() };
}

describeProvider({
  provider: credit,
  testsMin: 52,
  settings: ({ sandbox, url }) => ({
    ...sandbox.credit,
    gateway_url: `${url}/credit`,
    currency: 'LDC',
    rates: { USD: '7.2' },
  }),
  strangers: {
    'another merchant': (settings) => ({ ...settings, pid: '99999999' }),
    'a merchant with another key': (settings) => ({ ...settings, key: 'f'.repeat(64) }),
    'a gateway that signs in another way': (settings) => ({
      ...settings,
      sign_key_mode: 'amp_key',
    }),
  },
  wrongCredentials: (settings) => ({ ...settings, key: 'f'.repeat(64) }),
  forgeries: (notification) => ({
    unsigned: withFields(notification, { sign: null }),
    'an empty sign': withFields(notification, { sign: '' }),
    'a higher amount': withFields(notification, { money: '9999.00' }),
    'another order': withFields(notification, { out_trade_no: 'x'.repeat(24) }),
    'another status': withFields(notification, { trade_status: 'TRADE_CLOSED' }),
    'a field that comes twice': { ...notification, query: `${notification.query}&money=1.00` },
    'an array': { ...notification, query: notification.query.replace('money=', 'money%5B%5D=') },
    'a form that contradicts the query': {
      ...notification,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from('money=9999.00'),
    },
  }),
  signedWithBlank(notification) {
    const canonical = [...fieldsOf(notification)]
      .filter(([name, value]) => name !== 'sign' && value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    return withFields(notification, { sign: createHash('md5').update(canonical).digest('hex') });
  },
  amounts: [
    { minor: 14_407n, currency: 'LDC', there: '144.07' },
    { minor: 1n, currency: 'CNY', there: '0.01', settings: { currency: 'CNY' } },
  ],
  refusedAmounts: [
    { minor: 100n, currency: 'JPY', why: 'no rate for it' },
    { minor: 1_000n, currency: 'KWD', why: 'no rate for it' },
    { minor: 10n ** 11n, currency: 'LDC', why: 'more than a record there may hold' },
  ],
  amountThere: ({ money }) => money,
  startsWithoutCall: true,
  numbersNoRefunds: true,
  afterWholeRefund: 'pending',
  afterDecline: 'pending',
});
