import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { IdentitiesPanel } from './IdentitiesPanel.tsx';
import { OrganizationPanel } from './OrganizationPanel.tsx';
import { PasswordPanel } from './PasswordPanel.tsx';
import { PreferencesPanel } from './PreferencesPanel.tsx';
import { ProfilePanel } from './ProfilePanel.tsx';

export function AccountPage() {
  const t = useTranslations('account');
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      <div className="columns">
        <ProfilePanel />
        <OrganizationPanel />
        <PreferencesPanel />
        <PasswordPanel />
        <IdentitiesPanel />
      </div>
    </div>
  );
}
