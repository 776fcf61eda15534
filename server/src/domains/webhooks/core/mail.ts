/** The mail about an endpoint that was switched off, in the reader's language; nothing in it is fetched. */

const wording = {
  en: {
    subject: '{name}: a webhook endpoint was switched off',
    failing:
      'Nothing that was sent to {url} was taken for five days, so it is switched off. What happens now is not sent there. Once it answers again, switch it on; deliveries that failed can be sent again one by one.',
    gone: '{url} answered that it is gone (410), so it is switched off. What happens now is not sent there. If that was wrong, switch it on again.',
  },
  'zh-CN': {
    subject: '{name}：一个 Webhook 端点已停用',
    failing:
      '五天以来，发送到 {url} 的内容一次也没有被接收，因此该端点已停用，此后发生的事件不再发送到那里。恢复应答后请重新启用；失败的投递可以逐条重发。',
    gone: '{url} 应答它已不复存在（410），因此该端点已停用，此后发生的事件不再发送到那里。如果这是误报，请重新启用。',
  },
} as const;

interface SwitchedOff {
  locale: 'en' | 'zh-CN';
  reason: 'failing' | 'gone';
  /** The organization's. */
  name: string;
  url: string;
  link: string;
}

export function switchedOffMail({ locale, reason, ...params }: SwitchedOff): {
  subject: string;
  text: string;
  html: string;
} {
  const words = wording[locale];
  const say = (text: string) =>
    text.replace(/\{(name|url)\}/g, (_all, key: 'name' | 'url') => params[key]);
  const sentence = say(words[reason]);
  const link = escapeHtml(params.link);
  return {
    subject: say(words.subject),
    text: `${sentence}\n\n${params.link}\n`,
    html: `<p>${escapeHtml(sentence)}</p><p><a href="${link}">${link}</a></p>`,
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
