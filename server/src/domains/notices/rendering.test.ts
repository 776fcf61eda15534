/** Every happening that is told, by every way, in every language: what readers see stands in `rendered/`. */
import type { HappeningData } from '@sluice/contract/happenings';
import type { NoticeChannel } from '@sluice/contract/organization-settings';
import { describe, expect, it } from 'vitest';
import { alertMail } from '../alerts/core/mail.ts';
import { renderNotice } from '../identity/core/notices.ts';
import { renderTeamNotice } from '../identity/core/team-mails.ts';
import type { Invoice } from '../invoicing/core/invoice.ts';
import { autoTopUpOffMail, payLinkMail } from '../invoicing/core/mails.ts';
import { quoteMail } from '../subscriptions/core/quote-mail.ts';
import { told } from './core/happenings.ts';
import { type Locale, say, type ToldName } from './core/wording.ts';
import type { Message } from './provider.ts';
import { mailOf } from './providers/mail/render.ts';
import { telegramText } from './providers/telegram/render.ts';
import { wecomMarkdown } from './providers/wecom/render.ts';

const site = 'https://sluice.example';
const organization = 'Analytical <Engines>';
const timeZone = 'Asia/Shanghai';

const money = { amount: '30.00', currency: 'USD' };
const payment = { payment: 'pay_1', invoice: 'inv_1', provider: 'credit', ...money };
const invoice = {
  ...money,
  invoice: 'inv_1',
  kind: 'manual',
  due_at: '2026-03-01T16:00:00.000Z',
} as const;
const plan = {
  ...{ subscription: 'sub_1', plan: 'Pro [team]', status: 'active', ...money },
  current_period_end: '2026-03-31T16:00:00.000Z',
};
const pack = { package: 'opk_1', name: 'Starter', ends_at: '2026-03-04T02:30:00.000Z' };
const allowance = {
  ...{ package: 'opk_1', name: 'Starter', allowance: '5.00', currency: 'USD' },
  resets_at: '2026-03-04T16:00:00.000Z',
};

const samples: { [N in ToldName]: HappeningData<N> } = {
  'payment.succeeded': payment,
  'payment.failed': { ...payment, code: 'card_declined', automatic: false },
  'refund.succeeded': { refund: 'ref_1', payment: 'pay_1', invoice: 'inv_1', ...money },
  'invoice.payment_requested': invoice,
  'invoice.overdue': invoice,
  'subscription.created': plan,
  'subscription.trial_ending': plan,
  'subscription.renewing': plan,
  'subscription.renewed': plan,
  'subscription.changed': plan,
  'subscription.ending': plan,
  'subscription.canceled': plan,
  'subscription.ended': plan,
  'subscription.paused': plan,
  'subscription.overdue': plan,
  'subscription.suspended': plan,
  'subscription.restored': plan,
  'package.activated': pack,
  'package.ending': pack,
  'wallet.low': { balance: '4.20', threshold: '5.00', currency: 'USD' },
  'wallet.auto_top_up_off': { ...money, code: 'card_declined' },
  'allowance.nearly_used': { ...allowance, remaining: '0.90' },
  'allowance.used_up': { ...allowance, remaining: '0.00' },
  'quota.exceeded': {
    ...{ quota: 'quo_1', meter: 'requests', subject: { kind: 'organization', id: 'org_1' } },
    ...{ window: 'month', limit: '10000', used: '10000', hard: true },
    resets_at: '2026-03-31T16:00:00.000Z',
  },
  'usage.anomaly_found': {
    ...{ measure: 'cost', value: '90.00', expected: '10.00', currency: 'USD' },
    ...{ starts_at: '2026-03-04T02:00:00.000Z', ends_at: '2026-03-04T03:00:00.000Z' },
  },
  'quote.sent': { quote: 'quo_1', plan: 'Enterprise' },
  'api_key.expiring': {
    ...{ api_key: 'key_1', name: 'Production', expires_at: '2026-03-11T02:30:00.000Z' },
  },
  'members.changed': { change: 'left' },
  'security.changed': { change: 'support_began' },
  'device.new': { device: 'Firefox · Linux', ip: '203.0.113.7' },
};

const names = Object.keys(told) as ToldName[];

function messageOf(name: ToldName, locale: Locale): Message & { path: string } {
  const { title, text, action, path } = say({ name, data: samples[name] }, { locale, timeZone });
  return { title, text, path, organization, link: { words: action, url: `${site}${path}` } };
}

const ways: Record<NoticeChannel, (name: ToldName, locale: Locale) => string> = {
  app(name, locale) {
    const { title, text, path } = messageOf(name, locale);
    return [title, text, `→ ${path}`].join('\n');
  },
  mail(name, locale) {
    const { subject, text } =
      mailedElsewhere[name]?.(locale) ?? mailOf(messageOf(name, locale), locale);
    return `${subject}\n\n${text}`;
  },
  telegram: (name, locale) => telegramText(messageOf(name, locale)),
  wecom: (name, locale) => wecomMarkdown(messageOf(name, locale)),
};

type Mailed = (locale: Locale) => { subject: string; text: string };

const due = { minor: 3000n, currency: 'USD' };
const asked = {
  ...{ number: 'INV-2026-0007', status: 'open', seller: { name: 'Sluice Inc.' }, total: due },
  ...{ creditAppliedMinor: 0n, creditedDueMinor: 0n },
  ...{ issuedAt: new Date('2026-02-15T02:30:00Z'), dueAt: new Date('2026-03-01T16:00:00Z') },
} as unknown as Invoice;

/** As those write them who announce it: with the way to pay, or who it was. */
const mailedElsewhere: Partial<Record<ToldName, Mailed>> = {
  'invoice.payment_requested': (locale) =>
    payLinkMail(asked, { locale, timeZone, link: `${site}/pay/plk_1` }),
  'wallet.auto_top_up_off': (locale) =>
    autoTopUpOffMail({
      ...{ locale, link: `${site}/billing`, seller: 'Sluice Inc.', amount: due },
      reason: 'card_declined',
    }),
  'usage.anomaly_found': (locale) =>
    alertMail({
      ...{ locale, name: organization, when: '2026-03-04 02:00 UTC', span: 'hour' },
      ...{
        value: { amount: '90.00 USD' },
        expected: { amount: '10.00 USD' },
        link: `${site}/usage`,
      },
    }),
  'quote.sent': (locale) =>
    quoteMail(locale, {
      link: `${site}/billing/quotes/quo_1`,
      params: { plan: 'Enterprise', until: '2026-03-31' },
    }),
  'members.changed': (locale) =>
    renderTeamNotice('member_left', locale, {
      ...{ names: { organization, who: 'Ada' }, link: `${site}/members` },
    }),
  'security.changed': (locale) =>
    renderTeamNotice('support_began', locale, {
      ...{ names: { organization, who: 'Grace' }, link: `${site}/organization?tab=support` },
    }),
  'device.new': (locale) =>
    renderNotice(
      'new_device',
      { locale, name: 'Ada' },
      {
        ...{ at: new Date('2026-03-04T02:30:00Z'), device: 'Firefox · Linux', ip: '203.0.113.7' },
      },
    ),
};

describe.each(['en', 'zh-CN'] as const)('in %s', (locale) => {
  it.each(Object.keys(ways) as NoticeChannel[])('every happening reads well by %s', async (way) => {
    const all = names.map((name) => `── ${name}\n${ways[way](name, locale).trim()}\n`);
    await expect(all.join('\n')).toMatchFileSnapshot(`./rendered/${way}.${locale}.txt`);
  });

  it('nothing stays to be filled in, and every notice leads to a page', () => {
    for (const name of names) {
      const { title, text, path } = messageOf(name, locale);
      expect([name, title, text].join(' ')).not.toMatch(/[{}]|undefined/);
      expect(path).toMatch(/^\/[a-z]/);
    }
  });
});

describe('who mails a happening', () => {
  it('is one of two, never both', () => {
    const elsewhere = names.filter((name) => told[name].isMailedElsewhere);
    expect(elsewhere.sort()).toEqual(Object.keys(mailedElsewhere).sort());
  });
});
