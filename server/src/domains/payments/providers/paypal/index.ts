/**
 * PayPal: an order that the payer approves on PayPal's page and that we capture, accounts in its vault that are charged
 * without the payer, refunds in part, disputes, and its list of transactions as the statement.
 * https://developer.paypal.com/api/rest/
 */
import { z } from 'zod';
import { convertMinor } from '../../core/exchange.ts';
import { type SettingValues, textOf } from '../../core/settings.ts';
import type { Connection, PaymentProvider, Place, ProbeOutcome, Quote } from '../../provider.ts';
import { createClient, type Paypal } from './client.ts';
import { findDispute } from './disputes.ts';
import { translateEvent } from './events.ts';
import { isCollectable, takenCurrencies } from './money.ts';
import { findOrder, startOrder } from './pay.ts';
import { findRefund, refundCapture } from './refunds.ts';
import { type PaypalSettings, paypalSettings, readPaypalSettings } from './settings.ts';
import { readStatement } from './statement.ts';
import { storedMethods } from './vault.ts';
import { verifyWebhook } from './webhook.ts';

const plainText = 'text/plain; charset=utf-8';

export const paypal: PaymentProvider = {
  id: 'paypal',
  name: 'PayPal',
  settings: paypalSettings,
  capabilities: {
    ...{ notifies: true, finds: true, closes: false, refunds: 'part' },
    ...{ stores: true, disputes: true, statements: true },
  },
  online: {
    answers: {
      acknowledge: { status: 200, contentType: plainText, body: 'received' },
      // PayPal sends again whatever is not answered by 2xx.
      refuse: { status: 400, contentType: plainText, body: 'refused' },
    },
    check,
    connect(values, outside) {
      const settings = readPaypalSettings(values);
      return connect({ settings, client: createClient(settings, outside) });
    },
  },
};

const liveHosts = ['api-m.paypal.com', 'api.paypal.com'];
const trialHosts = ['api-m.sandbox.paypal.com', 'api.sandbox.paypal.com'];

function check(values: SettingValues, { mode }: Place): string | undefined {
  const { protocol, hostname } = new URL(textOf(values, 'api_url'));
  if (mode === 'live' && protocol !== 'https:') {
    return 'The API address must begin with https: the secret travels there.';
  }
  if (mode === 'live' && trialHosts.includes(hostname)) {
    return "The API address is PayPal's sandbox, whose money is not real: use the live one.";
  }
  if (mode === 'sandbox' && liveHosts.includes(hostname)) {
    return "A sandbox takes no real money: set the API address to PayPal's sandbox or to ours.";
  }
  // Forints and Taiwan dollars are whole there, and a converted amount hardly ever is.
  const currency = textOf(values, 'currency');
  if (!isCollectable({ minor: 1n, currency })) {
    return `PayPal cannot collect converted amounts in ${currency}: choose another currency.`;
  }
  return undefined;
}

function connect(paypal: Paypal): Connection {
  const { settings } = paypal;
  return {
    merchant: settings.clientId,
    // Not a matter of choice: a signature of PayPal's covers no more than a checksum of the body.
    confirmByQuery: true,
    currencies: [...new Set([...takenCurrencies, ...Object.keys(settings.rates)])].sort(),
    quote: (amount) => quote(settings, amount),
    start: (order) => startOrder(paypal, order),
    find: (asked) => findOrder(paypal, asked),
    refund: (order) => refundCapture(paypal, order),
    findRefund: (order) => findRefund(paypal, order),
    findDispute: (reference) => findDispute(paypal, reference),
    methods: storedMethods(paypal),
    statement: (day) => readStatement(paypal, day),
    probe: () => probe(paypal),
    verify: (notification) => verifyWebhook(paypal, notification),
    translate: (claims) => translateEvent(claims, settings.clientId),
  };
}

function quote({ currency, rates }: PaypalSettings, amount: Parameters<Connection['quote']>[0]) {
  if (takenCurrencies.includes(amount.currency)) {
    return isCollectable(amount) ? ({ charged: amount, rate: '1' } satisfies Quote) : undefined;
  }
  const rate = rates[amount.currency];
  const charged = rate === undefined ? undefined : convertMinor(amount, rate, currency);
  return rate !== undefined && charged && isCollectable(charged) ? { charged, rate } : undefined;
}

const Webhook = z.object({ id: z.string() });

async function probe({ client, settings }: Paypal): Promise<ProbeOutcome> {
  const path = `/v1/notifications/webhooks/${encodeURIComponent(settings.webhookId)}`;
  const answer = await client.call({ method: 'GET', path });
  if (answer?.status === 200 && Webhook.safeParse(answer.json).data?.id === settings.webhookId) {
    return { answers: true };
  }
  if (answer?.status === 401) {
    return { answers: false, reason: 'PayPal does not accept the client ID and the secret.' };
  }
  if (answer?.status === 404) {
    return { answers: false, reason: 'PayPal knows no such webhook ID in this app.' };
  }
  return { answers: false, reason: 'PayPal did not answer.' };
}
