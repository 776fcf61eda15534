/** The mail that brings a quote to its customer; nothing in it is fetched. */
import { writeMail } from './mails.ts';

const wording = {
  en: {
    subject: 'A quote for you: {plan}',
    sentence:
      'We have written a quote for you: {plan}. See what it gives and costs, and accept it by {until}.',
  },
  'zh-CN': {
    subject: '为您准备的报价：{plan}',
    sentence: '我们为您准备了一份报价：{plan}。请查看其内容与费用，并在 {until} 之前接受。',
  },
};

export function quoteMail(
  locale: keyof typeof wording,
  { link, params }: { link: string; params: { plan: string; until: string } },
): { subject: string; text: string; html: string } {
  return writeMail(wording[locale], { link, params });
}
