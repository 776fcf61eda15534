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
import { refundOrigins, refundStatuses, useRefundColumns } from '../payments/refund-columns.tsx';

const route = getRouteApi('/console/admin/refunds');

/** What went back of all payments. */
export function RefundsPage() {
  const t = useTranslations('console.refunds');
  const { status, origin, organization } = route.useSearch();
  const set = useSearchChange();
  const chosen = refundStatuses.find((known) => known === status);
  const from = refundOrigins.find((known) => known === origin);
  const refunds = usePages('searchRefunds', {
    query: {
      ...(chosen && { status: chosen }),
      ...(from && { origin: from }),
      ...(organization && { organization }),
    },
  });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={refunds}
          columns={useRefundColumns({ isOfPayment: false })}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen || from || organization ? (
              <NoMatch onClear={() => set({ status: '', origin: '', organization: '' })} />
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

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'status' | 'origin' | 'organization', string>>) =>
    void navigate({ to: paths.consoleRefunds, search: { ...search, ...change }, replace: true });
}

function Filters() {
  const t = useTranslations('console.refunds');
  const tUi = useTranslations('ui');
  const { status, origin, organization } = route.useSearch();
  const set = useSearchChange();
  return (
    <div className="actions">
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={refundStatuses.find((known) => known === status)}
        options={refundStatuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceFilter
        label={t('anyOrigin')}
        any={t('anyOrigin')}
        value={refundOrigins.find((known) => known === origin)}
        options={refundOrigins.map((value) => ({ value, label: t(`origins.${value}`) }))}
        onChange={(value) => set({ origin: value })}
      />
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
    </div>
  );
}
