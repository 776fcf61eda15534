import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Customer } from './customer.ts';

type Key = Customer['api_keys'][number];
type Method = Customer['payment_methods'][number];

export function KeysPanel({ keys }: { keys: Key[] }) {
  const t = useTranslations('console.customer');
  const tUi = useTranslations('ui');
  const columns: Column<Key>[] = [
    {
      title: t('keys'),
      cell: ({ name, prefix }) => (
        <span className="twofold">
          {name}
          <small>{prefix}…</small>
        </span>
      ),
    },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`keyStatuses.${status}`)}</Status>
      ),
    },
    {
      title: t('lastUsed'),
      cell: ({ last_used_at: at }) => (at ? <When at={at} show="relative" /> : t('never')),
    },
  ];
  return (
    <Panel title={t('keys')}>
      <DataTable
        label={t('keys')}
        list={settledList(keys)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={() => null}
        empty={<p className="soft">{t('noKeys')}</p>}
      />
    </Panel>
  );
}

export function MethodsPanel({ methods }: { methods: Method[] }) {
  const t = useTranslations('console.customer');
  return (
    <Panel title={t('methods')}>
      {methods.length === 0 && <p className="soft">{t('noMethods')}</p>}
      <ul className="found">
        {methods.map((method) => (
          <li key={method.id}>
            {method.label} <small className="soft">{method.provider}</small>{' '}
            {method.default && <small className="soft">{t('defaultMethod')}</small>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
