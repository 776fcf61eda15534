import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';

const route = getRouteApi('/portal/calls');
/** Calls appear while one looks. */
const refetchIntervalMs = 5_000;

export function CallsPage() {
  const t = useTranslations('calls');
  const { model, key } = route.useSearch();
  const calls = usePages(
    'listReceipts',
    { query: { ...(model && { model }), ...(key && { api_key: key }) } },
    { refetchIntervalMs },
  );
  const columns = useReceiptColumns(paths.call);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={calls}
          columns={columns}
          rowKey={(receipt) => receipt.request_id}
          renderError={renderFailure}
          empty={<NoCalls isFiltered={Boolean(model || key)} />}
        />
      </Panel>
    </div>
  );
}

function Filters() {
  const t = useTranslations('calls');
  const search = route.useSearch();
  const navigate = useNavigate();
  const models = usePages('listModels', { query: { limit: 200 } });
  const keys = usePages('listApiKeys', { query: { limit: 200 } });
  const set = (change: { model?: string; key?: string }) =>
    void navigate({ to: paths.calls, search: { ...search, ...change }, replace: true });
  return (
    <div className="actions">
      <ChoiceFilter
        label={t('model')}
        any={t('anyModel')}
        value={search.model}
        options={models.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
        onChange={(model) => set({ model })}
      />
      <ChoiceFilter
        label={t('key')}
        any={t('anyKey')}
        value={search.key}
        options={keys.rows?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        onChange={(key) => set({ key })}
      />
    </div>
  );
}

function NoCalls({ isFiltered }: { isFiltered: boolean }) {
  const t = useTranslations('calls');
  const navigate = useNavigate();
  if (isFiltered) {
    const clear = () => void navigate({ to: paths.calls, search: {} });
    return (
      <EmptyState title={t('noneFiltered')} action={<Button onClick={clear}>{t('clear')}</Button>}>
        {t('noneFilteredNote')}
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t('none')} action={<ButtonLink to={paths.keys}>{t('toKeys')}</ButtonLink>}>
      {t('noneNote')}
    </EmptyState>
  );
}
