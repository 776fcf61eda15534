/**
 * Alipay: a signed page, page on a phone or code to be scanned; a signed notification back, and a gateway to ask.
 * https://opendocs.alipay.com/open/270/105898
 */
import { systemClocks } from '../../../../platform/time.ts';
import { convertMinor } from '../../core/exchange.ts';
import type { Connection, PaymentProvider, ProbeOutcome } from '../../provider.ts';
import { type AgreementTerms, findAgreement, openAgreements, signingOf } from './agreements.ts';
import { refusalIn } from './answers.ts';
import { type Gateway, openGateway, type World } from './gateway.ts';
import { isCollectable } from './money.ts';
import { translateClaims, verifyNotification } from './notifications.ts';
import { alipayMeans, closeOrder, findOrder, startOrder } from './orders.ts';
import { findRefund, refundOrder } from './refunds.ts';
import {
  type AlipaySettings,
  alipaySettings,
  checkAlipaySettings,
  readAlipaySettings,
} from './settings.ts';
import { fetchStatement } from './statement.ts';

const plainText = 'text/plain; charset=utf-8';

export const alipay: PaymentProvider = {
  id: 'alipay',
  name: 'Alipay',
  settings: alipaySettings,
  means: alipayMeans,
  calendar: 'Asia/Shanghai',
  capabilities: {
    ...{ notifies: true, finds: true, closes: true, refunds: 'part' },
    // Only with agreements switched on; a connection without them has no stored methods.
    ...{ stores: true, disputes: false, statements: true },
  },
  online: {
    answers: {
      // Exactly seven characters: anything else, and Alipay tells us again for a day.
      acknowledge: { status: 200, contentType: plainText, body: 'success' },
      refuse: { status: 200, contentType: plainText, body: 'failure' },
    },
    check: checkAlipaySettings,
    connect(values, outside) {
      // Alipay's clock is the wall's, however far a sandbox has moved ours.
      const { wall } = systemClocks(() => 0);
      return connect(readAlipaySettings(values), { outside, wall });
    },
  },
};

function connect(settings: AlipaySettings, world: World): Connection {
  const { sellerId, rates } = settings;
  const gateway = openGateway(settings, world);
  const { wall } = world;
  const terms = settings.agreements && { ...settings.agreements, merchant: sellerId, wall };
  return {
    merchant: sellerId,
    confirmByQuery: settings.confirmByQuery,
    currencies: [...new Set(['CNY', ...Object.keys(rates)])].sort(),
    quote(amount) {
      const rate = amount.currency === 'CNY' ? '1' : rates[amount.currency];
      const charged = rate === undefined ? undefined : convertMinor(amount, rate, 'CNY');
      return rate !== undefined && charged && isCollectable(charged)
        ? { charged, rate }
        : undefined;
    },
    start: (order) =>
      startOrder(
        gateway,
        order,
        terms && order.savesMethod ? signingOf(order.number, terms) : undefined,
      ),
    async find(asked) {
      const found = await findOrder(gateway, asked, sellerId);
      if (found.status !== 'succeeded' || !terms) return found;
      const method = await methodSignedWith(gateway, asked.number, terms);
      return method ? { ...found, method } : found;
    },
    close: (asked) => closeOrder(gateway, asked, sellerId),
    refund: (order) => refundOrder(gateway, order),
    findRefund: (order) => findRefund(gateway, order),
    ...(terms ? { methods: openAgreements(gateway, terms) } : {}),
    statement: (day) => fetchStatement(gateway, day),
    probe: () => probe(gateway),
    verify: (notification) => verifyNotification(gateway, notification, settings),
    translate: translateClaims,
  };
}

/** Money does not wait for it: where Alipay does not say, its own news of the agreement lets us ask again. */
async function methodSignedWith(gateway: Gateway, number: string, terms: AgreementTerms) {
  const found = await findAgreement(gateway, number, terms);
  return found.status === 'stored' ? found.method : undefined;
}

/** No order of ours has it. */
const probeNumber = 'connectiontest0000000000';

async function probe(gateway: Gateway): Promise<ProbeOutcome> {
  const answer = await gateway.call('alipay.trade.query', { biz: { out_trade_no: probeNumber } });
  if (refusalIn(answer)?.subCode === 'ACQ.TRADE_NOT_EXIST') return { answers: true };
  if (answer.kind === 'silent') return { answers: false, reason: 'Alipay did not answer.' };
  const complaint = answer.kind === 'answered' ? answer.subCode : answer.complaint;
  return { answers: false, reason: probeSentences[complaint ?? ''] ?? sentenceOf(complaint) };
}

const probeSentences: Readonly<Record<string, string>> = {
  'isv.invalid-app-id': 'Alipay knows no application with this app ID.',
  'isv.invalid-signature':
    'Alipay does not accept our signature: upload the public key that belongs to the private key.',
  'the answer is signed by another key':
    'The answer is signed by another key: copy Alipay’s public key, not your own.',
};

function sentenceOf(complaint: string | undefined): string {
  return complaint === undefined || complaint === ''
    ? 'Alipay’s answer cannot be understood: check the address of the API.'
    : `Alipay refused the call: ${complaint}.`;
}
