import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useSubjectNames } from '../../features/quotas/subject-names.ts';
import { isAllowed } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { type GroupSum, sumGroups } from '../../features/usage/sum-groups.ts';
import { Amount } from '../../ui/Amount.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { type Group, groups, type Period, since } from './period.ts';

interface CallsByProps {
  group: Group;
  period: Period;
  onGroup: (group: Group) => void;
}

/** Calls of models in the period, split one way. */
export function CallsBy({ group: asked, period, onGroup }: CallsByProps) {
  const t = useTranslations('usageSplit');
  const now = useBusinessClock();
  const showsMembers = isAllowed('listSpendCaps', useSession());
  const shown = groups.filter((name) => name !== 'member' || showsMembers);
  const group = shown.find((name) => name === asked) ?? 'model';
  const usage = useQuery(
    reading('getUsage', {
      query: { from: since(now(), period), interval: 'day', group_by: group },
    }),
  );
  const sums = useMemo(() => usage.data && sumGroups(usage.data.data, group), [usage.data, group]);
  const columns = useColumns(group);
  return (
    <Panel
      title={t('calls')}
      actions={
        <Segmented<Group>
          size="small"
          aria-label={t('by')}
          value={group}
          onChange={onGroup}
          options={shown.map((value) => ({ value, label: t(`groups.${value}`) }))}
        />
      }
    >
      {usage.error && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isPending && <Loading rows={5} />}
      {sums && (
        <DataTable
          label={t('calls')}
          list={settledList(sums)}
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
  const t = useTranslations('usageSplit');
  const format = useFormatter();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const nameOf = useNameOf(group);
  const duration = (ms: number | null) => (ms === null ? '–' : t('ms', { ms: Math.round(ms) }));
  return [
    { title: t(`groups.${group}`), cell: ({ name }) => nameOf(name) },
    { title: t('count'), align: 'end', cell: ({ calls }) => format.number(calls) },
    {
      title: t('tokens'),
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
      cell: ({ successRate }) =>
        successRate === null
          ? '–'
          : format.number(successRate, { style: 'percent', maximumFractionDigits: 1 }),
    },
    { title: t('latency'), align: 'end', cell: ({ latencyMs }) => duration(latencyMs) },
    { title: t('firstToken'), align: 'end', cell: ({ firstTokenMs }) => duration(firstTokenMs) },
  ];
}

/** What a group is called: keys and members by name, calls without an application are the gateway's. */
function useNameOf(group: Group): (name: string) => string {
  const t = useTranslations('usageSplit');
  const subjectName = useSubjectNames();
  return (name) => {
    if (name === '') return group === 'application' ? t('gateway') : t('without');
    if (group === 'application' && name === 'gateway') return t('gateway');
    if (group === 'api_key') return subjectName({ kind: 'api_key', id: name });
    if (group === 'member') return subjectName({ kind: 'member', id: name });
    return name;
  };
}
