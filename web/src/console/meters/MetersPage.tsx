import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { ApplicationFilter } from '../applications/ApplicationFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { EditFeature, NewFeature } from './FeatureDrawer.tsx';
import { FeatureTable } from './FeatureTable.tsx';
import { EditMeter, NewMeter } from './MeterDrawer.tsx';
import { MeterTable } from './MeterTable.tsx';

const route = getRouteApi('/console/admin/meters');
const tabs = ['meters', 'features'] as const;
const statuses = ['active', 'archived'] as const;
/** What `edit` says in the address while one is being made. */
const isNew = 'new';

export function MetersPage() {
  const t = useTranslations('console.meters');
  const search = route.useSearch();
  const set = useSearchChange();
  const tab = tabs.find((key) => key === search.tab) ?? 'meters';
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={<CreateButton tab={tab} />} />
      <Panel>
        <TabPanels
          label={t('title')}
          active={tab}
          onChange={(key) => set({ tab: key })}
          tabs={tabs.map((key) => ({
            key,
            label: t(`tabs.${key}`),
            panel: <List tab={key} />,
          }))}
        />
      </Panel>
      <OpenForm tab={tab} />
    </div>
  );
}

type Tab = (typeof tabs)[number];

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'tab' | 'application' | 'status' | 'edit', string>>) =>
    void navigate({ to: paths.consoleMeters, search: { ...search, ...change }, replace: true });
}

function CreateButton({ tab }: { tab: Tab }) {
  const t = useTranslations('console');
  const set = useSearchChange();
  const isMeter = tab === 'meters';
  return (
    <AllowedButton
      operation={isMeter ? 'createMeter' : 'createFeature'}
      type="primary"
      onClick={() => set({ edit: isNew })}
    >
      {isMeter ? t('meters.create') : t('features.create')}
    </AllowedButton>
  );
}

function List({ tab }: { tab: Tab }) {
  const t = useTranslations('console.meters');
  const { application, status } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const query = { ...(application && { application }), ...(chosen && { status: chosen }) };
  const isFiltered = application !== undefined || chosen !== undefined;
  const Table = tab === 'meters' ? MeterTable : FeatureTable;
  return (
    <div className="stack">
      <div className="actions">
        <ApplicationFilter value={application} onChange={(slug) => set({ application: slug })} />
        <ChoiceFilter
          label={t('anyStatus')}
          any={t('anyStatus')}
          value={chosen}
          options={statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
          onChange={(value) => set({ status: value })}
        />
      </div>
      <Table
        query={query}
        onEdit={(edit) => set({ edit })}
        empty={
          isFiltered ? (
            <NoMatch onClear={() => set({ application: '', status: '' })} />
          ) : (
            <Nothing tab={tab} />
          )
        }
      />
    </div>
  );
}

function Nothing({ tab }: { tab: Tab }) {
  const t = useTranslations('console');
  const isMeter = tab === 'meters';
  return (
    <EmptyState
      title={isMeter ? t('meters.none') : t('features.none')}
      action={<CreateButton tab={tab} />}
    >
      {isMeter ? t('meters.noneNote') : t('features.noneNote')}
    </EmptyState>
  );
}

function OpenForm({ tab }: { tab: Tab }) {
  const { edit, application } = route.useSearch();
  const set = useSearchChange();
  const close = () => set({ edit: '' });
  if (!edit) return null;
  const isMeter = tab === 'meters';
  const New = isMeter ? NewMeter : NewFeature;
  const Edit = isMeter ? EditMeter : EditFeature;
  if (edit === isNew) return <New application={application} onClose={close} />;
  return <Edit key={edit} id={edit} onClose={close} />;
}
