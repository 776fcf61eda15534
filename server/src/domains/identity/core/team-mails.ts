/** Mails about an organization and its people, in the reader's language. */
import { escapeHtml, type RenderedMail } from './mails.ts';
import type { Locale } from './people.ts';

export type TeamNotice =
  | 'member_joined'
  | 'member_left'
  | 'handed_over'
  | 'security_changed'
  | 'security_lifted'
  | 'support_began';

interface Names {
  organization: string;
  /** Whom it is about. */
  who: string;
}

interface Wording {
  subject: string;
  text: (names: Names) => string;
}

const notices: Record<Locale, Record<TeamNotice, Wording>> = {
  en: {
    member_joined: {
      subject: 'Somebody joined your organization',
      text: ({ organization, who }) => `${who} is now a member of “${organization}”.`,
    },
    member_left: {
      subject: 'Somebody left your organization',
      text: ({ organization, who }) =>
        `${who} is no longer a member of “${organization}”. API keys that they made go on working: see whether you still need them.`,
    },
    handed_over: {
      subject: 'Your organization has another owner',
      text: ({ organization, who }) => `“${organization}” was handed over to ${who}.`,
    },
    security_changed: {
      subject: 'Security settings were changed',
      text: ({ organization, who }) =>
        `${who} changed what “${organization}” asks of the sessions of its members.`,
    },
    security_lifted: {
      subject: 'Security settings were lifted',
      text: ({ organization }) =>
        `An operator lifted what “${organization}” asked of the sessions of its members. Set it anew once you are in.`,
    },
    support_began: {
      subject: 'Support is in your organization',
      text: ({ organization, who }) =>
        `${who} of support began to act in “${organization}”, as you have allowed. See why, and end it if you like:`,
    },
  },
  'zh-CN': {
    member_joined: {
      subject: '有新成员加入了您的组织',
      text: ({ organization, who }) => `${who} 已成为“${organization}”的成员。`,
    },
    member_left: {
      subject: '有成员离开了您的组织',
      text: ({ organization, who }) =>
        `${who} 已不再是“${organization}”的成员。其创建的 API 密钥仍然有效，请确认是否还需要。`,
    },
    handed_over: {
      subject: '您的组织更换了所有者',
      text: ({ organization, who }) => `“${organization}”已移交给 ${who}。`,
    },
    security_changed: {
      subject: '安全设置已更改',
      text: ({ organization, who }) => `${who} 更改了“${organization}”对成员登录会话的要求。`,
    },
    security_lifted: {
      subject: '安全设置已解除',
      text: ({ organization }) =>
        `运营人员已解除“${organization}”对成员登录会话的要求，请在登录后重新设置。`,
    },
    support_began: {
      subject: '客服已进入您的组织',
      text: ({ organization, who }) =>
        `客服 ${who} 已按您的授权开始在“${organization}”中操作。您可以查看原因，或随时收回授权：`,
    },
  },
};

export function renderTeamNotice(
  notice: TeamNotice,
  locale: Locale,
  { names, link }: { names: Names; link: string },
): RenderedMail {
  const { subject, text } = notices[locale][notice];
  return render(locale, { subject, lines: [text(names)], link });
}

export interface InvitationFacts {
  organization: string;
  inviter: string;
  link: string;
}

export function renderInvitation(
  locale: Locale,
  { organization, inviter, link }: InvitationFacts,
): RenderedMail {
  if (locale === 'zh-CN') {
    return render(locale, {
      subject: '邀请您加入一个组织',
      lines: [
        `${inviter} 邀请您加入“${organization}”。请打开以下链接接受邀请：`,
        '链接在 7 天内有效，且只能使用一次。如果您不认识邀请人，请忽略此邮件。',
      ],
      link,
    });
  }
  return render(locale, {
    subject: 'You are invited to an organization',
    lines: [
      `${inviter} invites you to join “${organization}”. Open this link to accept:`,
      'The link works once, within seven days. If you do not know who this is, ignore this mail.',
    ],
    link,
  });
}

/** The link comes after the first line. */
function render(
  locale: Locale,
  { subject, lines, link }: { subject: string; lines: readonly string[]; link: string },
): RenderedMail {
  const [first = '', ...rest] = lines;
  const text = `${[first, link, ...rest].join('\n\n')}\n`;
  const html = [
    `<!doctype html><html lang="${locale}"><body>`,
    `<p>${escapeHtml(first)}</p>`,
    `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
    ...rest.map((line) => `<p>${escapeHtml(line)}</p>`),
    '</body></html>',
  ].join('\n');
  return { subject, text, html };
}
