import { Form, Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { appearances, usePreferences } from '../../features/preferences/PreferencesProvider.tsx';
import { useChooseLanguage } from '../../features/session/choose-language.ts';
import { languageNames, languages } from '../../i18n/language.ts';
import { Panel } from '../../ui/Panel.tsx';

/** Takes effect as it is chosen; there is nothing to save. */
export function PreferencesPanel() {
  const t = useTranslations('account');
  const tLayout = useTranslations('layout');
  const { language, appearance, setAppearance } = usePreferences();
  const chooseLanguage = useChooseLanguage();
  return (
    <Panel title={t('preferences')}>
      <Form layout="vertical">
        <Form.Item label={t('language')} extra={t('languageNote')}>
          <Radio.Group
            aria-label={t('language')}
            value={language}
            onChange={(event) => chooseLanguage(event.target.value)}
            options={languages.map((value) => ({ value, label: languageNames[value] }))}
          />
        </Form.Item>
        <Form.Item label={t('theme')}>
          <Radio.Group
            aria-label={t('theme')}
            value={appearance}
            onChange={(event) => setAppearance(event.target.value)}
            options={appearances.map((value) => ({ value, label: tLayout(value) }))}
          />
        </Form.Item>
      </Form>
    </Panel>
  );
}
