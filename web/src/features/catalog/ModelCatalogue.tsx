import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { renderFailure } from '../errors/Failure.tsx';

type OfferedModel = Answer<'listModels'>['data'][number];
type Position = keyof OfferedModel['prices'];

export const vendors = ['openai', 'anthropic', 'google'] as const;
export type Vendor = (typeof vendors)[number];

interface ModelCatalogueProps {
  q: string | undefined;
  vendor: Vendor | undefined;
  /** What is shown where nothing fits the search. */
  noMatch: React.ReactNode;
}

/** Models that can be called now, with all that they cost whoever looks. */
export function ModelCatalogue({ q, vendor, noMatch }: ModelCatalogueProps) {
  const t = useTranslations('models');
  const query = { ...(q && { q }), ...(vendor && { vendor }) };
  const list = usePages('listModels', { query });
  return (
    <DataTable
      label={t('title')}
      list={list}
      columns={useColumns()}
      rowKey={({ model }) => model}
      renderError={renderFailure}
      empty={q || vendor ? noMatch : <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
    />
  );
}

function useColumns(): Column<OfferedModel>[] {
  const t = useTranslations('models');
  const tCatalogue = useTranslations('catalogue');
  const price = (position: Position) => (model: OfferedModel) => {
    const value = model.prices[position];
    return value === undefined ? '–' : <Amount value={value} currency={model.currency} isExact />;
  };
  const tokens = (count: number | null) => (count === null ? '–' : t('tokens', { count }));
  return [
    { title: t('model'), cell: (model) => <Name model={model} /> },
    { title: t('input'), cell: price('input'), align: 'end' },
    { title: t('cachedInput'), cell: price('cached_input'), align: 'end' },
    { title: t('output'), cell: price('output'), align: 'end' },
    { title: tCatalogue('also'), cell: (model) => <Also model={model} /> },
    { title: t('context'), cell: (model) => tokens(model.context_window), align: 'end' },
    { title: t('maxOutput'), cell: (model) => tokens(model.max_output_tokens), align: 'end' },
  ];
}

function Name({ model }: { model: OfferedModel }) {
  const t = useTranslations('catalogue');
  const { vendor, multiplier } = model;
  return (
    <span className="twofold">
      <code>{model.model}</code>
      {vendor && <small>{t(`vendors.${vendor}`)}</small>}
      {multiplier !== '1' && <small>{t('multiplier', { multiplier })}</small>}
    </span>
  );
}

const inColumns: readonly Position[] = ['input', 'cached_input', 'output'];
const serviceTiers = ['flex', 'priority', 'batch'] as const;

/** What a model's prices are besides the three that every reader looks for first. */
function Also({ model }: { model: OfferedModel }) {
  const t = useTranslations('catalogue');
  const tModels = useTranslations('models');
  const { prices, tiers, service_tiers: served, currency } = model;
  const others = Object.entries(prices).filter(
    ([position]) => !inColumns.includes(position as Position),
  ) as [Exclude<Position, 'input' | 'cached_input' | 'output'>, string][];
  const ways = serviceTiers.flatMap((tier) => {
    const table = served[tier];
    return table ? [{ tier, table }] : [];
  });
  if (others.length + tiers.length + ways.length === 0) return '–';
  return (
    <span className="twofold">
      {others.map(([position, value]) => (
        <small key={position}>
          {t(`positions.${position}`)}: <Amount value={value} currency={currency} isExact />
        </small>
      ))}
      {tiers.map((tier) => (
        <small key={tier.above_input_tokens}>
          {tModels('tierAbove', { count: tier.above_input_tokens })}:{' '}
          <Amount value={tier.prices.input} currency={currency} isExact /> /{' '}
          <Amount value={tier.prices.output} currency={currency} isExact />
        </small>
      ))}
      {ways.map(({ tier, table }) => (
        <small key={tier}>
          {t(`serviceTiers.${tier}`)}:{' '}
          <Amount value={table.input ?? prices.input} currency={currency} isExact /> /{' '}
          <Amount value={table.output ?? prices.output} currency={currency} isExact />
        </small>
      ))}
    </span>
  );
}
