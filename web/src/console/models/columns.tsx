import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { When } from '../../ui/When.tsx';
import { serviceTiers } from './price-form.ts';

export type ModelPrice = Answer<'searchModelPrices'>['data'][number];
export type Position = keyof ModelPrice['prices'];

/** The prices of a version; what tells the rows apart, each table adds itself. */
export function usePriceColumns(): Column<ModelPrice>[] {
  const t = useTranslations('console.models');
  const price = (position: Position) => (row: ModelPrice) => {
    const value = row.prices[position];
    return value === undefined ? '–' : <Amount value={value} currency={row.currency} isExact />;
  };
  return [
    { title: t('positions.input'), align: 'end', cell: price('input') },
    { title: t('positions.cached_input'), align: 'end', cell: price('cached_input') },
    { title: t('positions.output'), align: 'end', cell: price('output') },
    { title: t('also'), cell: (row) => <Also row={row} /> },
  ];
}

const inColumns: readonly Position[] = ['input', 'cached_input', 'output'];

/** What a version has besides the three prices that every reader looks for first. */
function Also({ row }: { row: ModelPrice }) {
  const t = useTranslations('console.models');
  const others = Object.entries(row.prices).filter(
    ([position]) => !inColumns.includes(position as Position),
  ) as [Position, string][];
  const { tiers, service_tiers: served, max_output_tokens: longest } = row;
  const ways = serviceTiers.flatMap((tier) => {
    const table = served[tier];
    return table ? [{ tier, table }] : [];
  });
  if (others.length + tiers.length + ways.length === 0 && longest === null) return '–';
  return (
    <span className="twofold">
      {others.map(([position, value]) => (
        <small key={position}>
          {t(`positions.${position}`)}: <Amount value={value} currency={row.currency} isExact />
        </small>
      ))}
      {tiers.map(({ above_input_tokens: count, prices }) => (
        <small key={count}>
          {t('tierAbove', { count })}:{' '}
          <Amount value={prices.input} currency={row.currency} isExact /> /{' '}
          <Amount value={prices.output} currency={row.currency} isExact />
        </small>
      ))}
      {ways.map(({ tier, table }) => (
        <small key={tier}>
          {t(`serviceTier.${tier}`)}:{' '}
          <Amount value={table.input ?? row.prices.input} currency={row.currency} isExact /> /{' '}
          <Amount value={table.output ?? row.prices.output} currency={row.currency} isExact />
        </small>
      ))}
      {longest !== null && <small>{t('longest', { count: longest })}</small>}
    </span>
  );
}

/** Prices of the list that comes with the product hold from the beginning of time. */
export function EffectiveFrom({ at, show = 'instant' }: { at: string; show?: 'instant' | 'day' }) {
  const t = useTranslations('console.models');
  return Date.parse(at) === 0 ? t('always') : <When at={at} show={show} />;
}
