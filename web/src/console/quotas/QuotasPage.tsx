import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { Quantity } from '../../features/quotas/Quantity.tsx';
import { UsedThen } from '../../features/quotas/UsedThen.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { useQuotaName } from './quota-text.ts';

type Violation = Answer<'searchQuotaViolations'>['data'][number];

const route = getRouteApi('/console/admin/quotas');
/** Violations appear while one looks. */
const refetchIntervalMs = 5_000;

type Search = Partial<Record<'organization' | 'from' | 'to', string>>;

const noFilters: Search = { organization: '', from: '', to: '' };

export function QuotasPage() {
  const t = useTranslations('console.quotas');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const { organization, from, to } = search;
  const query = { ...(organization && { organization }), ...instantsOf(timeZone, search) };
  const navigate = useNavigate();
  const set = (change: Search) =>
    void navigate({
      to: paths.consoleQuotas,
      search: { ...search, ...change },
      replace: true,
    });
  const violations = usePages('searchQuotaViolations', { query }, { refetchIntervalMs });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
          <DaysFilter from={from} to={to} onChange={set} />
        </div>
        <DataTable
          label={t('title')}
          list={violations}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatch onClear={() => set(noFilters)} />
            ) : (
              <EmptyState
                title={t('none')}
                action={<ButtonLink to={paths.consolePlans}>{t('toPlans')}</ButtonLink>}
              >
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Violation>[] {
  const t = useTranslations('console.quotas');
  const quotaName = useQuotaName();
  return [
    { title: t('when'), cell: ({ occurred_at }) => <When at={occurred_at} show="second" /> },
    {
      title: t('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    {
      title: t('quota'),
      cell: ({ subject, ...violation }) => (
        <div className="twofold">
          <span>{quotaName(violation)}</span>
          {subject.kind !== 'organization' && (
            <small>
              <Id value={subject.id} isShort />
            </small>
          )}
        </div>
      ),
    },
    {
      title: t('used'),
      align: 'end',
      cell: ({ used, limit, unit }) => <UsedThen used={used} limit={limit} unit={unit} />,
    },
    {
      title: t('outcome'),
      cell: ({ hard, requested, unit }) => (
        <div className="twofold">
          <Status tone={hard ? 'bad' : 'warning'}>{t(hard ? 'refused' : 'passed')}</Status>
          <small>
            {t.rich('asked', { quantity: () => <Quantity value={requested} unit={unit} /> })}
          </small>
        </div>
      ),
    },
    {
      title: t('resets'),
      cell: ({ resets_at: at }) => (at === null ? t('never') : <When at={at} />),
    },
  ];
}
