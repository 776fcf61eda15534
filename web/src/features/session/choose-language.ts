import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../../api/call.ts';
import type { Language } from '../../i18n/language.ts';
import { usePreferences } from '../preferences/PreferencesProvider.tsx';
import { sessionQuery, useVisitor } from './session.ts';

/** Switches the app at once, and the language of the person's mails with it. */
export function useChooseLanguage(): (language: Language) => void {
  const { setLanguage } = usePreferences();
  const client = useQueryClient();
  const visitor = useVisitor();
  return (language) => {
    setLanguage(language);
    if (!visitor || visitor.user.locale === language) return;
    call('updateMe', { body: { locale: language } }).then(
      (me) => client.setQueryData(sessionQuery.queryKey, me),
      // The choice holds in this browser all the same; the account page shows what the mails use.
      () => undefined,
    );
  };
}

/** On a browser where nothing was picked, the account's language goes before the browser's. */
export function useLanguageOfAccount(): void {
  const { isLanguageChosen, setLanguage } = usePreferences();
  const locale = useVisitor()?.user.locale;
  useEffect(() => {
    if (locale && !isLanguageChosen) setLanguage(locale);
  }, [locale, isLanguageChosen, setLanguage]);
}
