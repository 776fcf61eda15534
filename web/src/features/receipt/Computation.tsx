import { Alert } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { type PricedReceipt, type ReceiptLine, type Recomputed, recompute } from './recompute.ts';

/** Usage times price, line by line, computed here once more so that the buyer need not believe the server. */
export function Computation({ receipt }: { receipt: PricedReceipt }) {
  const t = useTranslations('receipt');
  const amount = useAmountText();
  const computed = recompute(receipt);
  const { lines, total } = computed;
  const isSame = toNanos(total) === toNanos(receipt.amount);
  const shown = amount(total, receipt.currency, { isExact: true });
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
      <Steps receipt={receipt} computed={computed} />
      <Alert
        type={isSame ? 'success' : 'warning'}
        showIcon
        title={t(isSame ? 'matches' : 'differs', { amount: shown })}
      />
    </Panel>
  );
}

/** From the sum of the lines to the amount, one step after the other. */
function Steps({ receipt, computed }: { receipt: PricedReceipt; computed: Recomputed }) {
  const t = useTranslations('receipt');
  const { currency, multiplier, price_above_input_tokens: bound, service_tier: tier } = receipt;
  const amount = (value: string) => <Amount value={value} currency={currency} isExact />;
  return (
    <Facts
      as="wide"
      items={[
        ...(bound === null ? [] : [{ label: t('tier'), value: t('tierAbove', { count: bound }) }]),
        ...(tier === null ? [] : [{ label: t('servedAs'), value: t(`tiers.${tier}`) }]),
        { label: t('sum'), value: amount(computed.sum) },
        ...(multiplier === '1'
          ? []
          : [
              {
                label: t('multiplied'),
                value: (
                  <>
                    × {multiplier} = {amount(computed.product)}
                  </>
                ),
              },
            ]),
        {
          label: t('total'),
          value: (
            <>
              {amount(computed.total)}{' '}
              {computed.isRounded && <span className="soft">{t('rounded')}</span>}
            </>
          ),
        },
        { label: t('formula'), value: <code>{receipt.formula}</code> },
      ]}
    />
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
