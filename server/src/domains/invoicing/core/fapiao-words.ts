/** What a fapiao's mail says, and how its file is called. */
import { formatMinor } from '../../../platform/money.ts';
import type { DocumentLocale } from './document-words.ts';
import type { Fapiao, FapiaoFormat } from './fapiao.ts';

export const contentTypes: Record<FapiaoFormat, string> = {
  pdf: 'application/pdf',
  ofd: 'application/ofd',
};

/** `fapiao-26312000000012345678.pdf`: digits and letters of our own, so that it goes into a header as it is. */
export function fapiaoFileName({ number, id }: Fapiao, format: FapiaoFormat): string {
  return `fapiao-${number ?? id}.${format}`;
}

const wordings: Record<DocumentLocale, { subject: string; sentence: string; why: string }> = {
  en: {
    subject: 'Fapiao {number} over {amount}',
    sentence: 'The fapiao {number} of {day} over {amount} for {name} is attached to this mail.',
    why: 'It was asked for with the invoices {invoices}.',
  },
  'zh-CN': {
    subject: '电子发票 {number}，金额 {amount}',
    sentence: '{name} 的发票 {number} 已于 {day} 开具，金额 {amount}，请查收附件。',
    why: '对应账单：{invoices}。',
  },
};

export function fapiaoMail(
  fapiao: Fapiao,
  locale: DocumentLocale,
): { subject: string; text: string; html: string } {
  const { currency } = fapiao;
  const params: Record<string, string> = {
    number: fapiao.number ?? '',
    amount: `${formatMinor({ minor: fapiao.amountMinor, currency })} ${currency}`,
    day: fapiao.issuedOn ?? '',
    name: fapiao.title.name,
    invoices: fapiao.invoices
      .map(({ number, id }) => number ?? id)
      .join(locale === 'en' ? ', ' : '、'),
  };
  // A title is the customer's own text: what it says is never read as a place for another.
  const say = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
  const { subject, sentence, why } = wordings[locale];
  const said = [say(sentence), say(why)];
  return {
    subject: say(subject),
    text: `${said.join('\n')}\n`,
    html: said.map((line) => `<p>${escapeHtml(line)}</p>`).join(''),
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
