import { Alert } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { type PricedReceipt, type ReceiptLine, recompute } from './recompute.ts';

/** Usage times price, line by line, computed here once more so that the buyer need not believe the server. */
export function Computation({ receipt }: { receipt: PricedReceipt }) {
  const t = useTranslations('receipt');
  const amount = useAmountText();
  const { lines, total } = recompute(receipt);
  const isSame = toNanos(total) === toNanos(receipt.amount);
  const computed = amount(total, receipt.currency, { isExact: true });
  return (
    <Panel
      title={t('computation')}
      note={
        isOfOld(receipt.price_effective_from)
          ? t('computationNote')
          : t.rich('computationNoteSince', {
              since: () => <When at={receipt.price_effective_from} show="day" />,
            })
      }
    >
      <DataTable
        label={t('computation')}
        list={settledList(lines)}
        columns={useColumns(receipt.currency)}
        rowKey={(line) => line.position}
        renderError={() => null}
        empty={<p>{t('free')}</p>}
      />
      <Facts as="wide" items={[{ label: t('formula'), value: <code>{receipt.formula}</code> }]} />
      <Alert
        type={isSame ? 'success' : 'warning'}
        showIcon
        title={t(isSame ? 'matches' : 'differs', { amount: computed })}
      />
    </Panel>
  );
}

/** A price that came with the deployment is in force since the epoch, which says nothing to a buyer. */
function isOfOld(effectiveFrom: string): boolean {
  return Date.parse(effectiveFrom) === 0;
}

function useColumns(currency: string): Column<ReceiptLine>[] {
  const t = useTranslations('receipt');
  const format = useFormatter();
  return [
    { title: t('position'), cell: ({ position }) => t(`positions.${position}`) },
    { title: t('quantity'), align: 'end', cell: ({ quantity }) => format.number(quantity) },
    {
      title: t('price'),
      align: 'end',
      cell: ({ price }) => <Amount value={price} currency={currency} isExact />,
    },
    {
      title: t('partial'),
      align: 'end',
      cell: ({ cost }) => <Amount value={cost} currency={currency} isExact />,
    },
  ];
}
