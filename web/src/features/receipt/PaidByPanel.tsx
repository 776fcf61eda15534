import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Id } from '../../ui/Id.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import type { Receipt } from './recompute.ts';

type Part = Receipt['paid_by'][number];

/** The buckets that a call was paid from; their amounts add up to its cost. */
export function PaidByPanel({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('receipt');
  const tCalls = useTranslations('calls');
  const tUi = useTranslations('ui');
  const hasShortfall = toNanos(receipt.shortfall) > 0n;
  const columns: Column<Part>[] = [
    { title: tCalls('paidBy'), cell: ({ kind }) => tCalls(`kinds.${kind}`) },
    { title: t('bucket'), cell: ({ id }) => <Id value={id} isShort /> },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={receipt.currency} isExact />,
    },
  ];
  return (
    <Panel title={t('paid')}>
      <DataTable
        label={t('paid')}
        list={settledList(receipt.paid_by)}
        columns={columns}
        rowKey={({ kind, id }) => `${kind} ${id}`}
        renderError={() => null}
        empty={hasShortfall ? null : <p className="soft">{t('free')}</p>}
      />
      {hasShortfall && (
        <p>
          {t('shortfall')}: <Amount value={receipt.shortfall} currency={receipt.currency} isExact />
        </p>
      )}
      {receipt.rerated && (
        <p>
          {t('rerated')}:{' '}
          <Amount value={receipt.rerated.given_back} currency={receipt.currency} isExact />
        </p>
      )}
    </Panel>
  );
}
