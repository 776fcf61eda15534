import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { CallFilters } from '../../features/receipt/CallFilters.tsx';
import {
  type CallSearch,
  callQuery,
  isFiltered,
  noFilters,
} from '../../features/receipt/call-query.ts';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

type Receipt = Answer<'searchReceipts'>['data'][number];

const route = getRouteApi('/console/admin/calls');
/** Calls appear while one looks. */
const refetchIntervalMs = 5_000;

export function CallsPage() {
  const t = useTranslations('console.calls');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const { organization } = search;
  const set = useSearchChange();
  const calls = usePages(
    'searchReceipts',
    { query: { ...(organization && { organization }), ...callQuery(timeZone, search) } },
    { refetchIntervalMs },
  );
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <ButtonLink to={paths.consoleJobs} search={{ tab: 'files' }}>
            {t('toFiles')}
          </ButtonLink>
        }
      />
      <Panel>
        <div className="actions">
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
          <TextFilter label={t('key')} value={search.key} onChange={(key) => set({ key })} />
          <CallFilters search={search} onChange={set} />
        </div>
        <DataTable
          label={t('title')}
          list={calls}
          columns={useColumns()}
          rowKey={({ request_id }) => request_id}
          renderError={renderFailure}
          empty={
            isFiltered(search) ? (
              <NoMatch onClear={() => set(noFilters)} />
            ) : (
              <EmptyState
                title={t('none')}
                action={<ButtonLink to={paths.consoleChannels}>{t('toChannels')}</ButtonLink>}
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
  return (change: CallSearch) =>
    void navigate({ to: paths.consoleCalls, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Receipt>[] {
  const t = useTranslations('console.calls');
  const columns = useReceiptColumns<Receipt>(paths.consoleCall);
  const customer: Column<Receipt> = {
    title: t('customer'),
    cell: ({ organization }) => <OrganizationLink id={organization} />,
  };
  const margin: Column<Receipt> = {
    title: t('margin'),
    align: 'end',
    cell: (receipt) =>
      receipt.margin === null ? '–' : <Amount value={receipt.margin} currency={receipt.currency} />,
  };
  const amountAt = 4;
  return [
    ...columns.slice(0, 1),
    customer,
    ...columns.slice(1, amountAt),
    margin,
    ...columns.slice(amountAt),
  ];
}
