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

/** Words of the audit log, for the portal's page; the console has them with its own. */
export const auditWords = once<Pick<Messages, 'audit'>>({
  en: async () => (await import('./en/audit.ts')).audit,
  'zh-CN': async () =>
    (await import('./zh-cn/audit.ts')).audit as Pick<Translation, 'audit'> as Pick<
      Messages,
      'audit'
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

function once<T>(loaders: Record<Language, () => Promise<T>>): (language: Language) => Promise<T> {
  const loaded = new Map<Language, Promise<T>>();
  return (language) => {
    const promise = loaded.get(language) ?? loaders[language]();
    loaded.set(language, promise);
    return promise;
  };
}
