import { BulbOutlined, GlobalOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslations } from 'use-intl';
import {
  type Appearance,
  appearances,
  usePreferences,
} from '../features/preferences/PreferencesProvider.tsx';
import { useChooseLanguage } from '../features/session/choose-language.ts';
import { type Language, languageNames, languages } from '../i18n/language.ts';

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
    <Dropdown
      autoFocus
      trigger={['click']}
      menu={{
        selectedKeys: [language],
        items: languages.map((key) => ({
          key,
          label: <span lang={key}>{languageNames[key]}</span>,
        })),
        onClick: ({ key }) => chooseLanguage(key as Language),
      }}
    >
      <Button type="text" icon={<GlobalOutlined />} aria-label={t('language')} />
    </Dropdown>
  );
}

function AppearanceMenu() {
  const t = useTranslations('layout');
  const { appearance, setAppearance } = usePreferences();
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      menu={{
        selectedKeys: [appearance],
        items: appearances.map((key) => ({ key, label: t(key) })),
        onClick: ({ key }) => setAppearance(key as Appearance),
      }}
    >
      <Button type="text" icon={<BulbOutlined />} aria-label={t('theme')} />
    </Dropdown>
  );
}
