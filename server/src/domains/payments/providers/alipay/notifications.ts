/**
 * Proves that a notification is Alipay's and about our account, and says what it means.
 * https://opendocs.alipay.com/open/203/105286
 */
import type { Claims, Notification, NotificationMeaning, Verification } from '../../provider.ts';
import { transactionForm } from './answers.ts';
import { type Fields, readFields } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { readYuan, writeYuan } from './money.ts';
import { queryRefund } from './refunds.ts';

export interface Recipient {
  appId: string;
  sellerId: string;
}

const numberForm = /^[\w-]{1,64}$/;
/** Numbers of ours; a refund that was made in Alipay's console has one of another form. */
const ownNumberForm = /^[0-9a-z]{24}$/;
const agreementNews = new Set(['dut_user_sign', 'dut_user_unsign']);

export async function verifyNotification(
  gateway: Gateway,
  notification: Notification,
  recipient: Recipient,
): Promise<Verification> {
  const read = readFields(notification);
  if (!read.readable) return refuse(read.reason);
  const { fields } = read;
  // The SDK would take SHA-1 where the message asks for it, and fails at a kind that it does not know.
  if (fields.sign_type !== 'RSA2') return refuse('the sign_type is not RSA2');
  if (!isBase64(fields.sign)) return refuse('the sign is missing');
  if (fields.charset !== undefined && fields.charset.toLowerCase() !== 'utf-8') {
    return refuse('the charset is not utf-8');
  }
  if (!(await gateway.isSignedByAlipay(fields))) return refuse('the sign is wrong');
  if (fields.app_id !== recipient.appId) return refuse('the app_id is not ours');
  // News of agreements name no seller; what comes of them is asked of Alipay.
  const isAgreement = agreementNews.has(fields.notify_type ?? '');
  if (!isAgreement && fields.seller_id !== recipient.sellerId) {
    return refuse('the seller_id is not ours');
  }
  const claims = { ...fields, merchant: recipient.sellerId };
  return isRefund(fields) ? verifyRefund(gateway, claims) : { verified: true, claims };
}

/**
 * A refund's notification names only the sum of all refunds of its order, and repeats it later; which one this is, and
 * how much, Alipay says when asked.
 */
async function verifyRefund(
  gateway: Gateway,
  claims: Fields & { merchant: string },
): Promise<Verification> {
  const order = claims.out_trade_no ?? '';
  const found = await queryRefund(gateway, { order, request: requestIn(claims) });
  if (found.status === 'unknown') {
    return { ...refuse('the refund could not be asked about'), isUncertain: true };
  }
  // One that is not done is told of again when it is.
  const own = found.status === 'succeeded' ? writeYuan(found.amount) : '';
  return { verified: true, claims: { ...claims, own_refund_amount: own } };
}

/** Alipay names a refund that was made without a number of its own by its order's. */
function requestIn(claims: Claims): string {
  const [refund, order] = [textIn(claims, 'out_biz_no'), textIn(claims, 'out_trade_no')];
  return refund === '' ? order : refund;
}

export function translateClaims(claims: Claims): NotificationMeaning {
  const type = textIn(claims, 'notify_type');
  if (agreementNews.has(type)) return agreementMeaning(type, claims);
  const number = textIn(claims, 'out_trade_no');
  const providerTransaction = textIn(claims, 'trade_no');
  if (!numberForm.test(number)) return implausible('an order number is missing');
  // Paid, and then partly given back, it is still called paid: that is no second payment.
  if (isRefund(claims)) return refundMeaning(claims);
  const status = textIn(claims, 'trade_status');
  if (status === 'TRADE_CLOSED') return { kind: 'changed', number };
  if (status !== 'TRADE_SUCCESS' && status !== 'TRADE_FINISHED') return { kind: 'nothing' };
  const amount = readYuan(textIn(claims, 'total_amount'));
  if (!amount) return implausible('total_amount is no amount');
  if (!transactionForm.test(providerTransaction)) return implausible('a trade_no is missing');
  const merchant = textIn(claims, 'merchant');
  const payer = textIn(claims, 'buyer_id') || textIn(claims, 'buyer_open_id');
  const money = { number, merchant, providerTransaction, amount, ...(payer && { payer }) };
  return { kind: 'collected', money };
}

function refundMeaning(claims: Claims): NotificationMeaning {
  const amount = readYuan(textIn(claims, 'own_refund_amount'));
  // Alipay was asked, and knows of none that is done.
  if (!amount) return { kind: 'nothing' };
  const request = requestIn(claims);
  return {
    kind: 'refund',
    refund: {
      number: ownNumberForm.test(textIn(claims, 'out_biz_no')) ? request : null,
      reference: request,
      payment: {
        number: textIn(claims, 'out_trade_no'),
        providerTransaction: textIn(claims, 'trade_no') || null,
      },
      amount,
      status: 'succeeded',
    },
  };
}

function agreementMeaning(type: string, claims: Claims): NotificationMeaning {
  if (type === 'dut_user_unsign') {
    const reference = textIn(claims, 'agreement_no');
    return numberForm.test(reference)
      ? { kind: 'method_removed', reference }
      : implausible('an agreement_no is missing');
  }
  const number = textIn(claims, 'external_agreement_no');
  return numberForm.test(number)
    ? { kind: 'changed', number }
    : implausible('an external_agreement_no is missing');
}

/** News of a payment may name a `refund_fee` of nothing, too. */
function isRefund(claims: Claims): boolean {
  const fee = textIn(claims, 'refund_fee');
  return textIn(claims, 'gmt_refund') !== '' || (fee !== '' && !/^0+(\.0+)?$/.test(fee));
}

function textIn(claims: Claims, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

function isBase64(sign: string | undefined): boolean {
  return sign !== undefined && /^[A-Za-z0-9+/]{300,700}={0,2}$/.test(sign);
}

function refuse(reason: string): { verified: false; reason: string } {
  return { verified: false, reason };
}

function implausible(reason: string): NotificationMeaning {
  return { kind: 'implausible', reason };
}
