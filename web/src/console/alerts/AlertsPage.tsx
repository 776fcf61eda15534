/** What operators are told of, what is firing now, and what fired before. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { EditRule, NewRule } from './RuleDrawer.tsx';
import { RulesTab } from './RulesTab.tsx';

const route = getRouteApi('/console/admin/alerts');
const tabs = ['rules', 'history'] as const;
/** What `edit` says in the address while a rule is being added. */
const isNew = 'new';
const refreshEveryMs = 30_000;

export function AlertsPage() {
  const t = useTranslations('console.alertRules');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const rules = useQuery({ ...reading('listAlertRules', {}), refetchInterval: refreshEveryMs });
  const active = tabs.find((tab) => tab === search.tab) ?? 'rules';
  const go = (next: { edit?: string; tab?: string; rule?: string }) =>
    void navigate({ search: { tab: active, ...next }, replace: true });
  const rows = rules.data?.data ?? [];
  const edited = rows.find(({ id }) => id === search.edit);
  const create = (
    <AllowedButton operation="createAlertRule" type="primary" onClick={() => go({ edit: isNew })}>
      {t('add')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      {rules.error && !rules.data && (
        <Failure error={rules.error} onRetry={() => void rules.refetch()} />
      )}
      {rules.isPending && <Loading rows={8} />}
      {rules.data && (
        <TabPanels
          label={t('tabsLabel')}
          active={active}
          onChange={(tab) => go({ tab })}
          tabs={[
            {
              key: 'rules',
              label: t('tabs.rules'),
              panel: <RulesTab rules={rows} onEdit={(edit) => go({ edit })} />,
            },
            {
              key: 'history',
              label: t('tabs.history'),
              panel: <HistoryTab rules={rows} rule={search.rule} onRule={(rule) => go({ rule })} />,
            },
          ]}
        />
      )}
      {search.edit === isNew && <NewRule onClose={() => go({})} />}
      {edited && <EditRule key={edited.id} rule={edited} onClose={() => go({})} />}
    </div>
  );
}
