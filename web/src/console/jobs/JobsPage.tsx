/** What takes long, as it goes on; and what runs by itself, as it last did. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { OperationsPanel } from './OperationsPanel.tsx';
import { SchedulesPanel } from './SchedulesPanel.tsx';

const route = getRouteApi('/console/admin/jobs');

export function JobsPage() {
  const t = useTranslations('console.jobs');
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <TabPanels
        label={t('title')}
        active={tab === 'schedules' ? 'schedules' : 'operations'}
        onChange={(key) => void navigate({ search: { tab: key }, replace: true })}
        tabs={[
          { key: 'operations', label: t('operations'), panel: <OperationsPanel /> },
          { key: 'schedules', label: t('schedules'), panel: <SchedulesPanel /> },
        ]}
      />
    </div>
  );
}
