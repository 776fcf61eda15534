import { type ReactNode, Suspense, use } from 'react';
import { IntlProvider, useMessages } from 'use-intl';
import type { Language } from '../../i18n/language.ts';
import type { Messages } from '../../i18n/translation.ts';
import { Loading } from '../../ui/Loading.tsx';
import { usePreferences } from '../preferences/PreferencesProvider.tsx';

interface WithWordsProps {
  /** Loads the page's own words; the same promise for the same language. */
  words: (language: Language) => Promise<Partial<Messages>>;
  children: ReactNode;
}

/** A page whose words come with it, and spare every other page the load. */
export function WithWords(props: WithWordsProps) {
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <Worded {...props} />
    </Suspense>
  );
}

function Worded({ words, children }: WithWordsProps) {
  const { language } = usePreferences();
  const messages = { ...useMessages(), ...use(words(language)) } as Messages;
  return (
    <IntlProvider locale={language} messages={messages}>
      {children}
    </IntlProvider>
  );
}
