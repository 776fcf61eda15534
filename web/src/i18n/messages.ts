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

function once<T>(loaders: Record<Language, () => Promise<T>>): (language: Language) => Promise<T> {
  const loaded = new Map<Language, Promise<T>>();
  return (language) => {
    const promise = loaded.get(language) ?? loaders[language]();
    loaded.set(language, promise);
    return promise;
  };
}
