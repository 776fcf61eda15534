import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { type Payment, usePaymentColumns } from './columns.tsx';
import { RecordPayment } from './RecordPayment.tsx';

const route = getRouteApi('/console/admin/payments');
const statuses = ['pending', 'succeeded', 'failed', 'canceled', 'unknown'] as const;

export function PaymentsPage() {
  const t = useTranslations('console.payments');
  const { q, status, organization, record } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const payments = usePages('searchPayments', {
    query: {
      ...(q && { q }),
      ...(chosen && { status: chosen }),
      ...(organization && { organization }),
    },
  });
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
          list={payments}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            q || chosen || organization ? (
              <NoMatch onClear={() => set({ q: '', status: '', organization: '' })} />
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

type Search = Partial<Record<'q' | 'status' | 'organization' | 'record', string>>;

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
  const { q, status, organization } = route.useSearch();
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
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
    </div>
  );
}
