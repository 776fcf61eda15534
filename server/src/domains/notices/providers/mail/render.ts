import type { Message } from '../../provider.ts';

export function mailOf(
  { title, text, link, organization }: Message,
  locale: 'en' | 'zh-CN',
): { subject: string; text: string; html: string } {
  const why =
    locale === 'en'
      ? `You get this mail as ${organization} has it sent to you. Who is told of what is set under Organization, Notifications.`
      : `您收到此邮件，是因为“${organization}”设置了向您发送此类通知。可在“组织 → 通知”中更改。`;
  return {
    subject: title,
    text: `${text}\n\n${link.words}: ${link.url}\n\n${why}\n`,
    html: [
      `<!doctype html><html lang="${locale}"><body>`,
      `<p>${escapeHtml(text)}</p>`,
      `<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.words)}</a></p>`,
      `<p><small>${escapeHtml(why)}</small></p>`,
      '</body></html>',
    ].join('\n'),
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
