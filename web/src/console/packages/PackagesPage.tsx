import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function PackagesPage() {
  const t = useTranslations('console.nav');
  return (
    <div className="page">
      <PageHeader title={t('packages')} />
    </div>
  );
}
