import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { type GroupSum, sumGroups } from '../../features/usage/sum-groups.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { refetchInterval } from './CallsPanels.tsx';
import type { Period } from './intervals.ts';
import { type UsageFilters, useUsageQuery } from './usage-query.ts';

export const groups = ['model', 'application', 'organization'] as const;
export type Group = (typeof groups)[number];

interface GroupsPanelProps {
  group: Group;
  period: Period;
  filters: UsageFilters;
  onGroup: (group: Group) => void;
}

/** How long calls took and how many succeeded, model by model, application by application, customer by customer. */
export function GroupsPanel({ group, period, filters, onGroup }: GroupsPanelProps) {
  const t = useTranslations('console.usage');
  const asked = useUsageQuery(period, filters);
  const usage = useQuery({
    ...reading('searchUsage', { query: { ...asked, interval: 'month', group_by: group } }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns(group);
  return (
    <Panel
      title={t('byTitle')}
      actions={
        <Segmented<Group>
          size="small"
          aria-label={t('by')}
          value={group}
          onChange={onGroup}
          options={groups.map((value) => ({ value, label: t(`groups.${value}`) }))}
        />
      }
    >
      {usage.error && !usage.data && (
        <Failure error={usage.error} onRetry={() => void usage.refetch()} />
      )}
      {usage.isPending && <Loading rows={5} />}
      {usage.data && (
        <DataTable
          label={t('byTitle')}
          list={settledList(sumGroups(usage.data.data, group))}
          columns={columns}
          rowKey={({ name }) => name}
          renderError={() => null}
          empty={<EmptyState title={t('noCalls')}>{t('noCallsNote')}</EmptyState>}
        />
      )}
    </Panel>
  );
}

function useColumns(group: Group): Column<GroupSum>[] {
  const t = useTranslations('console.usage');
  const format = useFormatter();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const duration = (ms: number | null) => (ms === null ? '–' : t('ms', { ms: Math.round(ms) }));
  const share = { style: 'percent', maximumFractionDigits: 1 } as const;
  return [
    { title: t(`groups.${group}`), cell: ({ name }) => <GroupName group={group} name={name} /> },
    { title: t('calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
    {
      title: t('tokensInOut'),
      align: 'end',
      cell: (sum) => `${format.number(sum.inputTokens)} / ${format.number(sum.outputTokens)}`,
    },
    {
      title: t('cost'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
    },
    {
      title: t('success'),
      align: 'end',
      cell: ({ successRate }) => (successRate === null ? '–' : format.number(successRate, share)),
    },
    { title: t('latency'), align: 'end', cell: ({ latencyMs }) => duration(latencyMs) },
    { title: t('firstToken'), align: 'end', cell: ({ firstTokenMs }) => duration(firstTokenMs) },
  ];
}

const applicationsMax = 200;

function GroupName({ group, name }: { group: Group; name: string }) {
  const t = useTranslations('console.usage');
  const { rows } = usePages(
    'listApplications',
    { query: { limit: applicationsMax } },
    { enabled: group === 'application' },
  );
  if (group === 'organization') return <OrganizationLink id={name} />;
  if (group === 'model') return name === '' ? t('without') : <code>{name}</code>;
  if (name === '' || name === 'gateway') return t('gateway');
  return rows?.find(({ id }) => id === name)?.name ?? <code>{name}</code>;
}
