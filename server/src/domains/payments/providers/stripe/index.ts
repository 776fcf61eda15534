/**
 * Stripe: cards and US bank debits on its Checkout page, kept methods charged without their payer, refunds in part,
 * disputes, and its balance as statement. https://docs.stripe.com/api
 */
import type Stripe from 'stripe';
import { systemClocks } from '../../../../platform/time.ts';
import { convertMinor } from '../../core/exchange.ts';
import type { Outside } from '../../outside.ts';
import type {
  Asked,
  CloseOutcome,
  Connection,
  FindOutcome,
  PaymentProvider,
  ProbeOutcome,
  Quote,
} from '../../provider.ts';
import { type Account, merchantOf } from './account.ts';
import { cancelIntent, findCharge } from './charge.ts';
import { openClient, type StripeClient } from './client.ts';
import { lookUpNumber } from './lookup.ts';
import { storedMethods } from './methods.ts';
import { stripeCurrencies, toStripe } from './money.ts';
import { findRefund, refundPayment } from './refunds.ts';
import { closeSession, openSession, readIntent, readSession, retrieveSession } from './sessions.ts';
import {
  checkStripeSettings,
  readStripeSettings,
  type StripeSettings,
  stripeSettings,
} from './settings.ts';
import { readStatement } from './statement.ts';
import { translateEvent } from './translate.ts';
import { verifyEvent } from './verify.ts';

const json = 'application/json; charset=utf-8';
const clocks = systemClocks(() => 0);

export const stripe: PaymentProvider = {
  id: 'stripe',
  name: 'Stripe',
  settings: stripeSettings,
  capabilities: {
    ...{ notifies: true, finds: true, closes: true, refunds: 'part' },
    ...{ stores: true, disputes: true, statements: true },
  },
  means: [
    { id: 'card', label: { en: 'Card', 'zh-CN': '银行卡' } },
    {
      id: 'us_bank_account',
      label: { en: 'US bank account (ACH)', 'zh-CN': '美国银行账户（ACH）' },
    },
  ],
  online: {
    answers: {
      acknowledge: { status: 200, contentType: json, body: '{"received":true}' },
      refuse: { status: 400, contentType: json, body: '{"received":false}' },
    },
    check: checkStripeSettings,
    connect: (values, outside) => connect(readStripeSettings(values), outside),
  },
};

function connect(settings: StripeSettings, outside: Outside): Connection {
  let client: Promise<StripeClient> | undefined;
  const merchant = merchantOf(settings);
  const account: Account = {
    settings,
    merchant,
    wall: clocks.wall,
    client() {
      client ??= openClient(settings, outside);
      return client;
    },
  };
  return {
    merchant,
    confirmByQuery: settings.confirmByQuery,
    currencies: [...new Set([...stripeCurrencies, ...Object.keys(settings.rates)])].sort(),
    quote: (amount) => quote(settings, amount),
    start: (order) => openSession(account, { ...order, purpose: 'payment' }),
    find: (asked) => find(account, asked),
    close: (asked) => close(account, asked),
    refund: (order) => refundPayment(account, order),
    findRefund: (order) => findRefund(account, order),
    methods: storedMethods(account),
    statement: ({ date }) => readStatement(account, date),
    probe: () => probe(account),
    verify: (notification) => verifyEvent(settings, notification),
    translate: (claims) => translateEvent(claims, merchant),
  };
}

/** A rate comes first: the operator wrote it because the account does not take that currency. */
function quote(settings: StripeSettings, amount: Parameters<Connection['quote']>[0]) {
  const named = settings.rates[amount.currency];
  const rate = named ?? '1';
  const charged = named === undefined ? amount : convertMinor(amount, named, settings.currency);
  const offer: Quote | undefined = charged && { charged, rate };
  return offer && toStripe(offer.charged) !== undefined ? offer : undefined;
}

async function find(account: Account, { number, reference }: Asked): Promise<FindOutcome> {
  try {
    if (reference?.startsWith('cs_')) {
      return readSession(account, await retrieveSession(account, reference), number);
    }
    if (reference?.startsWith('pi_')) return findCharge(account, reference, number);
    if (reference !== null) return { status: 'unknown' };
    const found = await lookUpNumber(account, number);
    if (found.found === 'session') return readSession(account, found.session, number);
    if (found.found === 'intent') return await readLookedUp(account, found.intent, number);
    return { status: found.found === 'nothing' ? 'absent' : 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}

/** Of an intent that its page may still pay, the page is asked. */
async function readLookedUp(account: Account, intent: Stripe.PaymentIntent, number: string) {
  if (intent.status === 'succeeded') return readIntent(account, intent, number);
  const session = await sessionOf(account, intent.id);
  return session
    ? readSession(account, await retrieveSession(account, session.id), number)
    : findCharge(account, intent.id, number);
}

/** An open page is expired, which ends what was begun on it too. */
async function close(account: Account, { number, reference }: Asked): Promise<CloseOutcome> {
  if (reference?.startsWith('cs_')) return closeSession(account, reference);
  if (reference?.startsWith('pi_')) return cancelIntent(account, reference);
  try {
    const open = await lookUpNumber(account, number);
    if (open.found === 'session') return closeSession(account, open.session.id);
    if (open.found === 'intent') return await closeIntent(account, open.intent.id);
    return { status: open.found === 'nothing' ? 'closed' : 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}

/** An intent of a page cannot be canceled by itself, so its page is looked up. */
async function closeIntent(account: Account, id: string): Promise<CloseOutcome> {
  const session = await sessionOf(account, id);
  return session ? closeSession(account, session.id) : cancelIntent(account, id);
}

async function sessionOf(account: Account, intentId: string) {
  const { sdk } = await account.client();
  const sessions = await sdk.checkout.sessions.list({ payment_intent: intentId, limit: 1 });
  return sessions.data[0];
}

async function probe(account: Account): Promise<ProbeOutcome> {
  const { settings } = account;
  try {
    const { sdk } = await account.client();
    const { id } = await sdk.accounts.retrieveCurrent();
    if (id !== settings.account) {
      return { answers: false, reason: 'The key is of another account: check the account ID.' };
    }
    const { livemode } = await sdk.balance.retrieve();
    if (livemode !== settings.isLive) {
      return { answers: false, reason: 'The key is not of the mode that it is written in.' };
    }
    return { answers: true };
  } catch {
    return { answers: false, reason: 'Stripe did not accept the key, or did not answer.' };
  }
}
