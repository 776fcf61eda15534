import { useTranslations } from 'use-intl';
import { WithWords } from '../../features/words/WithWords.tsx';
import { securityWords } from '../../i18n/messages.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { DataPanel } from './DataPanel.tsx';
import { EmailPanel } from './EmailPanel.tsx';
import { IdentitiesPanel } from './IdentitiesPanel.tsx';
import { PasskeysPanel } from './PasskeysPanel.tsx';
import { PasswordPanel } from './PasswordPanel.tsx';
import { PreferencesPanel } from './PreferencesPanel.tsx';
import { ProfilePanel } from './ProfilePanel.tsx';
import { SessionsPanel } from './SessionsPanel.tsx';
import { TotpPanel } from './TotpPanel.tsx';

export function AccountPage() {
  const t = useTranslations('account');
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      <div className="columns">
        <ProfilePanel />
        <PreferencesPanel />
      </div>
      <WithWords words={securityWords}>
        <div className="columns">
          <EmailPanel />
          <PasswordPanel />
          <TotpPanel />
        </div>
        <PasskeysPanel />
        <SessionsPanel />
        <DataPanel />
      </WithWords>
      <IdentitiesPanel />
    </div>
  );
}
