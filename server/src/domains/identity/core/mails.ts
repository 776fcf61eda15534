/** The wording of the mails that identity sends, in the person's language; no file, no image, nothing fetched. */
import type { Locale } from './people.ts';

export type MailKind =
  | 'verify_email'
  | 'reset_password'
  | 'new_password'
  | 'open_account'
  | 'change_email';

interface Wording {
  subject: string;
  greeting: (name: string | null) => string;
  before: string;
  action: string;
  after: string;
}

const wordings: Record<Locale, Record<MailKind, Wording>> = {
  en: {
    verify_email: {
      subject: 'Confirm your mail address',
      greeting: greetEnglish,
      before: 'Open this link to confirm that this mail address is yours:',
      action: 'Confirm the address',
      after: 'The link works once, within 24 hours. If you did not sign up, ignore this mail.',
    },
    reset_password: {
      subject: 'Set a new password',
      greeting: greetEnglish,
      before: 'Open this link to set a new password:',
      action: 'Set a new password',
      after:
        'The link works once, within one hour. If you did not ask for it, ignore this mail: your password stays as it is.',
    },
    new_password: {
      subject: 'Set a new password',
      greeting: greetEnglish,
      before:
        'Your mail address is yours again, and your old password opens nothing any more. Open this link to set a new one:',
      action: 'Set a new password',
      after: 'The link works once, within 24 hours. Where you sign in, you can ask for another.',
    },
    change_email: {
      subject: 'Confirm your new mail address',
      greeting: greetEnglish,
      before: 'Open this link to use this mail address for your account from now on:',
      action: 'Use this address',
      after:
        'The link works once, within 24 hours. If you did not ask for it, ignore this mail: nothing changes.',
    },
    open_account: {
      subject: 'Your account',
      greeting: greetEnglish,
      before:
        'Something was bought for this mail address. Open this link to choose a password; what was bought is in your account once it is paid:',
      action: 'Choose a password',
      after:
        'The link works once, within seven days; after that, ask for a new one where you sign in. If this was not you, ignore this mail.',
    },
  },
  'zh-CN': {
    verify_email: {
      subject: '确认您的邮箱地址',
      greeting: greetChinese,
      before: '请打开以下链接，确认此邮箱地址属于您：',
      action: '确认邮箱',
      after: '链接在 24 小时内有效，且只能使用一次。如果您没有注册，请忽略此邮件。',
    },
    reset_password: {
      subject: '设置新密码',
      greeting: greetChinese,
      before: '请打开以下链接，设置新密码：',
      action: '设置新密码',
      after:
        '链接在 1 小时内有效，且只能使用一次。如果这不是您本人的操作，请忽略此邮件，您的密码不会改变。',
    },
    new_password: {
      subject: '设置新密码',
      greeting: greetChinese,
      before: '您的邮箱地址已恢复，原密码已失效。请打开以下链接，设置新密码：',
      action: '设置新密码',
      after: '链接在 24 小时内有效，且只能使用一次；过期后可在登录页面重新获取。',
    },
    change_email: {
      subject: '确认您的新邮箱地址',
      greeting: greetChinese,
      before: '请打开以下链接，确认以后使用此邮箱登录您的账户：',
      action: '使用此邮箱',
      after: '链接在 24 小时内有效，且只能使用一次。如果这不是您本人的操作，请忽略此邮件。',
    },
    open_account: {
      subject: '您的账户',
      greeting: greetChinese,
      before: '有人为此邮箱购买了服务。请打开以下链接设置密码，付款完成后即可在账户中使用：',
      action: '设置密码',
      after:
        '链接在 7 天内有效，且只能使用一次；过期后可在登录页面重新获取。如果这不是您本人的操作，请忽略此邮件。',
    },
  },
};

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export function renderMail(
  kind: MailKind,
  person: { locale: Locale; name: string | null },
  link: string,
): RenderedMail {
  const wording = wordings[person.locale][kind];
  const greeting = wording.greeting(person.name);
  const { subject, before, action, after } = wording;
  const text = `${greeting}\n\n${before}\n\n${link}\n\n${after}\n`;
  const html = [
    `<!doctype html><html lang="${person.locale}"><body>`,
    `<p>${escapeHtml(greeting)}</p>`,
    `<p>${escapeHtml(before)}</p>`,
    `<p><a href="${escapeHtml(link)}">${escapeHtml(action)}</a></p>`,
    `<p>${escapeHtml(link)}</p>`,
    `<p>${escapeHtml(after)}</p>`,
    '</body></html>',
  ].join('\n');
  return { subject, text, html };
}

function greetEnglish(name: string | null): string {
  return name === null ? 'Hello,' : `Hello ${name},`;
}

function greetChinese(name: string | null): string {
  return name === null ? '您好：' : `${name}，您好：`;
}

/** Names are what people chose: none of them becomes markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
