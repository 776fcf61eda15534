import { BulbOutlined, TranslationOutlined } from '@ant-design/icons';
import { useTranslations } from 'use-intl';
import {
  type Appearance,
  appearances,
  usePreferences,
} from '../features/preferences/PreferencesProvider.tsx';
import { useChooseLanguage } from '../features/session/choose-language.ts';
import { type Language, languageNames, languages } from '../i18n/language.ts';
import { MenuButton } from './MenuButton.tsx';

export function PreferencesMenus() {
  return (
    <>
      <LanguageMenu />
      <AppearanceMenu />
    </>
  );
}

function LanguageMenu() {
  const t = useTranslations('layout');
  const { language } = usePreferences();
  const chooseLanguage = useChooseLanguage();
  return (
    <MenuButton
      icon={<TranslationOutlined />}
      label={t('language')}
      menu={{
        selectedKeys: [language],
        items: languages.map((key) => ({
          key,
          label: <span lang={key}>{languageNames[key]}</span>,
        })),
        onClick: ({ key }) => chooseLanguage(key as Language),
      }}
    />
  );
}

function AppearanceMenu() {
  const t = useTranslations('layout');
  const { appearance, setAppearance } = usePreferences();
  return (
    <MenuButton
      icon={<BulbOutlined />}
      label={t('theme')}
      menu={{
        selectedKeys: [appearance],
        items: appearances.map((key) => ({ key, label: t(key) })),
        onClick: ({ key }) => setAppearance(key as Appearance),
      }}
    />
  );
}
