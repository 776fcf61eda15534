import type { Notification } from '../../provider.ts';
import type { ProviderHarness } from '../../testing/provider-suite/harness.ts';
import { describeProvider } from '../../testing/provider-suite/suite.ts';
import { paypal } from './index.ts';
import { moveWebhook } from './testing/webhook.ts';

const harness: ProviderHarness = {
  provider: paypal,
  testsMin: 80,
  settings: ({ sandbox, url }) => ({ ...sandbox.paypal, api_url: `${url}/paypal` }),
  listen: ({ sandbox, directUrl }, url) => moveWebhook(`${directUrl}/paypal`, sandbox.paypal, url),
  strangers: {
    'another webhook': (settings) => ({ ...settings, webhook_id: '1AB23456CD789012E' }),
    'another app': (settings) => ({ ...settings, client_id: `A${'x'.repeat(52)}` }),
  },
  wrongCredentials: (settings) => ({ ...settings, client_secret: `E${'x'.repeat(52)}` }),
  forgeries: (notification) => ({
    unsigned: withHeader(notification, 'paypal-transmission-sig', undefined),
    'another signature': withHeader(
      notification,
      'paypal-transmission-sig',
      Buffer.alloc(256, 1).toString('base64'),
    ),
    'a later time': withHeader(notification, 'paypal-transmission-time', '2030-01-01T00:00:00Z'),
    'another transmission': withHeader(notification, 'paypal-transmission-id', 'a-b-c-d'),
    'a certificate of somebody else': withHeader(
      notification,
      'paypal-cert-url',
      'https://api.paypal.com.certs.example/v1/notifications/certs/CERT-1',
    ),
    'no algorithm': withHeader(notification, 'paypal-auth-algo', 'none'),
    'another amount': withBody(notification, '19.90', '19.91'),
    'a field that ends the event': withBody(notification, '{', '{},"webhook_event":{'),
  }),
  amounts: [
    { minor: 1990n, currency: 'USD', there: '19.90' },
    { minor: 1n, currency: 'EUR', there: '0.01' },
    { minor: 1990n, currency: 'JPY', there: '1990' },
    { minor: 199_000n, currency: 'HUF', there: '1990' },
    { minor: 99_999_999_900n, currency: 'TWD', there: '999999999' },
  ],
  refusedAmounts: [
    { minor: 1990n, currency: 'CNY', why: 'it is for accounts within China' },
    { minor: 1000n, currency: 'KWD', why: 'it has three decimals' },
    { minor: 150n, currency: 'HUF', why: 'there are no half forints' },
    { minor: 1n, currency: 'TWD', why: 'there are no cents' },
    { minor: 100n, currency: 'KRW', why: 'no rate is set for it' },
    { minor: 1n, currency: 'KRW', settings: { rates: { KRW: '0.0007' } }, why: 'it is too little' },
  ],
  amountThere: ({ amount }) => (amount as { value: string }).value,
  afterDecline: 'pending',
  capturesWhenFound: true,
  tellsOfRefunds: true,
  chargeDeclines: {
    INSTRUMENT_DECLINED: 'card_declined',
    PAYER_ACTION_REQUIRED: 'action_required',
    TRANSACTION_LIMIT_EXCEEDED: 'limit_exceeded',
    PAYER_ACCOUNT_RESTRICTED: 'method_unusable',
    TRANSACTION_REFUSED: 'suspected_fraud',
    SOMETHING_NEW: 'provider_error',
  },
  statement: { timeZone: 'UTC', readyAfterHours: 3 },
};

describeProvider(harness);

function withHeader(notification: Notification, name: string, value: string | undefined) {
  return { ...notification, headers: { ...notification.headers, [name]: value } };
}

function withBody(notification: Notification, from: string, to: string): Notification {
  const text = notification.body.toString('utf8').replace(from, to);
  return { ...notification, body: Buffer.from(text) };
}
