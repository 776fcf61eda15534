/** What a notice says, in the reader's language, and the page that settles it. The same words go every way. */
import type { HappeningData, HappeningName } from '@sluice/contract/happenings';
import { dayOf } from '../../../platform/time.ts';
import { english } from './words-en.ts';
import { chinese } from './words-zh-cn.ts';

export type Locale = 'en' | 'zh-CN';

/** Happenings of which webhooks alone tell have no words. */
type Untold = 'invoice.issued' | 'invoice.paid' | 'invoice.voided' | 'credit_note.issued';

export type ToldName = Exclude<HappeningName, Untold>;

export type Words = Record<ToldName, { title: string; text: string; action: string }>;

export interface Said {
  title: string;
  text: string;
  /** What the link to the page says. */
  action: string;
  /** On this server. */
  path: string;
}

export interface Happened {
  name: ToldName;
  data: object;
}

/** Days and times are those of the organization's zone. */
export function say(
  { name, data }: Happened,
  { locale, timeZone }: { locale: Locale; timeZone: string },
): Said {
  const { title, text, action } = (locale === 'zh-CN' ? chinese : english)[name];
  const describe = facts[name] as (data: object, tongue: Tongue) => Facts;
  const { path, ...params } = describe(data, { locale, timeZone });
  const fill = (words: string) =>
    words.replace(/\{(\w+)\}/g, (_all, key: string) => params[key] ?? '');
  return { title: fill(title), text: fill(text), action, path };
}

interface Tongue {
  locale: Locale;
  timeZone: string;
}

type Facts = { path: string } & Record<string, string>;

const money = ({ amount, currency }: { amount: string; currency: string }) =>
  `${amount} ${currency}`;

const invoicePage = (invoice: string | null) =>
  invoice === null ? '/billing' : `/billing/invoices/${invoice}`;

const facts: { [N in ToldName]: (data: HappeningData<N>, tongue: Tongue) => Facts } = {
  'payment.succeeded': (data) => ({ amount: money(data), path: invoicePage(data.invoice) }),
  'payment.failed': (data) => ({ amount: money(data), path: invoicePage(data.invoice) }),
  'refund.succeeded': (data) => ({ amount: money(data), path: invoicePage(data.invoice) }),
  'invoice.payment_requested': ofInvoice,
  'invoice.overdue': ofInvoice,
  'subscription.created': ofPlan('/billing/subscription'),
  'subscription.trial_ending': ofPlan('/billing/subscription'),
  'subscription.renewing': ofPlan('/billing/subscription'),
  'subscription.renewed': ofPlan('/billing/subscription'),
  'subscription.changed': ofPlan('/billing/subscription'),
  'subscription.ending': ofPlan('/billing/subscription'),
  'subscription.canceled': ofPlan('/billing/subscription'),
  'subscription.ended': ofPlan('/plans'),
  'subscription.paused': ofPlan('/billing/subscription'),
  'subscription.overdue': ofPlan('/billing/invoices'),
  'subscription.suspended': ofPlan('/billing/invoices'),
  'subscription.restored': ofPlan('/billing/subscription'),
  'package.activated': ({ name, ends_at }, tongue) => ({
    ...{ name, end: day(ends_at, tongue), path: '/dashboard' },
  }),
  'package.ending': ({ name, ends_at }, tongue) => ({
    ...{ name, end: day(ends_at, tongue), path: '/packages' },
  }),
  'wallet.low': ({ balance, threshold, currency }) => ({
    balance: money({ amount: balance, currency }),
    threshold: money({ amount: threshold, currency }),
    path: '/billing',
  }),
  'wallet.auto_top_up_off': (data) => ({ amount: money(data), path: '/billing' }),
  'allowance.nearly_used': ofAllowance,
  'allowance.used_up': ofAllowance,
  'quota.exceeded': ({ meter, limit, used, window, hard }, { locale }) => {
    const words = quotaWords[locale];
    const consequence = hard ? words.refused : words.passed;
    return { meter, limit, used, window: words.windows[window], consequence, path: '/quotas' };
  },
  'usage.anomaly_found': ({ value, expected, currency, starts_at }, tongue) => {
    const shown = (amount: string) =>
      currency === null ? callWords[tongue.locale](amount) : money({ amount, currency });
    const from = minute(starts_at, tongue);
    return { from, value: shown(value), expected: shown(expected), path: '/usage' };
  },
  'quote.sent': ({ quote, plan }) => ({ plan, path: `/billing/quotes/${quote}` }),
  'api_key.expiring': ({ name, expires_at }, tongue) => ({
    ...{ name, expires: minute(expires_at, tongue), path: '/keys' },
  }),
  'members.changed': ({ change }, { locale }) => ({
    ...{ change: changeWords[locale][change], path: '/members' },
  }),
  'security.changed': ({ change }, { locale }) => ({
    change: changeWords[locale][change],
    path: `/organization?tab=${change === 'support_began' ? 'support' : 'security'}`,
  }),
  'device.new': ({ device, ip }) => ({
    ...{ place: [device, ip].filter(Boolean).join(', ') || '–', path: '/account' },
  }),
};

function ofInvoice(data: HappeningData<'invoice.overdue'>, tongue: Tongue): Facts {
  const due = data.due_at === null ? '–' : day(data.due_at, tongue);
  return { amount: money(data), due, path: invoicePage(data.invoice) };
}

function ofPlan(path: string) {
  return (data: HappeningData<'subscription.renewed'>, tongue: Tongue): Facts => ({
    ...{ plan: data.plan, amount: money(data), end: day(data.current_period_end, tongue), path },
  });
}

function ofAllowance(data: HappeningData<'allowance.used_up'>, tongue: Tongue): Facts {
  const { name, allowance, remaining, currency, resets_at } = data;
  return {
    name,
    allowance: money({ amount: allowance, currency }),
    remaining: money({ amount: remaining, currency }),
    resets: minute(resets_at, tongue),
    path: '/packages',
  };
}

function day(at: string, { timeZone }: Tongue): string {
  return dayOf(new Date(at), timeZone);
}

function minute(at: string, { timeZone }: Tongue): string {
  const time = new Date(at).toLocaleTimeString('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit' },
  });
  return `${dayOf(new Date(at), timeZone)} ${time}`;
}

const quotaWords = {
  en: {
    refused: 'Calls beyond it are refused until it begins anew.',
    passed: 'What goes beyond it is charged.',
    windows: {
      ...{ minute: 'by the minute', hour: 'by the hour', day: 'by the day' },
      ...{ month: 'by the month', year: 'by the year', lifetime: 'from the beginning' },
    },
  },
  'zh-CN': {
    refused: '重置之前，超出的调用将被拒绝。',
    passed: '超出部分将另行计费。',
    windows: {
      ...{
        minute: '每分钟',
        hour: '每小时',
        day: '每日',
        month: '每月',
        year: '每年',
        lifetime: '累计',
      },
    },
  },
} as const;

const callWords = {
  en: (count: string) => `${count} calls`,
  'zh-CN': (count: string) => `${count} 次调用`,
};

const changeWords = {
  en: {
    joined: 'Somebody has joined your organization.',
    left: 'Somebody has left your organization. API keys that they made go on working: see whether you still need them.',
    handed_over: 'Your organization has another owner.',
    changed: 'What your organization asks of its members’ sessions was changed.',
    lifted:
      'An operator lifted what your organization asked of its members’ sessions. Set it anew.',
    support_began: 'Support began to act in your organization, as you have allowed.',
  },
  'zh-CN': {
    joined: '有新成员加入了您的组织。',
    left: '有成员离开了您的组织。其创建的 API 密钥仍然有效，请确认是否还需要。',
    handed_over: '您的组织更换了所有者。',
    changed: '组织对成员登录会话的要求已更改。',
    lifted: '运营人员已解除组织对成员登录会话的要求，请重新设置。',
    support_began: '客服已按您的授权开始在您的组织中操作。',
  },
} as const;
