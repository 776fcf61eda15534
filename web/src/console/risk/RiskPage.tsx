/** The queue of flagged customers, alerts of usage, and the rules behind the flags. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { AlertsTab } from './AlertsTab.tsx';
import { QueueTab } from './QueueTab.tsx';
import { RulesTab } from './RulesTab.tsx';

const route = getRouteApi('/console/admin/risk');
const tabs = ['queue', 'alerts', 'rules'] as const;

export function RiskPage() {
  const t = useTranslations('console.risk');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const active = tabs.find((tab) => tab === search.tab) ?? 'queue';
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <TabPanels
        label={t('tabsLabel')}
        active={active}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={[
          { key: 'queue', label: t('tabs.queue'), panel: <QueueTab /> },
          { key: 'alerts', label: t('tabs.alerts'), panel: <AlertsTab /> },
          { key: 'rules', label: t('tabs.rules'), panel: <RulesTab /> },
        ]}
      />
    </div>
  );
}
