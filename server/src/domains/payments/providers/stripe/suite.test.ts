import { createHmac } from 'node:crypto';
import type { Notification } from '../../provider.ts';
import type { Simulator } from '../../testing/provider-suite/harness.ts';
import { describeProvider } from '../../testing/provider-suite/suite.ts';
import { stripe } from './index.ts';

const headerOf = ({ headers }: Notification) => String(headers['stripe-signature']);

const withHeader = (notification: Notification, header: string | undefined): Notification => ({
  ...notification,
  headers: { ...notification.headers, 'stripe-signature': header },
});

const withBody = (notification: Notification, from: string, to: string): Notification => ({
  ...notification,
  body: Buffer.from(notification.body.toString('utf8').replace(from, to)),
});

describeProvider({
  provider: stripe,
  testsMin: 90,
  settings: ({ sandbox, url }) => ({ ...sandbox.stripe, api_url: `${url}/stripe` }),
  async listen({ sandbox, directUrl }: Simulator, notifyUrl) {
    await fetch(`${directUrl}/stripe/v1/webhook_endpoints/we_sandbox`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.stripe.secret_key}` },
      body: new URLSearchParams({ url: notifyUrl }),
    });
  },
  strangers: {
    'an endpoint with another secret': (settings) => ({
      ...settings,
      webhook_secret: `whsec_${'a'.repeat(32)}`,
    }),
    'the live mode of the same account': (settings) => ({
      ...settings,
      secret_key: `sk_live_${'a'.repeat(99)}`,
    }),
  },
  wrongCredentials: (settings) => ({ ...settings, secret_key: `sk_test_${'a'.repeat(99)}` }),
  forgeries: (notification) => ({
    unsigned: withHeader(notification, undefined),
    'an empty header': withHeader(notification, ''),
    'a time alone': withHeader(notification, headerOf(notification).split(',')[0]),
    'another time': withHeader(notification, headerOf(notification).replace(/t=\d/, 't=2')),
    'another scheme': withHeader(notification, headerOf(notification).replace('v1=', 'v0=')),
    'an array of headers': {
      ...notification,
      headers: { ...notification.headers, 'stripe-signature': [headerOf(notification)] },
    },
    'another amount': withBody(notification, '"amount"', '"amount_"'),
    'live instead of test': withBody(notification, '"livemode": false', '"livemode": true'),
    'a space more': withBody(notification, '{', '{ '),
    'a GET': { ...notification, method: 'GET' },
  }),
  signedWithBlank(notification) {
    const seconds = Math.floor(Date.now() / 1_000);
    const body = notification.body.toString('utf8');
    const signature = createHmac('sha256', '').update(`${seconds}.${body}`).digest('hex');
    return withHeader(notification, `t=${seconds},v1=${signature}`);
  },
  amounts: [
    { minor: 1_999n, currency: 'USD', there: '1999' },
    { minor: 50n, currency: 'JPY', there: '50' },
    { minor: 5_120n, currency: 'KWD', there: '5120' },
    { minor: 5n, currency: 'ISK', there: '500' },
    { minor: 500n, currency: 'MGA', there: '5' },
  ],
  refusedAmounts: [
    { minor: 49n, currency: 'USD', why: 'less than the least' },
    { minor: 49n, currency: 'JPY', why: 'less than the least' },
    { minor: 100_000_000n, currency: 'USD', why: 'nine digits' },
    { minor: 5_124n, currency: 'KWD', why: 'a last digit that is not 0' },
    { minor: 550n, currency: 'MGA', why: 'decimals where there are none' },
    { minor: 1_000n, currency: 'UGX', why: 'a scale that nobody is sure of' },
    { minor: 1_000n, currency: 'LDC', why: 'no currency of a country' },
  ],
  amountThere: ({ amount }) => amount,
  afterDecline: 'pending',
  tellsOfRefunds: true,
  chargeDeclines: {
    insufficient_funds: 'insufficient_funds',
    generic_decline: 'card_declined',
    do_not_honor: 'card_declined',
    expired_card: 'expired_method',
    authentication_required: 'action_required',
    lost_card: 'suspected_fraud',
    incorrect_number: 'method_unusable',
    card_velocity_exceeded: 'limit_exceeded',
    currency_not_supported: 'currency_unsupported',
    processing_error: 'provider_error',
    a_reason_that_is_new: 'card_declined',
  },
  statement: { timeZone: 'UTC', readyAfterHours: 0 },
});
