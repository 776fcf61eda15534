import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { AddPrice } from './AddPrice.tsx';
import { EffectiveFrom, type ModelPrice, usePriceColumns } from './columns.tsx';
import { PriceHistory } from './PriceHistory.tsx';

const route = getRouteApi('/console/admin/models');

/** The price book: the version in force of each model. */
export function ModelsPage() {
  const t = useTranslations('console.models');
  const tUi = useTranslations('ui');
  const navigate = useNavigate();
  const { q, model, view } = route.useSearch();
  const book = usePages('searchModelPrices', { query: q ? { q } : {} });
  const open = (search: { model?: string; view?: 'add' | 'history' }) =>
    void navigate({
      to: paths.consoleModels,
      search: { ...(q && { q }), ...search },
      replace: true,
    });
  const search = (text: string) =>
    void navigate({ to: paths.consoleModels, search: { q: text }, replace: true });
  const prices = usePriceColumns();
  const actions = (price: ModelPrice) => (
    <RowActions
      price={price}
      onAdd={() => open({ view: 'add', model: price.model })}
      onHistory={() => open({ view: 'history', model: price.model })}
    />
  );
  const add = (
    <AllowedButton
      operation="createModelPrice"
      type="primary"
      onClick={() => open({ view: 'add' })}
    >
      {t('add')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={add} />
      <Panel>
        <div className="actions">
          <TextFilter label={t('search')} value={q} onChange={search} />
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
              <NoMatch onClear={() => search('')} />
            ) : (
              <EmptyState title={t('none')} action={add}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {view === 'add' && <AddPrice key={model ?? ''} model={model} onClose={() => open({})} />}
      {view === 'history' && model && <PriceHistory model={model} onClose={() => open({})} />}
    </div>
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
}

function RowActions({ price: { model }, onAdd, onHistory }: RowActionsProps) {
  const t = useTranslations('console.models');
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
    </span>
  );
}
