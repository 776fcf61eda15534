import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useCountryName } from '../../features/invoice/countries.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { EditRate, NewRate } from './RateDrawer.tsx';
import type { TaxRate } from './rate-form.ts';
import { SellerPanel } from './SellerPanel.tsx';

const route = getRouteApi('/console/admin/tax');
/** What `edit` says in the address while a rate is being added. */
const isNew = 'new';

export function TaxPage() {
  const t = useTranslations('console.tax');
  const { edit } = route.useSearch();
  const set = useSearchChange();
  const rates = usePages('listTaxRates', {});
  const edited = rates.rows?.find(({ id }) => id === edit);
  const add = (
    <AllowedButton operation="createTaxRate" type="primary" onClick={() => set({ edit: isNew })}>
      {t('add')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={add} />
      <Panel title={t('rates')} note={t('ratesNote')}>
        <DataTable
          label={t('rates')}
          list={rates}
          columns={useColumns((id) => set({ edit: id }))}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        />
      </Panel>
      <SellerPanel />
      {edit === isNew && <NewRate onClose={() => set({})} />}
      {edited && <EditRate key={edited.id} rate={edited} onClose={() => set({})} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  return (search: { edit?: string }) =>
    void navigate({ to: paths.consoleTax, search, replace: true });
}

function useColumns(onEdit: (id: string) => void): Column<TaxRate>[] {
  const t = useTranslations('console.tax');
  const tUi = useTranslations('ui');
  const countryName = useCountryName();
  return [
    { title: t('country'), cell: ({ country }) => `${countryName(country)} (${country})` },
    { title: t('name'), cell: ({ name }) => name },
    {
      title: t('rate'),
      align: 'end',
      cell: ({ rate }) => <span className="figure">{t('percent', { rate })}</span>,
    },
    { title: t('prices'), cell: ({ inclusive }) => t(inclusive ? 'inclusive' : 'exclusive') },
    { title: t('from'), cell: ({ valid_from }) => <When at={valid_from} /> },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id, name, country }) => (
        <EditButton
          operation="updateTaxRate"
          name={`${name} ${country}`}
          onClick={() => onEdit(id)}
        />
      ),
    },
  ];
}
