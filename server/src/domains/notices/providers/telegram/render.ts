import type { Message } from '../../provider.ts';

/** HTML as Telegram reads it: https://core.telegram.org/bots/api#html-style */
export function telegramText({ title, text, link, organization }: Message): string {
  return [
    `<b>${escapeHtml(title)}</b>`,
    escapeHtml(text),
    `<a href="${escapeHtml(link.url)}">${escapeHtml(link.words)}</a>`,
    `<i>${escapeHtml(organization)}</i>`,
  ].join('\n');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
