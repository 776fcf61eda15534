import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  useTransition,
} from 'react';
import { type Language, languageOf, languages } from '../../i18n/language.ts';
import type { ColorScheme } from '../../ui/palette.ts';
import { applyPalette } from '../../ui/theme.ts';
import { readStored, writeStored } from './stored.ts';

export const appearances = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof appearances)[number];

interface Preferences {
  language: Language;
  appearance: Appearance;
  scheme: ColorScheme;
  /** Whether the language was picked here, rather than guessed from the browser. */
  isLanguageChosen: boolean;
  setLanguage: (language: Language) => void;
  setAppearance: (appearance: Appearance) => void;
}

const languageKey = 'sluice.language';
const appearanceKey = 'sluice.appearance';
const PreferencesContext = createContext<Preferences | undefined>(undefined);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => readStored(languageKey, languages));
  const [appearance, setAppearance] = useState(
    () => readStored(appearanceKey, appearances) ?? 'system',
  );
  const [, startTransition] = useTransition();
  const systemIsDark = useSyncExternalStore(watchSystem, isSystemDark);
  const scheme = appearance === 'system' ? (systemIsDark ? 'dark' : 'light') : appearance;
  const language = chosen ?? languageOf(navigator.languages);

  useLayoutEffect(() => applyPalette(scheme), [scheme]);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const preferences = useMemo(
    (): Preferences => ({
      language,
      appearance,
      scheme,
      isLanguageChosen: chosen !== undefined,
      setLanguage: (next) => {
        writeStored(languageKey, next);
        // The old language stays on screen until the new one is loaded.
        startTransition(() => setChosen(next));
      },
      setAppearance: (next) => {
        writeStored(appearanceKey, next);
        setAppearance(next);
      },
    }),
    [language, appearance, scheme, chosen],
  );
  return <PreferencesContext value={preferences}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (!preferences) throw new Error('usePreferences needs the PreferencesProvider above it.');
  return preferences;
}

const systemQuery = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = () => systemQuery.matches;

function watchSystem(onChange: () => void): () => void {
  systemQuery.addEventListener('change', onChange);
  return () => systemQuery.removeEventListener('change', onChange);
}
