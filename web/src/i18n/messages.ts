import type { Locale as AntLocale } from 'antd/es/locale';
import type { Language } from './language.ts';
import type { Messages, Translation } from './translation.ts';

declare module 'use-intl' {
  interface AppConfig {
    Locale: Language;
    Messages: Messages;
  }
}

export interface LanguagePack {
  /** Without the console's, which `consoleMessages` adds below the console's frame. */
  messages: Messages;
  ant: AntLocale;
}

/** Each language is its own chunk, loaded once. */
export const languagePack = once<LanguagePack>({
  en: async () => {
    const [words, ant] = await Promise.all([
      import('./en/everywhere.ts'),
      import('antd/es/locale/en_US'),
    ]);
    return { messages: words.everywhere as Messages, ant: ant.default };
  },
  'zh-CN': async () => {
    const [words, ant] = await Promise.all([
      import('./zh-cn/everywhere.ts'),
      import('antd/es/locale/zh_CN'),
    ]);
    return { messages: words.everywhere as Partial<Translation> as Messages, ant: ant.default };
  },
});

/** All messages, for the pages of the console. */
export const consoleMessages = once<Messages>({
  en: async () => (await import('./en.ts')).default,
  'zh-CN': async () => (await import('./zh-cn.ts')).default as Translation as Messages,
});

/** Words of an organization's people and settings, for their pages. */
export const teamWords = once<Pick<Messages, 'teams'>>({
  en: async () => (await import('./en/teams.ts')).teams,
  'zh-CN': async () =>
    (await import('./zh-cn/teams.ts')).teams as Pick<Translation, 'teams'> as Pick<
      Messages,
      'teams'
    >,
});

/** Words of signing in through others: for the sign-in page, the account and an organization's security. */
export const ssoWords = once<Pick<Messages, 'sso'>>({
  en: async () => (await import('./en/sso.ts')).sso,
  'zh-CN': async () =>
    (await import('./zh-cn/sso.ts')).sso as Pick<Translation, 'sso'> as Pick<Messages, 'sso'>,
});

/** Words of redeeming a code, with its form. */
export const redeemWords = once<Pick<Messages, 'redeem'>>({
  en: async () => (await import('./en/redeem.ts')).redeem,
  'zh-CN': async () =>
    (await import('./zh-cn/redeem.ts')).redeem as Pick<Translation, 'redeem'> as Pick<
      Messages,
      'redeem'
    >,
});

/** Words of the models' own page. */
export const catalogueWords = once<Pick<Messages, 'catalogue'>>({
  en: async () => (await import('./en/catalogue.ts')).catalogue,
  'zh-CN': async () =>
    (await import('./zh-cn/catalogue.ts')).catalogue as Pick<Translation, 'catalogue'> as Pick<
      Messages,
      'catalogue'
    >,
});

/** Words of notices, for their page and an organization's settings. */
export const noticeWords = once<Pick<Messages, 'notices'>>({
  en: async () => (await import('./en/notices.ts')).notices,
  'zh-CN': async () =>
    (await import('./zh-cn/notices.ts')).notices as Pick<Translation, 'notices'> as Pick<
      Messages,
      'notices'
    >,
});

/** Words of the audit log, for the portal's page; the console has them with its own. */
export const auditWords = once<Pick<Messages, 'audit'>>({
  en: async () => (await import('./en/audit.ts')).audit,
  'zh-CN': async () =>
    (await import('./zh-cn/audit.ts')).audit as Pick<Translation, 'audit'> as Pick<
      Messages,
      'audit'
    >,
});

/** Words of trying a model. */
export const playgroundWords = once<Pick<Messages, 'playground'>>({
  en: async () => (await import('./en/playground.ts')).playground,
  'zh-CN': async () =>
    (await import('./zh-cn/playground.ts')).playground as Pick<Translation, 'playground'> as Pick<
      Messages,
      'playground'
    >,
});

/** Words of inviting others, for their page. */
export const growthWords = once<Pick<Messages, 'growth'>>({
  en: async () => (await import('./en/growth.ts')).growth,
  'zh-CN': async () =>
    (await import('./zh-cn/growth.ts')).growth as Pick<Translation, 'growth'> as Pick<
      Messages,
      'growth'
    >,
});

/** Words of the status page. */
export const statusWords = once<Pick<Messages, 'status'>>({
  en: async () => (await import('./en/status.ts')).status,
  'zh-CN': async () =>
    (await import('./zh-cn/status.ts')).status as Pick<Translation, 'status'> as Pick<
      Messages,
      'status'
    >,
});

/** Words of support that a customer lets in. */
export const supportWords = once<Pick<Messages, 'support'>>({
  en: async () => (await import('./en/support.ts')).support,
  'zh-CN': async () =>
    (await import('./zh-cn/support.ts')).support as Pick<Translation, 'support'> as Pick<
      Messages,
      'support'
    >,
});

/** Words of signing in beyond a password, for the account’s own pages. */
export const securityWords = once<Pick<Messages, 'security'>>({
  en: async () => (await import('./en/security.ts')).security,
  'zh-CN': async () =>
    (await import('./zh-cn/security.ts')).security as Pick<Translation, 'security'> as Pick<
      Messages,
      'security'
    >,
});

/** Words of what is spent by whom, for the pages of costs and of keys. */
export const costWords = once<Pick<Messages, 'costs' | 'costCenters'>>({
  en: async () => (await import('./en/costs.ts')).costs,
  'zh-CN': async () =>
    (await import('./zh-cn/costs.ts')).costs as Pick<Translation, 'costs' | 'costCenters'> as Pick<
      Messages,
      'costs' | 'costCenters'
    >,
});

/** Words of receipts, for the pages of calls. */
export const receiptWords = once<Pick<Messages, 'receipt'>>({
  en: async () => (await import('./en/receipt.ts')).receipt,
  'zh-CN': async () =>
    (await import('./zh-cn/receipt.ts')).receipt as Pick<Translation, 'receipt'> as Pick<
      Messages,
      'receipt'
    >,
});

/** Words of fapiao, for their pages and an invoice’s. */
export const fapiaoWords = once<Pick<Messages, 'fapiao'>>({
  en: async () => (await import('./en/fapiao.ts')).fapiao,
  'zh-CN': async () =>
    (await import('./zh-cn/fapiao.ts')).fapiao as Pick<Translation, 'fapiao'> as Pick<
      Messages,
      'fapiao'
    >,
});

/** Words of quotes and their terms, for the pages that a term may bind. */
export const quoteWords = once<Pick<Messages, 'quotes'>>({
  en: async () => (await import('./en/quotes.ts')).quotes,
  'zh-CN': async () =>
    (await import('./zh-cn/quotes.ts')).quotes as Pick<Translation, 'quotes'> as Pick<
      Messages,
      'quotes'
    >,
});

/** Words of webhooks, for their pages. */
export const webhookWords = once<Pick<Messages, 'webhooks'>>({
  en: async () => (await import('./en/webhooks.ts')).webhooks,
  'zh-CN': async () =>
    (await import('./zh-cn/webhooks.ts')).webhooks as Pick<Translation, 'webhooks'> as Pick<
      Messages,
      'webhooks'
    >,
});

/** Words of buying a plan, for its page. */
export const subscribeWords = once<Pick<Messages, 'subscribe'>>({
  en: async () => (await import('./en/subscribe.ts')).subscribe,
  'zh-CN': async () =>
    (await import('./zh-cn/subscribe.ts')).subscribe as Pick<Translation, 'subscribe'> as Pick<
      Messages,
      'subscribe'
    >,
});

function once<T>(loaders: Record<Language, () => Promise<T>>): (language: Language) => Promise<T> {
  const loaded = new Map<Language, Promise<T>>();
  return (language) => {
    const promise = loaded.get(language) ?? loaders[language]();
    loaded.set(language, promise);
    return promise;
  };
}
