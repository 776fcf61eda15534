import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { AddPrice } from './AddPrice.tsx';
import { EffectiveFrom, type ModelPrice, usePriceColumns } from './columns.tsx';
import { PriceHistory } from './PriceHistory.tsx';
import { useModelsSearch } from './use-models-search.ts';

/** The version in force of each model. */
export function PricesPanel() {
  const t = useTranslations('console.models');
  const tUi = useTranslations('ui');
  const { search, change } = useModelsSearch();
  const { q, model, view } = search;
  const book = usePages('searchModelPrices', { query: q ? { q } : {} });
  const close = () => change({ view: '', model: '' });
  const prices = usePriceColumns();
  const actions = (price: ModelPrice) => (
    <RowActions
      price={price}
      onAdd={() => change({ view: 'add', model: price.model })}
      onHistory={() => change({ view: 'history', model: price.model })}
      onSimulate={() => change({ tab: 'simulate', model: price.model, q: '' })}
    />
  );
  return (
    <Panel>
      <div className="actions">
        <TextFilter label={t('search')} value={q} onChange={(text) => change({ q: text })} />
      </div>
      <DataTable
        label={t('title')}
        list={book}
        columns={[
          { title: t('model'), cell: (price) => <code className="value">{price.model}</code> },
          ...prices,
          { title: t('since'), cell: (price) => <Since price={price} /> },
          { title: tUi('actions'), isActions: true, cell: actions },
        ]}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          q ? (
            <NoMatch onClear={() => change({ q: '' })} />
          ) : (
            <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
          )
        }
      />
      {view === 'add' && <AddPrice key={model ?? ''} model={model || undefined} onClose={close} />}
      {view === 'history' && model && <PriceHistory model={model} onClose={close} />}
    </Panel>
  );
}

function Since({ price }: { price: ModelPrice }) {
  const t = useTranslations('console.models');
  return (
    <span className="twofold">
      <EffectiveFrom at={price.effective_from} show="day" />
      <small>{t(`sources.${price.source}`)}</small>
    </span>
  );
}

interface RowActionsProps {
  price: ModelPrice;
  onAdd: () => void;
  onHistory: () => void;
  onSimulate: () => void;
}

function RowActions({ price: { model }, onAdd, onHistory, onSimulate }: RowActionsProps) {
  const t = useTranslations('console.models');
  const tPrices = useTranslations('console.modelPrices');
  return (
    <span className="actions row-buttons">
      <AllowedButton
        operation="createModelPrice"
        size="small"
        aria-label={t('changeNamed', { model })}
        onClick={onAdd}
      >
        {t('change')}
      </AllowedButton>
      <AllowedButton
        operation="searchModelPrices"
        size="small"
        aria-label={t('historyNamed', { model })}
        onClick={onHistory}
      >
        {t('history')}
      </AllowedButton>
      <AllowedButton
        operation="simulateModelPrice"
        size="small"
        aria-label={tPrices('tryNamed', { model })}
        onClick={onSimulate}
      >
        {tPrices('try')}
      </AllowedButton>
    </span>
  );
}
