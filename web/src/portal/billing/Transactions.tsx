import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';

type Transaction = Answer<'listWalletTransactions'>['data'][number];

export function Transactions() {
  const t = useTranslations('billing');
  const tUi = useTranslations('ui');
  const list = usePages('listWalletTransactions', {});
  const kind = useKindName();
  const columns: Column<Transaction>[] = [
    { title: tUi('time'), cell: (row) => <When at={row.created_at} show="second" /> },
    { title: t('kind'), cell: (row) => kind(row.kind) },
    { title: t('reference'), cell: (row) => <Reference id={row.reference} /> },
    {
      title: tUi('amount'),
      align: 'end',
      cell: (row) => <Amount value={row.amount} currency={row.currency} isExact />,
    },
  ];
  return (
    <DataTable
      label={t('tabs.transactions')}
      list={list}
      columns={columns}
      rowKey={(row) => row.id}
      renderError={renderFailure}
      empty={<EmptyState title={t('noTransactions')}>{t('noTransactionsNote')}</EmptyState>}
    />
  );
}

/** A call's line leads to its receipt, a purchase's to its payment. */
function Reference({ id }: { id: string }) {
  const t = useTranslations('billing');
  const tCalls = useTranslations('calls');
  if (id.startsWith('pay_')) {
    return (
      <Link to={paths.checkout} params={{ payment: id }}>
        {t('payment')}
      </Link>
    );
  }
  if (!id.startsWith('req_')) return <Id value={id} isShort />;
  return (
    <Link to={paths.call} params={{ id }}>
      {tCalls('receipt')}
    </Link>
  );
}

const knownKinds = ['top_up', 'usage', 'shortfall', 'adjustment', 'purchase', 'refund'] as const;

/** The ledger may learn kinds that this app has no word for yet; they are shown as they are called there. */
function useKindName(): (kind: string) => string {
  const t = useTranslations('billing.kinds');
  return (kind) => {
    const known = knownKinds.find((candidate) => candidate === kind);
    return known ? t(known) : kind;
  };
}
