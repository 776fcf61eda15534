import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { GroupCustomers } from './GroupCustomers.tsx';
import { EditGroup, NewGroup } from './GroupDrawer.tsx';
import { useModelsSearch } from './use-models-search.ts';

export type ModelGroup = Answer<'listModelGroups'>['data'][number];

/** Models that are priced together, and by how much. */
export function GroupsPanel() {
  const t = useTranslations('console.modelPrices');
  const { search, change } = useModelsSearch();
  const groups = usePages('listModelGroups', { query: { limit: 200 } });
  const chosen = groups.rows?.find(({ slug }) => slug === search.model);
  const close = () => change({ view: '', model: '' });
  const create = (
    <AllowedButton operation="createModelGroup" onClick={() => change({ view: 'group' })}>
      {t('addGroup')}
    </AllowedButton>
  );
  return (
    <Panel title={t('groups')} note={t('groupsNote')} actions={create}>
      <DataTable
        label={t('groups')}
        list={groups}
        columns={useColumns((group, view) => change({ view, model: group.slug }))}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('noGroups')} action={create}>
            {t('noGroupsNote')}
          </EmptyState>
        }
      />
      {search.view === 'group' && !search.model && <NewGroup onClose={close} />}
      {search.view === 'group' && chosen && (
        <EditGroup key={chosen.id} group={chosen} onClose={close} />
      )}
      {search.view === 'customers' && chosen && (
        <GroupCustomers key={chosen.id} group={chosen} onClose={close} />
      )}
    </Panel>
  );
}

type Open = (group: ModelGroup, view: 'group' | 'customers') => void;

function useColumns(open: Open): Column<ModelGroup>[] {
  const t = useTranslations('console.modelPrices');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  return [
    { title: t('group'), cell: (group) => <Name group={group} /> },
    { title: t('models'), cell: ({ models }) => <Patterns models={models} /> },
    {
      title: t('multiplier'),
      align: 'end',
      cell: ({ multiplier }) => <span className="figure">× {multiplier}</span>,
    },
    { title: t('changes'), cell: (group) => <Changes group={group} /> },
    { title: t('own'), align: 'end', cell: ({ organizations }) => organizations },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (group) => (
        <span className="actions row-buttons">
          <AllowedButton
            operation="updateModelGroup"
            size="small"
            aria-label={tForms('editNamed', { name: group.name })}
            onClick={() => open(group, 'group')}
          >
            {tForms('edit')}
          </AllowedButton>
          <AllowedButton
            operation="listGroupMultipliers"
            size="small"
            aria-label={t('customersNamed', { name: group.name })}
            onClick={() => open(group, 'customers')}
          >
            {t('customers')}
          </AllowedButton>
        </span>
      ),
    },
  ];
}

function Name({ group: { name, slug } }: { group: ModelGroup }) {
  return (
    <span className="twofold">
      {name}
      <small>
        <code>group:{slug}</code>
      </small>
    </span>
  );
}

function Patterns({ models }: { models: readonly string[] }) {
  const t = useTranslations('console.modelPrices');
  if (models.length === 0) return t('noModels');
  return (
    <span className="twofold">
      {models.map((pattern) => (
        <code key={pattern}>{pattern}</code>
      ))}
    </span>
  );
}

function Changes({ group: { changes } }: { group: ModelGroup }) {
  if (changes.length === 0) return '–';
  return (
    <span className="twofold">
      {changes.map(({ effective_from: at, multiplier }) => (
        <small key={at}>
          × {multiplier} · <When at={at} />
        </small>
      ))}
    </span>
  );
}
