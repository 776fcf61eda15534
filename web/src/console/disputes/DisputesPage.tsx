import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { disputeStatuses, useDisputeColumns } from './columns.tsx';

const route = getRouteApi('/console/admin/disputes');
const standings = [...disputeStatuses, 'unresolved'] as const;

/** Payments that payers take back, with their deadlines. */
export function DisputesPage() {
  const t = useTranslations('console.disputes');
  const tUi = useTranslations('ui');
  const { status, organization } = route.useSearch();
  const navigate = useNavigate();
  const set = (change: { status?: string; organization?: string }) =>
    void navigate({
      to: paths.consoleDisputes,
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const chosen = standings.find((known) => known === status);
  const disputes = usePages('searchDisputes', {
    query: {
      ...(chosen === 'unresolved' && { unresolved: 'true' as const }),
      ...(chosen && chosen !== 'unresolved' && { status: chosen }),
      ...(organization && { organization }),
    },
  });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <ChoiceFilter
            label={tUi('status')}
            any={t('anyStatus')}
            value={chosen}
            options={standings.map((value) => ({
              value,
              label: value === 'unresolved' ? t('unresolved') : t(`statuses.${value}`),
            }))}
            onChange={(value) => set({ status: value })}
          />
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
        </div>
        <DataTable
          label={t('title')}
          list={disputes}
          columns={useDisputeColumns({ isOfPayment: false })}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen || organization ? (
              <NoMatch onClear={() => set({ status: '', organization: '' })} />
            ) : (
              <EmptyState
                title={t('none')}
                action={<ButtonLink to={paths.consolePayments}>{t('toPayments')}</ButtonLink>}
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
