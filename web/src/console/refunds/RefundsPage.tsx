import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { refundOrigins, refundStatuses, useRefundColumns } from '../payments/refund-columns.tsx';

const route = getRouteApi('/console/admin/refunds');

/** What went back of all payments. */
export function RefundsPage() {
  const t = useTranslations('console.refunds');
  const set = useSearchChange();
  const query = useRefundQuery();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={usePages('searchRefunds', { query })}
          columns={useRefundColumns({ isOfPayment: false })}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatch onClear={() => set(noFilters)} />
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

function useRefundQuery(): NonNullable<Request<'searchRefunds'>['query']> {
  const timeZone = useTimeZone() ?? 'UTC';
  const { status, origin, organization, ...days } = route.useSearch();
  const chosen = refundStatuses.find((known) => known === status);
  const chosenOrigin = refundOrigins.find((known) => known === origin);
  return {
    ...(chosen && { status: chosen }),
    ...(chosenOrigin && { origin: chosenOrigin }),
    ...(organization && { organization }),
    ...instantsOf(timeZone, days),
  };
}

type Search = Partial<Record<'status' | 'origin' | 'organization' | 'from' | 'to', string>>;

const noFilters: Search = { status: '', origin: '', organization: '', from: '', to: '' };

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consoleRefunds, search: { ...search, ...change }, replace: true });
}

function Filters() {
  const t = useTranslations('console.refunds');
  const tUi = useTranslations('ui');
  const { status, origin, organization, from, to } = route.useSearch();
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
      <DaysFilter from={from} to={to} onChange={set} />
    </div>
  );
}
