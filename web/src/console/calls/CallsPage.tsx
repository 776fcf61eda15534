import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
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

type Receipt = Answer<'searchReceipts'>['data'][number];

const route = getRouteApi('/console/admin/calls');
/** Calls appear while one looks. */
const refetchIntervalMs = 5_000;

export function CallsPage() {
  const t = useTranslations('console.calls');
  const timeZone = useTimeZone() ?? 'UTC';
  const { organization, model, key, from, to } = route.useSearch();
  const set = useSearchChange();
  const calls = usePages(
    'searchReceipts',
    {
      query: {
        ...(organization && { organization }),
        ...(model && { model }),
        ...(key && { api_key: key }),
        ...instantsOf(timeZone, { from, to }),
      },
    },
    { refetchIntervalMs },
  );
  const isFiltered = Boolean(organization || model || key || from || to);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={calls}
          columns={useColumns()}
          rowKey={({ request_id }) => request_id}
          renderError={renderFailure}
          empty={
            isFiltered ? (
              <NoMatch
                onClear={() => set({ organization: '', model: '', key: '', from: '', to: '' })}
              />
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

type Search = Partial<Record<'organization' | 'model' | 'key' | 'from' | 'to', string>>;

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consoleCalls, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Receipt>[] {
  const t = useTranslations('console.calls');
  const [started, ...others] = useReceiptColumns<Receipt>(paths.consoleCall);
  const customer: Column<Receipt> = {
    title: t('customer'),
    cell: ({ organization }) => <OrganizationLink id={organization} />,
  };
  return started ? [started, customer, ...others] : [];
}

function Filters() {
  const t = useTranslations('console.calls');
  const tCalls = useTranslations('calls');
  const { organization, model, key, from, to } = route.useSearch();
  const set = useSearchChange();
  const models = usePages('listModels', { query: { limit: 200 } });
  return (
    <div className="actions">
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
      <ChoiceFilter
        label={tCalls('model')}
        any={tCalls('anyModel')}
        value={model}
        options={models.rows?.map((row) => ({ value: row.model, label: row.model })) ?? []}
        onChange={(value) => set({ model: value })}
      />
      <TextFilter label={t('key')} value={key} onChange={(value) => set({ key: value })} />
      <DaysFilter from={from} to={to} onChange={set} />
    </div>
  );
}
