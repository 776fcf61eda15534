/**
 * Credit, the epay protocol: a signed redirect there, a signed notification back, and `api.php` to ask.
 * https://github.com/linux-do/credit
 */
import { sameSecret } from '../../../../platform/crypto.ts';
import { exponentOf } from '../../../../platform/money.ts';
import { convertMinor } from '../../core/exchange.ts';
import { type SettingValues, textOf } from '../../core/settings.ts';
import type { Outside } from '../../outside.ts';
import type { Connection, Order, PaymentProvider, Place } from '../../provider.ts';
import { readFields } from './fields.ts';
import { isCollectable, readMoney, writeMoney } from './money.ts';
import { readOrderAnswer } from './query.ts';
import { findRefund, refund } from './refund.ts';
import { type CreditSettings, creditSettings, readCreditSettings } from './settings.ts';
import { signatureOf } from './signature.ts';

const plainText = 'text/plain; charset=utf-8';
const urlLengthMax = 100;
/** No order of ours has it. */
const probeNumber = 'connectiontest0000000000';
/** Length of `/checkout/` and a payment's id. */
const checkoutPathLength = 40;

export const credit: PaymentProvider = {
  id: 'credit',
  name: 'Credit',
  settings: creditSettings,
  capabilities: {
    ...{ notifies: true, finds: true, closes: false, refunds: 'whole' },
    ...{ stores: false, disputes: false, statements: false },
  },
  online: {
    answers: {
      acknowledge: { status: 200, contentType: plainText, body: 'success' },
      refuse: { status: 200, contentType: plainText, body: 'fail' },
    },
    check,
    connect: (values, outside) => connect(readCreditSettings(values), outside),
  },
};

function check(values: SettingValues, place: Place): string | undefined {
  if (place.publicUrl.length + checkoutPathLength > urlLengthMax) {
    return 'Credit takes addresses of at most 100 characters: use a shorter public URL.';
  }
  if (place.mode === 'live' && !textOf(values, 'gateway_url').startsWith('https://')) {
    return 'The gateway address must begin with https: the key travels in its queries.';
  }
  if (exponentOf(textOf(values, 'currency')) !== 2) {
    return 'Credit counts with two decimals: choose a currency that has two.';
  }
  return undefined;
}

function connect(settings: CreditSettings, outside: Outside): Connection {
  const { pid, currency } = settings;
  const find = async (number: string) => {
    const url = new URL(settings.queryUrl);
    url.search = new URLSearchParams({
      act: 'order',
      pid,
      key: settings.key,
      out_trade_no: number,
    }).toString();
    const answer = await outside.get(url.href);
    return readOrderAnswer(answer, { number, merchant: pid, currency });
  };
  return {
    merchant: pid,
    confirmByQuery: settings.confirmByQuery,
    currencies: currenciesOf(settings),
    quote(amount) {
      const rate = amount.currency === currency ? '1' : settings.rates[amount.currency];
      const charged = rate === undefined ? undefined : convertMinor(amount, rate, currency);
      return rate !== undefined && charged && isCollectable(charged)
        ? { charged, rate }
        : undefined;
    },
    async start(order) {
      return { status: 'pending', next: { type: 'redirect', url: submitUrl(settings, order) } };
    },
    find: ({ number }) => find(number),
    refund: (order) => refund(settings, outside, { order, find }),
    findRefund: (order) => findRefund(order, find),
    async verify(notification) {
      const read = readFields(notification);
      if (!read.readable) return { verified: false, reason: read.reason };
      const { fields } = read;
      const sign = fields.sign ?? '';
      if (!/^[0-9a-f]{32}$/.test(sign)) return { verified: false, reason: 'the sign is missing' };
      const expected = signatureOf(fields, settings.key, settings.signKeyMode);
      if (!sameSecret(sign, expected)) return { verified: false, reason: 'the sign is wrong' };
      if (fields.pid !== pid) return { verified: false, reason: 'the pid is not ours' };
      return { verified: true, claims: fields };
    },
    async probe() {
      const found = await find(probeNumber);
      return found.status === 'absent'
        ? { answers: true }
        : { answers: false, reason: 'The gateway did not accept the key, or did not answer.' };
    },
    translate(claims) {
      if (claims.trade_status !== 'TRADE_SUCCESS') return { kind: 'nothing' };
      const number = claimOf(claims.out_trade_no);
      const providerTransaction = claimOf(claims.trade_no);
      const amount = readMoney(claimOf(claims.money), currency);
      if (!amount) return { kind: 'implausible', reason: 'money is no amount' };
      if (!/^[\w-]{1,64}$/.test(number) || !/^[\w-]{1,64}$/.test(providerTransaction)) {
        return { kind: 'implausible', reason: 'an order number is missing' };
      }
      return { kind: 'collected', money: { number, merchant: pid, providerTransaction, amount } };
    },
  };
}

/** Every field of a notification is text; anything else was not written by the gateway. */
function claimOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A pseudo-currency such as LDC is offered only where the operator names it among the rates. */
function currenciesOf({ currency, rates }: CreditSettings): string[] {
  const own = Intl.supportedValuesOf('currency').includes(currency) ? [currency] : [];
  return [...new Set([...own, ...Object.keys(rates)])].sort();
}

function submitUrl(settings: CreditSettings, order: Order): string {
  const fields: Record<string, string> = {
    pid: settings.pid,
    type: settings.type,
    out_trade_no: order.number,
    name: nameOf(order.title),
    money: writeMoney(order.charged),
    notify_url: order.notifyUrl,
    return_url: order.returnUrl,
  };
  const sign = signatureOf(fields, settings.key, settings.signKeyMode);
  const url = new URL(settings.submitUrl);
  url.search = new URLSearchParams({ ...fields, sign, sign_type: 'MD5' }).toString();
  return url.href;
}

/** At most 64 characters, without the two that the signed text is made of. */
function nameOf(title: string): string {
  const clean = title.replace(/[&=]/g, ' ').replace(/\s+/g, ' ').trim();
  return [...clean].slice(0, 64).join('').trim() || 'Payment';
}
