import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { EditUpdate } from './EditUpdate.tsx';
import { EffectLines } from './Effect.tsx';
import { type PriceUpdate, refreshedByUpdates } from './price-update.ts';
import { UpdateChanges, UpdateName } from './UpdateText.tsx';
import { useModelsSearch } from './use-models-search.ts';

const kinds = ['new', 'changed', 'gone'] as const;
const refreshes = refreshedByUpdates;

/** Where the published prices differ from the book; what it would do comes before what to do. */
export function UpdatesPanel() {
  const t = useTranslations('console.modelPrices');
  const { search, change } = useModelsSearch();
  const kind = kinds.find((known) => known === search.view);
  const updates = usePages('listPriceUpdates', {
    query: { ...(search.q && { q: search.q }), ...(kind && { kind }) },
  });
  const [selected, setSelected] = useState<readonly string[]>([]);
  const shown = updates.rows?.filter(({ id }) => selected.includes(id)) ?? [];
  const editing = updates.rows?.find(({ id }) => id === search.model);
  const toggle = (id: string) =>
    setSelected(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]);
  return (
    <Panel title={t('updates')} note={t('updatesNote')}>
      <div className="actions">
        <TextFilter label={t('searchUpdates')} value={search.q} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label={t('kind')}
          any={t('anyKind')}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChange={(view) => change({ view })}
        />
      </div>
      <Decisions selected={shown} all={updates.rows ?? []} onSelect={setSelected} />
      <DataTable
        label={t('updates')}
        list={updates}
        columns={useColumns({ selected, toggle, edit: (id) => change({ model: id }) })}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          search.q || kind ? (
            <NoMatch onClear={() => change({ q: '', view: '' })} />
          ) : (
            <EmptyState title={t('noUpdates')}>{t('noUpdatesNote')}</EmptyState>
          )
        }
      />
      {editing?.after && (
        <EditUpdate
          key={editing.id}
          update={editing}
          terms={editing.after}
          onClose={() => change({ model: '' })}
        />
      )}
    </Panel>
  );
}

interface DecisionsProps {
  selected: readonly PriceUpdate[];
  all: readonly PriceUpdate[];
  onSelect: (ids: readonly string[]) => void;
}

function Decisions({ selected, all, onSelect }: DecisionsProps) {
  const t = useTranslations('console.modelPrices');
  const onDone = () => onSelect([]);
  const accept = useChange('acceptPriceUpdates', { refreshes, onDone });
  const refuse = useChange('refusePriceUpdates', { refreshes, onDone });
  if (all.length === 0) return null;
  const ids = selected.map(({ id }) => id);
  const gone = selected.find(({ after }) => after === null);
  const none = ids.length === 0 ? t('selectFirst') : undefined;
  return (
    <div className="stack">
      <div className="actions">
        <Checkbox
          checked={ids.length === all.length}
          indeterminate={ids.length > 0 && ids.length < all.length}
          onChange={({ target }) => onSelect(target.checked ? all.map(({ id }) => id) : [])}
        >
          {t('selected', { count: ids.length })}
        </Checkbox>
        <AllowedButton
          operation="acceptPriceUpdates"
          type="primary"
          loading={accept.isPending}
          blockedBecause={none ?? (gone && t('goneNote', { model: gone.model }))}
          onClick={() =>
            accept.mutate({
              body: { updates: ids.map((id) => ({ id })) },
              idempotencyKey: newIdempotencyKey(),
            })
          }
        >
          {t('accept')}
        </AllowedButton>
        <AllowedButton
          operation="refusePriceUpdates"
          loading={refuse.isPending}
          blockedBecause={none}
          onClick={() => refuse.mutate({ body: { updates: ids } })}
        >
          {t('refuse')}
        </AllowedButton>
      </div>
      <Refused error={accept.error ?? refuse.error} />
    </div>
  );
}

interface ColumnsProps {
  selected: readonly string[];
  toggle: (id: string) => void;
  edit: (id: string) => void;
}

function useColumns({ selected, toggle, edit }: ColumnsProps): Column<PriceUpdate>[] {
  const t = useTranslations('console.modelPrices');
  const tModels = useTranslations('console.models');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('select'),
      cell: ({ id, model }) => (
        <Checkbox
          aria-label={t('selectNamed', { model })}
          checked={selected.includes(id)}
          onChange={() => toggle(id)}
        />
      ),
    },
    { title: tModels('model'), cell: (update) => <UpdateName update={update} /> },
    { title: t('changes'), cell: (update) => <UpdateChanges update={update} /> },
    {
      title: t('effect'),
      cell: ({ effect }) => (effect ? <EffectLines effect={effect} /> : '–'),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id, model, after }) => (
        <AllowedButton
          operation="acceptPriceUpdates"
          size="small"
          aria-label={tForms('editNamed', { name: model })}
          blockedBecause={after === null ? t('goneNote', { model }) : undefined}
          onClick={() => edit(id)}
        >
          {tForms('edit')}
        </AllowedButton>
      ),
    },
  ];
}
