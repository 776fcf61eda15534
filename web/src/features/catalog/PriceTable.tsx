import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { renderFailure } from '../errors/Failure.tsx';

type ModelPrice = Answer<'listModels'>['data'][number];
type Position = 'input' | 'cached_input' | 'output';

/** Models that can be called now, with their prices per million tokens. */
export function PriceTable() {
  const t = useTranslations('models');
  const list = usePages('listModels', {});
  const price = (position: Position) => (model: ModelPrice) => {
    const value = model.prices[position];
    return value === undefined ? '–' : <Amount value={value} currency={model.currency} isExact />;
  };
  const tokens = (count: number | null) => (count === null ? '–' : t('tokens', { count }));
  const columns: Column<ModelPrice>[] = [
    { title: t('model'), cell: (model) => <ModelName model={model} /> },
    { title: t('input'), cell: price('input'), align: 'end' },
    { title: t('cachedInput'), cell: price('cached_input'), align: 'end' },
    { title: t('output'), cell: price('output'), align: 'end' },
    { title: t('context'), cell: (model) => tokens(model.context_window), align: 'end' },
    { title: t('maxOutput'), cell: (model) => tokens(model.max_output_tokens), align: 'end' },
  ];
  return (
    <DataTable
      label={t('title')}
      list={list}
      columns={columns}
      rowKey={(model) => model.model}
      renderError={renderFailure}
      empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
    />
  );
}

function ModelName({ model }: { model: ModelPrice }) {
  const t = useTranslations('models');
  return (
    <span>
      <code>{model.model}</code>
      {model.tiers.map((tier) => (
        <small key={tier.above_input_tokens} className="soft tier">
          {t('tierAbove', { count: tier.above_input_tokens })}:{' '}
          <Amount value={tier.prices.input} currency={model.currency} isExact /> /{' '}
          <Amount value={tier.prices.output} currency={model.currency} isExact />
        </small>
      ))}
    </span>
  );
}
