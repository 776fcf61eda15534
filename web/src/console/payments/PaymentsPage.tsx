import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useKnownProviders, useProviderName } from '../../features/payment/providers.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { type Payment, usePaymentColumns } from './columns.tsx';
import { RecordPayment } from './RecordPayment.tsx';

const route = getRouteApi('/console/admin/payments');
/** All but the wallet: what reports of payments and of money received count. */
const collected = 'collected';
const statuses = ['pending', 'succeeded', 'failed', 'canceled', 'unknown'] as const;

export function PaymentsPage() {
  const t = useTranslations('console.payments');
  const { record } = route.useSearch();
  const set = useSearchChange();
  const query = usePaymentQuery();
  const recordButton = (
    <AllowedButton
      operation="recordManualPayment"
      type="primary"
      onClick={() => set({ record: 'yes' })}
    >
      {t('record')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={recordButton} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={usePages('searchPayments', { query })}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatch onClear={() => set(noFilters)} />
            ) : (
              <EmptyState title={t('none')} action={recordButton}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {record && <RecordPayment onClose={() => set({ record: '' })} />}
    </div>
  );
}

function usePaymentQuery(): NonNullable<Request<'searchPayments'>['query']> {
  const timeZone = useTimeZone() ?? 'UTC';
  const { q, status, organization, provider, from, to } = route.useSearch();
  const chosen = statuses.find((known) => known === status);
  return {
    ...(q && { q }),
    ...(chosen && { status: chosen }),
    ...(organization && { organization }),
    ...(provider && (provider === collected ? { collected: 'true' } : { provider })),
    ...instantsOf(timeZone, { from, to }),
  };
}

type Search = Partial<
  Record<'q' | 'status' | 'organization' | 'provider' | 'from' | 'to' | 'record', string>
>;

const noFilters: Search = {
  ...{ q: '', status: '', organization: '' },
  ...{ provider: '', from: '', to: '' },
};

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consolePayments, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Payment>[] {
  const t = useTranslations('console.payments');
  const [time, ...others] = usePaymentColumns();
  const customer: Column<Payment> = {
    title: t('customer'),
    cell: ({ organization }) => <OrganizationLink id={organization} />,
  };
  return time ? [time, customer, ...others] : [];
}

function Filters() {
  const t = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const tStatuses = useTranslations('payment.statuses');
  const providers = useKnownProviders();
  const providerName = useProviderName();
  const { q, status, organization, provider, from, to } = route.useSearch();
  const set = useSearchChange();
  return (
    <div className="actions">
      <TextFilter label={t('search')} value={q} onChange={(text) => set({ q: text })} />
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={statuses.find((known) => known === status)}
        options={statuses.map((value) => ({ value, label: tStatuses(value) }))}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceFilter
        label={t('provider')}
        any={t('anyProvider')}
        value={provider}
        options={[
          { value: collected, label: t('collected') },
          ...providers.map((value) => ({ value, label: providerName(value) })),
        ]}
        onChange={(value) => set({ provider: value })}
      />
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
      <DaysFilter from={from} to={to} onChange={set} />
    </div>
  );
}
