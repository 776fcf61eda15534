/** The wording of the mails about invoices, in the customer's language; nothing in them is fetched. */
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { dayOf } from '../../../platform/time.ts';
import type { DeclineCode } from '../../payments/index.ts';
import { declineSentence } from './decline-words.ts';
import type { DocumentLocale } from './document-words.ts';
import { dueOf, type Invoice } from './invoice.ts';

interface Wording {
  subject: string;
  sentence: string;
  action: string;
}

const wordings: Record<DocumentLocale, Wording> = {
  en: {
    subject: 'Invoice {number} from {seller}: {due} to pay',
    sentence:
      'Invoice {number} of {issued} over {due} is to be paid by {by}. Open this link to pay:',
    action: 'Pay the invoice',
  },
  'zh-CN': {
    subject: '{seller} 账单 {number}：待付 {due}',
    sentence: '{issued} 开具的账单 {number} 待付 {due}，付款期限为 {by}。请打开以下链接付款：',
    action: '支付账单',
  },
};

/** Asks for what is due. */
export function payLinkMail(
  invoice: Invoice,
  {
    locale,
    link,
    timeZone,
    reason,
  }: {
    locale: DocumentLocale;
    link: string;
    timeZone: string;
    /** Why a charge before did not pay it. */
    reason?: DeclineCode | undefined;
  },
): { subject: string; text: string; html: string } {
  const due = dueOf(invoice);
  const params: Record<string, string> = {
    number: invoice.number ?? '',
    seller: invoice.seller.name,
    due: `${formatMinor(due)} ${due.currency}`,
    issued: dayOf(invoice.issuedAt, timeZone),
    by: dayOf(invoice.dueAt, timeZone),
  };
  const say = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
  const { subject, sentence, action } = wordings[locale];
  const declined = reason ? declineSentence(reason, locale) : undefined;
  const said = [declined, say(sentence)]
    .filter((part) => part !== undefined)
    .join(locale === 'en' ? ' ' : '');
  return {
    subject: say(subject),
    text: `${said}\n\n${link}\n`,
    html: `<p>${escapeHtml(said)}</p><p><a href="${escapeHtml(link)}">${action}</a></p>`,
  };
}

const offWordings: Record<DocumentLocale, Wording> = {
  en: {
    subject: 'Automatic top-up at {seller} is off',
    sentence:
      'The wallet was to be topped up by {amount}, so automatic top-up is off. Choose another payment method and switch it on again:',
    action: 'Open billing',
  },
  'zh-CN': {
    subject: '{seller} 自动充值已关闭',
    sentence: '钱包本应自动充值 {amount}，因此自动充值已关闭。请更换支付方式后重新开启：',
    action: '打开账单页',
  },
};

/** Tells that a wallet no longer refills itself, and why. */
export function autoTopUpOffMail({
  locale,
  link,
  seller,
  amount,
  reason,
}: {
  locale: DocumentLocale;
  link: string;
  seller: string;
  amount: MinorMoney;
  reason: DeclineCode;
}): { subject: string; text: string; html: string } {
  const { subject, sentence, action } = offWordings[locale];
  const say = (text: string) =>
    text
      .replace('{seller}', seller)
      .replace('{amount}', `${formatMinor(amount)} ${amount.currency}`);
  const said = `${declineSentence(reason, locale)}${locale === 'en' ? ' ' : ''}${say(sentence)}`;
  return {
    subject: say(subject),
    text: `${said}\n\n${link}\n`,
    html: `<p>${escapeHtml(said)}</p><p><a href="${escapeHtml(link)}">${action}</a></p>`,
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
