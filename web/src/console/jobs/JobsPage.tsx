/** What takes long, as it goes on; and what runs by itself, as it last did. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { CallFilesPanel } from './CallFilesPanel.tsx';
import { OperationsPanel } from './OperationsPanel.tsx';
import { SchedulesPanel } from './SchedulesPanel.tsx';

const route = getRouteApi('/console/admin/jobs');

const tabs = ['operations', 'files', 'schedules'] as const;

export function JobsPage() {
  const t = useTranslations('console.jobs');
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <TabPanels
        label={t('title')}
        active={tabs.find((name) => name === tab) ?? 'operations'}
        onChange={(key) => void navigate({ search: { tab: key }, replace: true })}
        tabs={[
          { key: 'operations', label: t('operations'), panel: <OperationsPanel /> },
          { key: 'files', label: t('files.title'), panel: <CallFilesPanel /> },
          { key: 'schedules', label: t('schedules'), panel: <SchedulesPanel /> },
        ]}
      />
    </div>
  );
}
