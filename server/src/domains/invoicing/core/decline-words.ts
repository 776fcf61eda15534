/** Why a stored method could not be charged, as mails say it. */
import type { DeclineCode } from '../../payments/index.ts';
import type { DocumentLocale } from './document-words.ts';

const sentences: Record<DocumentLocale, Record<DeclineCode, string>> = {
  en: {
    insufficient_funds:
      'We could not charge your payment method: there is not enough money behind it.',
    card_declined: 'We could not charge your payment method: your bank declined it.',
    expired_method: 'We could not charge your payment method: it has expired.',
    action_required: 'We could not charge your payment method: your bank wants you to confirm it.',
    method_unusable: 'We could not charge your payment method: it cannot be used any more.',
    limit_exceeded: 'We could not charge your payment method: the amount is above its limit.',
    suspected_fraud: 'We could not charge your payment method: your bank suspected fraud.',
    currency_unsupported:
      'We could not charge your payment method: it does not take this currency or amount.',
    canceled_by_payer: 'We could not charge your payment method: the payment was canceled.',
    returned: 'The payment from your bank account came back.',
    provider_error: 'We could not charge your payment method: the payment provider failed.',
  },
  'zh-CN': {
    insufficient_funds: '我们未能从您的支付方式扣款：余额不足。',
    card_declined: '我们未能从您的支付方式扣款：发卡银行拒绝了扣款。',
    expired_method: '我们未能从您的支付方式扣款：该支付方式已过期。',
    action_required: '我们未能从您的支付方式扣款：银行要求您本人确认。',
    method_unusable: '我们未能从您的支付方式扣款：该支付方式已不可用。',
    limit_exceeded: '我们未能从您的支付方式扣款：金额超过其限额。',
    suspected_fraud: '我们未能从您的支付方式扣款：银行怀疑存在欺诈。',
    currency_unsupported: '我们未能从您的支付方式扣款：该支付方式不支持此货币或金额。',
    canceled_by_payer: '我们未能从您的支付方式扣款：付款已被取消。',
    returned: '您的银行账户付款已被退回。',
    provider_error: '我们未能从您的支付方式扣款：支付服务商发生故障。',
  },
};

export function declineSentence(code: DeclineCode, locale: DocumentLocale): string {
  return sentences[locale][code];
}
