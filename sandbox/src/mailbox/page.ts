/** The mailbox as a page. What a mail contains is foreign: text is escaped, HTML lives in a frame without scripts. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import type { Mail } from './mail.ts';

/** Frames are heavy; older mails are one filter away. */
const MAILS_ON_PAGE_MAX = 50;

const words = {
  en: {
    title: 'Sandbox mailbox',
    lead: 'Every mail that this sandbox sends ends up here; nothing leaves the machine.',
    address: 'Address',
    filter: 'Filter',
    empty: 'No mail yet. Sign up or ask for a new password, and its mail appears here.',
    emptyFor: (to: string) => `No mail to ${to} yet.`,
    to: 'to',
    noSubject: '(no subject)',
    body: 'Mail body',
    older: (count: number) => `${count} older mails are not shown; filter by address to find them.`,
  },
  'zh-CN': {
    title: '沙盒邮箱',
    lead: '沙盒发出的所有邮件都在这里，不会真正寄出。',
    address: '收件地址',
    filter: '筛选',
    empty: '还没有邮件。注册或找回密码后，邮件会出现在这里。',
    emptyFor: (to: string) => `还没有寄给 ${to} 的邮件。`,
    to: '收件人',
    noSubject: '（无主题）',
    body: '邮件正文',
    older: (count: number) => `另有 ${count} 封更早的邮件未显示，可按地址筛选。`,
  },
};

export function renderMailbox(view: { mails: Mail[]; to: string; locale: Locale }): string {
  const { mails, to, locale } = view;
  const text = words[locale];
  const shown = mails.slice(0, MAILS_ON_PAGE_MAX);
  const hidden = mails.length - shown.length;
  const empty = to === '' ? text.empty : text.emptyFor(to);
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.lead}</p>
<form class="filter" method="get">
<input type="email" name="to" value="${escapeHtml(to)}" placeholder="${text.address}" aria-label="${text.address}">
<input type="hidden" name="lang" value="${locale}">
<button type="submit">${text.filter}</button>
</form>
${shown.length === 0 ? `<p class="card">${escapeHtml(empty)}</p>` : ''}
${shown.map((mail) => renderMail(mail, locale)).join('\n')}
${hidden > 0 ? `<p class="quiet">${text.older(hidden)}</p>` : ''}`;
  return renderPage({ locale, title: text.title, body });
}

function renderMail(mail: Mail, locale: Locale): string {
  const text = words[locale];
  const when = new Date(mail.received_at).toLocaleString(locale, { timeZone: 'UTC' });
  return `<article class="card">
<h2>${escapeHtml(mail.subject || text.noSubject)}</h2>
<p class="quiet">${text.to} ${escapeHtml(mail.to)} · <time datetime="${mail.received_at}">${when} UTC</time></p>
${renderLinks(mail.links)}
${mail.html === null ? `<pre>${escapeHtml(mail.text)}</pre>` : renderFrame(mail.html, text.body)}
</article>`;
}

function renderLinks(links: string[]): string {
  if (links.length === 0) return '';
  const items = links.map((link) => {
    const address = escapeHtml(link);
    return `<li><a href="${address}" rel="noopener noreferrer">${address}</a></li>`;
  });
  return `<ul class="links">${items.join('')}</ul>`;
}

function renderFrame(html: string, label: string): string {
  const document = `<base target="_blank">${html}`;
  return `<iframe title="${label}" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(document)}"></iframe>`;
}
