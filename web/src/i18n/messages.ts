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
  messages: Messages;
  ant: AntLocale;
}

const loaders: Record<Language, () => Promise<LanguagePack>> = {
  en: async () => {
    const [messages, ant] = await Promise.all([import('./en.ts'), import('antd/es/locale/en_US')]);
    return { messages: messages.default, ant: ant.default };
  },
  'zh-CN': async () => {
    const [messages, ant] = await Promise.all([
      import('./zh-cn.ts'),
      import('antd/es/locale/zh_CN'),
    ]);
    return { messages: messages.default as Translation as Messages, ant: ant.default };
  },
};

const packs = new Map<Language, Promise<LanguagePack>>();

/** Each language is its own chunk, loaded once. */
export function languagePack(language: Language): Promise<LanguagePack> {
  const pack = packs.get(language) ?? loaders[language]();
  packs.set(language, pack);
  return pack;
}
