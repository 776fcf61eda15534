/** Mails that tell a person what happened at their account, in their language; whoever did it is not the only one to know. */
import { escapeHtml, type RenderedMail } from './mails.ts';
import type { Locale } from './people.ts';

export type NoticeKind =
  | 'new_device'
  | 'recovery_code_used'
  | 'totp_enabled'
  | 'totp_disabled'
  | 'second_factor_reset'
  | 'passkey_added'
  | 'passkey_removed'
  | 'password_changed'
  | 'email_changing'
  | 'account_deleted';

export interface NoticeFacts {
  at: Date;
  ip: string | null;
  /** In words: "Firefox · Windows". */
  device: string | null;
  /** What else is to be known, such as the name of a passkey or a new mail address. */
  detail?: string;
  /** An action that the person can take, and what its link is. */
  link?: string;
}

interface Wording {
  subject: string;
  happened: string;
  /** Names `detail`. */
  detail?: string;
  /** Names `link`. */
  action?: string;
  advice: string;
}

const adviceEnglish =
  'If this was not you, set a new password and end the other sessions on your account page at once.';
const adviceChinese = '如果这不是您本人的操作，请立即在账户页面修改密码，并结束其他会话。';

const wordings: Record<Locale, Record<NoticeKind, Wording>> = {
  en: {
    new_device: {
      subject: 'A new sign-in to your account',
      happened: 'Somebody signed in to your account from a device or address that is new to it.',
      advice: adviceEnglish,
    },
    recovery_code_used: {
      subject: 'A recovery code was used',
      happened: 'One of your recovery codes stood in for a code of your authenticator.',
      detail: 'Recovery codes left',
      advice: adviceEnglish,
    },
    totp_enabled: {
      subject: 'Two-step sign-in is on',
      happened: 'From now on your account asks for a code of your authenticator.',
      advice: adviceEnglish,
    },
    totp_disabled: {
      subject: 'Two-step sign-in is off',
      happened: 'Your account no longer asks for a code of your authenticator.',
      advice: adviceEnglish,
    },
    second_factor_reset: {
      subject: 'Your second factor was reset',
      happened:
        'An operator took the authenticator, the recovery codes and the passkeys off your account, and signed you out everywhere.',
      detail: 'Reason',
      advice:
        'Sign in with your password and set a second factor up again. If you did not ask for this, contact support.',
    },
    passkey_added: {
      subject: 'A passkey was added',
      happened: 'A passkey was added to your account; it signs in without a password.',
      detail: 'Passkey',
      advice: adviceEnglish,
    },
    passkey_removed: {
      subject: 'A passkey was removed',
      happened: 'A passkey of your account was removed; it signs in no more.',
      detail: 'Passkey',
      advice: adviceEnglish,
    },
    password_changed: {
      subject: 'Your password was changed',
      happened: 'Your password was changed, and every other session was ended.',
      advice: 'If this was not you, set a new password with "Forgot password" at once.',
    },
    email_changing: {
      subject: 'Your mail address was changed',
      happened: 'Your account now has another mail address.',
      detail: 'New address',
      action: 'Take the change back',
      advice:
        'If this was not you, open the link within seven days: this address comes back and every session ends. Then set a new password.',
    },
    account_deleted: {
      subject: 'Your account was deleted',
      happened: 'Your account was deleted. Invoices are kept as long as the law asks for it.',
      advice: 'Nobody can sign in with it any more.',
    },
  },
  'zh-CN': {
    new_device: {
      subject: '您的账户有新的登录',
      happened: '有人从新的设备或新的地址登录了您的账户。',
      advice: adviceChinese,
    },
    recovery_code_used: {
      subject: '恢复码已被使用',
      happened: '您的一个恢复码已代替验证器动态码使用。',
      detail: '剩余恢复码',
      advice: adviceChinese,
    },
    totp_enabled: {
      subject: '两步登录已开启',
      happened: '从现在起，登录您的账户需要验证器动态码。',
      advice: adviceChinese,
    },
    totp_disabled: {
      subject: '两步登录已关闭',
      happened: '登录您的账户不再需要验证器动态码。',
      advice: adviceChinese,
    },
    second_factor_reset: {
      subject: '您的第二重验证已被重置',
      happened: '运营人员已移除您账户的验证器、恢复码和通行密钥，并结束了您的全部会话。',
      detail: '原因',
      advice: '请用密码登录并重新设置第二重验证。如果这不是应您要求进行的，请联系客服。',
    },
    passkey_added: {
      subject: '已添加通行密钥',
      happened: '您的账户添加了一个通行密钥，可以不用密码登录。',
      detail: '通行密钥',
      advice: adviceChinese,
    },
    passkey_removed: {
      subject: '已移除通行密钥',
      happened: '您账户的一个通行密钥已被移除，不能再用于登录。',
      detail: '通行密钥',
      advice: adviceChinese,
    },
    password_changed: {
      subject: '您的密码已修改',
      happened: '您的密码已修改，其他会话均已结束。',
      advice: '如果这不是您本人的操作，请立即通过“忘记密码”设置新密码。',
    },
    email_changing: {
      subject: '您的邮箱地址已更改',
      happened: '您的账户已改用另一个邮箱地址。',
      detail: '新邮箱',
      action: '撤销更改',
      advice:
        '如果这不是您本人的操作，请在 7 天内打开该链接：此邮箱将恢复，所有会话将结束。之后请设置新密码。',
    },
    account_deleted: {
      subject: '您的账户已删除',
      happened: '您的账户已删除。发票将按法律要求的期限保留。',
      advice: '此后任何人都无法再用它登录。',
    },
  },
};

const labels: Record<Locale, { at: string; device: string; ip: string }> = {
  en: { at: 'Time', device: 'Device', ip: 'Address' },
  'zh-CN': { at: '时间', device: '设备', ip: '地址' },
};

export function renderNotice(
  kind: NoticeKind,
  person: { locale: Locale; name: string | null },
  facts: NoticeFacts,
): RenderedMail {
  const wording = wordings[person.locale][kind];
  const greeting = greet(person);
  const lines = factLines(person.locale, wording, facts);
  const { subject, happened, advice } = wording;
  const links =
    wording.action !== undefined && facts.link !== undefined
      ? [{ words: wording.action, url: facts.link }]
      : [];
  const text = [
    greeting,
    happened,
    lines.join('\n'),
    ...links.map(({ words, url }) => `${words}: ${url}`),
    advice,
  ].join('\n\n');
  const html = [
    `<!doctype html><html lang="${person.locale}"><body>`,
    `<p>${escapeHtml(greeting)}</p>`,
    `<p>${escapeHtml(happened)}</p>`,
    `<p>${lines.map(escapeHtml).join('<br>')}</p>`,
    ...links.map(
      ({ words, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(words)}</a></p>`,
    ),
    `<p>${escapeHtml(advice)}</p>`,
    '</body></html>',
  ].join('\n');
  return { subject, text: `${text}\n`, html };
}

function greet({ locale, name }: { locale: Locale; name: string | null }): string {
  if (locale === 'en') return name === null ? 'Hello,' : `Hello ${name},`;
  return name === null ? '您好：' : `${name}，您好：`;
}

function factLines(locale: Locale, wording: Wording, facts: NoticeFacts): string[] {
  const label = labels[locale];
  const colon = locale === 'en' ? ': ' : '：';
  const lines = [`${label.at}${colon}${facts.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`];
  if (facts.device !== null) lines.push(`${label.device}${colon}${facts.device}`);
  if (facts.ip !== null) lines.push(`${label.ip}${colon}${facts.ip}`);
  if (wording.detail !== undefined && facts.detail !== undefined) {
    lines.push(`${wording.detail}${colon}${facts.detail}`);
  }
  return lines;
}
