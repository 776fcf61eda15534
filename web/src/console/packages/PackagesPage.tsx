import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import type { Package } from '../../features/catalog/PackageCard.tsx';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { useQuotaText } from '../quotas/quota-text.ts';
import { EditPackage, NewPackage } from './PackageDrawer.tsx';

const route = getRouteApi('/console/admin/packages');
const statuses = ['active', 'archived'] as const;
/** What `edit` says in the address while a package is being made. */
const isNew = 'new';

export function PackagesPage() {
  const t = useTranslations('console.packages');
  const { status, edit } = route.useSearch();
  const chosen = statuses.find((known) => known === status);
  const packages = usePages('searchPackages', { query: chosen ? { status: chosen } : {} });
  const set = useSearchChange();
  const close = () => set({ edit: '' });
  const create = (
    <AllowedButton operation="createPackage" type="primary" onClick={() => set({ edit: isNew })}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <div className="actions">
          <ChoiceFilter
            label={t('status')}
            any={t('anyStatus')}
            value={chosen}
            options={statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
            onChange={(value) => set({ status: value })}
          />
        </div>
        <DataTable
          label={t('title')}
          list={packages}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen ? (
              <NoMatch onClear={() => set({ status: '' })} />
            ) : (
              <EmptyState title={t('none')} action={create}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {edit === isNew && <NewPackage onClose={close} />}
      {edit && edit !== isNew && <EditPackage key={edit} id={edit} onClose={close} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'status' | 'edit', string>>) =>
    void navigate({ to: paths.consolePackages, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Package>[] {
  const t = useTranslations('console.packages');
  const tUi = useTranslations('ui');
  return [
    { title: t('name'), cell: (item) => <NameAndDescription item={item} /> },
    {
      title: t('price'),
      align: 'end',
      cell: ({ price, currency }) => <Amount value={price} currency={currency} />,
    },
    { title: t('days'), align: 'end', cell: (item) => item.duration_days },
    {
      title: t('dailyLimit'),
      align: 'end',
      cell: (item) => <Amount value={item.daily_limit} currency={item.usage_currency} />,
    },
    { title: t('quotas'), cell: (item) => <Quotas item={item} /> },
    { title: t('order'), align: 'end', cell: (item) => item.sort_order },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    { title: tUi('actions'), isActions: true, cell: (item) => <RowActions item={item} /> },
  ];
}

function NameAndDescription({ item }: { item: Package }) {
  return (
    <span className="twofold">
      {item.name}
      {item.description && <small>{item.description}</small>}
    </span>
  );
}

function Quotas({ item: { quotas } }: { item: Package }) {
  const text = useQuotaText();
  if (quotas.length === 0) return '–';
  return (
    <span className="twofold">
      {quotas.map((quota) => (
        <small key={`${quota.meter} ${quota.window} ${quota.anchor}`}>{text(quota)}</small>
      ))}
    </span>
  );
}

function RowActions({ item }: { item: Package }) {
  const t = useTranslations('console.packages');
  const set = useSearchChange();
  const confirm = useConfirm();
  const refreshes = ['searchPackages', 'getPackage', 'listPackages'] as const;
  const archive = useChange('deletePackage', { refreshes });
  const restore = useChange('updatePackage', { refreshes });
  const params = { id: item.id };
  const isOnSale = item.status === 'active';
  const ask = () =>
    confirm({
      title: t(isOnSale ? 'archiveTitle' : 'restoreTitle', { name: item.name }),
      content: t(isOnSale ? 'archiveNote' : 'restoreNote'),
      okText: t(isOnSale ? 'archive' : 'restore'),
      isDanger: isOnSale,
      act: () =>
        isOnSale
          ? archive.mutateAsync({ params })
          : restore.mutateAsync({ params, body: { status: 'active' } }),
    });
  return (
    <span className="actions row-buttons">
      <EditButton
        operation="updatePackage"
        name={item.name}
        onClick={() => set({ edit: item.id })}
      />
      <AllowedButton
        operation={isOnSale ? 'deletePackage' : 'updatePackage'}
        size="small"
        danger={isOnSale}
        aria-label={t(isOnSale ? 'archiveNamed' : 'restoreNamed', { name: item.name })}
        onClick={ask}
      >
        {t(isOnSale ? 'archive' : 'restore')}
      </AllowedButton>
    </span>
  );
}
