import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Customer } from './customer.ts';

type Bought = Customer['packages'][number];

const tones: Record<Bought['status'], Tone> = {
  pending: 'active',
  active: 'good',
  lapsed: 'quiet',
  canceled: 'quiet',
};

export function PackagesPanel({ packages }: { packages: Bought[] }) {
  const t = useTranslations('console.organizations');
  const tUi = useTranslations('ui');
  const day = (at: string | null) => (at ? <When at={at} /> : '–');
  const columns: Column<Bought>[] = [
    { title: t('package'), cell: (bought) => bought.package.name },
    {
      title: tUi('status'),
      cell: ({ status }) => <Status tone={tones[status]}>{t(`packageStatuses.${status}`)}</Status>,
    },
    { title: t('starts'), cell: ({ starts_at }) => day(starts_at) },
    { title: t('ends'), cell: ({ ends_at }) => day(ends_at) },
  ];
  return (
    <Panel title={t('packages')}>
      <DataTable
        label={t('packages')}
        list={settledList(packages)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={() => null}
        empty={<EmptyState title={t('noPackages')}>{t('noPackagesNote')}</EmptyState>}
      />
    </Panel>
  );
}
