import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { FlagActions } from './FlagActions.tsx';
import { FlagText, HoldStatus } from './FlagText.tsx';
import { type Risk, ruleNames } from './risk.ts';

const route = getRouteApi('/console/admin/risk');
const states = ['open', 'confirmed'] as const;

export function QueueTab() {
  const t = useTranslations('console.risk');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: { state?: string; rule?: string; held?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const state = states.find((known) => known === search.state);
  const rule = ruleNames.find((known) => known === search.rule);
  const held = search.held === 'true' ? ('true' as const) : undefined;
  const risks = usePages('listRisks', {
    query: { ...(state && { state }), ...(rule && { rule }), ...(held && { held }) },
  });
  const isFiltered = state || rule || held;
  return (
    <Panel>
      <div className="actions">
        <ChoiceFilter
          label={t('flags')}
          any={t('anyState')}
          value={state}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={(value) => set({ state: value })}
        />
        <ChoiceFilter
          label={t('rule')}
          any={t('anyRule')}
          value={rule}
          options={ruleNames.map((value) => ({ value, label: t(`rules.${value}`) }))}
          onChange={(value) => set({ rule: value })}
        />
        <ChoiceFilter
          label={t('hold')}
          any={t('anyHold')}
          value={held}
          options={[{ value: 'true', label: t('heldOnly') }]}
          onChange={(value) => set({ held: value })}
        />
      </div>
      <DataTable
        label={t('title')}
        list={risks}
        columns={useColumns()}
        rowKey={({ organization }) => organization}
        renderError={renderFailure}
        empty={
          isFiltered ? (
            <NoMatch onClear={() => set({ state: '', rule: '', held: '' })} />
          ) : (
            <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
          )
        }
      />
    </Panel>
  );
}

function useColumns(): Column<Risk>[] {
  const t = useTranslations('console.risk');
  return [
    { title: t('score'), align: 'end', cell: ({ score }) => <strong>{score}</strong> },
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    {
      title: t('flags'),
      cell: ({ flags }) => (
        <div className="stack">
          {flags.map((flag) => (
            <div key={flag.id} className="actions">
              <FlagText flag={flag} />
              <FlagActions flag={flag} />
            </div>
          ))}
        </div>
      ),
    },
    { title: t('hold'), cell: ({ held }) => <HoldStatus isHeld={held} /> },
    {
      title: t('evaluated'),
      cell: ({ evaluated_at }) => (evaluated_at ? <When at={evaluated_at} /> : '–'),
    },
  ];
}
