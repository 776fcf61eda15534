/** Alipay's refusals in our words. https://opendocs.alipay.com/open/02ivbs (error codes of alipay.trade.pay) */
import type { DeclineCode } from '../../core/declines.ts';

const codes: Readonly<Record<string, DeclineCode>> = {
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'insufficient_funds',
  'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH': 'insufficient_funds',
  'ACQ.AGREEMENT_NOT_EXIST': 'method_unusable',
  'ACQ.AGREEMENT_INVALID': 'method_unusable',
  'ACQ.AGREEMENT_STATUS_NOT_NORMAL': 'method_unusable',
  'ACQ.BUYER_NOT_EXIST': 'method_unusable',
  'ACQ.BUYER_ENABLE_STATUS_FORBID': 'method_unusable',
  'ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT': 'method_unusable',
  'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE': 'method_unusable',
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': 'limit_exceeded',
  'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR': 'limit_exceeded',
  'ACQ.BEYOND_PAY_RESTRICTION': 'limit_exceeded',
  'ACQ.BEYOND_PER_RECEIPT_RESTRICTION': 'limit_exceeded',
  'ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION': 'limit_exceeded',
  'ACQ.TOTAL_FEE_EXCEED': 'limit_exceeded',
  // A charge outside the agreement's amount or days: the payer may still pay it.
  'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED': 'action_required',
  'ACQ.CYCLE_PAY_DATE_NOT_MATCH': 'action_required',
  'ACQ.PAYMENT_REQUEST_HAS_RISK': 'suspected_fraud',
};

/** Anything that is not known is not said to be the payer's. */
export function declineCodeOf(subCode: string): DeclineCode {
  return Object.hasOwn(codes, subCode) ? (codes[subCode] ?? 'provider_error') : 'provider_error';
}
