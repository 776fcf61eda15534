/** The app, as a page: where a person opens a link to the bot, and reads what it sends. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import type { SentMessage } from './chats.ts';

const shownMax = 50;

const words = {
  en: {
    title: 'Sandbox Telegram',
    lead: 'Every message that the bot sends ends up here; nothing leaves the machine.',
    empty: 'No message yet.',
    start: (bot: string) => `Start ${bot}`,
    startLead: 'As in the app: pressing the button sends the bot the code of the link.',
    started: 'The bot was started. Go back, and see the chat connected.',
    chat: 'chat',
  },
  'zh-CN': {
    title: '沙盒 Telegram',
    lead: '机器人发送的所有消息都在这里，不会真正发出。',
    empty: '还没有消息。',
    start: (bot: string) => `启动 ${bot}`,
    startLead: '与应用中一样：点击按钮会把链接中的代码发送给机器人。',
    started: '机器人已启动。请返回查看聊天是否已连接。',
    chat: '聊天',
  },
};

export function renderMessages(messages: readonly SentMessage[], locale: Locale): string {
  const text = words[locale];
  const cards = messages.slice(0, shownMax).map(
    (
      message,
    ) => `<article class="card"><p class="quiet">${text.chat} ${escapeHtml(message.chat_id)}</p>
<pre>${escapeHtml(message.text)}</pre>
${message.links.map((link) => `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`).join('')}</article>`,
  );
  const body = `<h1>${text.title}</h1><p class="quiet">${text.lead}</p>
${cards.length === 0 ? `<p class="card">${text.empty}</p>` : cards.join('\n')}`;
  return renderPage({ locale, title: text.title, body });
}

export function renderStart(
  { bot, isStarted }: { bot: string; isStarted: boolean },
  locale: Locale,
): string {
  const text = words[locale];
  const form = `<p class="quiet">${text.startLead}</p>
<form method="post"><button type="submit">${escapeHtml(text.start(bot))}</button></form>`;
  const body = `<h1>${text.title}</h1><section class="card">${isStarted ? `<p>${text.started}</p>` : form}</section>`;
  return renderPage({ locale, title: text.title, body });
}
