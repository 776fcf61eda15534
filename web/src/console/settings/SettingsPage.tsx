import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function SettingsPage() {
  const t = useTranslations('console.nav');
  return (
    <div className="page">
      <PageHeader title={t('settings')} />
    </div>
  );
}
