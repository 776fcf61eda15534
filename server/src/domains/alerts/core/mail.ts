/** The wording of the mail about usage that stands out, in the reader's language; nothing in it is fetched. */

const wording = {
  en: {
    subject: '{name}: far more was used than usual',
    sentence:
      'On {when} {name} used {value} within {span}; usual at that time is {expected}. If that is right, there is nothing to do. If not, look at which key it was, and revoke it.',
    spans: { hour: 'an hour', day: 'a day' },
    calls: '{count} calls',
  },
  'zh-CN': {
    subject: '{name}：用量远超平常',
    sentence:
      '{when}，{name} 在{span}内使用了 {value}，平常同一时段为 {expected}。如属正常，无需处理；否则请查看是哪个密钥，并将其吊销。',
    spans: { hour: '一小时', day: '一天' },
    calls: '{count} 次调用',
  },
} as const;

export interface AlertMail {
  locale: 'en' | 'zh-CN';
  name: string;
  when: string;
  span: 'hour' | 'day';
  /** What was used and what is usual: an amount with its currency, or a number of calls. */
  value: { amount: string } | { calls: string };
  expected: { amount: string } | { calls: string };
  link: string;
}

export function alertMail(mail: AlertMail): { subject: string; text: string; html: string } {
  const words = wording[mail.locale];
  const quantity = (of: AlertMail['value']) =>
    'amount' in of ? of.amount : words.calls.replace('{count}', of.calls);
  const params: Record<string, string> = {
    ...{ name: mail.name, when: mail.when, span: words.spans[mail.span] },
    ...{ value: quantity(mail.value), expected: quantity(mail.expected) },
  };
  const say = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_all, key: string) => params[key] ?? '');
  const sentence = say(words.sentence);
  return {
    subject: say(words.subject),
    text: `${sentence}\n\n${mail.link}\n`,
    html: `<p>${escapeHtml(sentence)}</p><p><a href="${escapeHtml(mail.link)}">${escapeHtml(mail.link)}</a></p>`,
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
