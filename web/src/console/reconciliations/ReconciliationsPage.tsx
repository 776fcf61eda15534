/** Days that were compared with the providers' statements, newest first; one can be compared at once. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDateText } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { RunDay } from './RunDay.tsx';
import { type Reconciliation, statuses } from './reconciliation.ts';
import { StandingOf } from './StandingOf.tsx';
import { useStatementProviders } from './statement-providers.ts';

const route = getRouteApi('/console/admin/reconciliations');
const daysReadMs = 30_000;

export function ReconciliationsPage() {
  const t = useTranslations('console.reconciliations');
  const { provider, status, run } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const list = usePages(
    'listReconciliations',
    { query: { ...(provider && { provider }), ...(chosen && { status: chosen }) } },
    { refetchIntervalMs: daysReadMs },
  );
  const runButton = (
    <AllowedButton
      operation="createReconciliation"
      type="primary"
      onClick={() => set({ run: 'yes' })}
    >
      {t('run')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={runButton} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={list}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            provider || chosen ? (
              <NoMatch onClear={() => set({ provider: '', status: '' })} />
            ) : (
              <EmptyState title={t('none')} action={runButton}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {run && <RunDay provider={provider} onClose={() => set({ run: '' })} />}
    </div>
  );
}

type Search = Partial<Record<'provider' | 'status' | 'run', string>>;

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({
      to: paths.consoleReconciliations,
      search: { ...search, ...change },
      replace: true,
    });
}

function Filters() {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  const { provider, status } = route.useSearch();
  const set = useSearchChange();
  return (
    <div className="actions">
      <ChoiceFilter
        label={t('provider')}
        any={t('anyProvider')}
        value={provider}
        options={useStatementProviders().map(({ provider: value, name: label }) => ({
          value,
          label,
        }))}
        onChange={(value) => set({ provider: value })}
      />
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={statuses.find((known) => known === status)}
        options={statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
        onChange={(value) => set({ status: value })}
      />
    </div>
  );
}

function useColumns(): Column<Reconciliation>[] {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  const dateText = useDateText();
  const providers = useStatementProviders();
  const nameOf = (id: string) => providers.find(({ provider }) => provider === id)?.name ?? id;
  return [
    { title: t('day'), cell: ({ date }) => <span className="figure">{dateText(date)}</span> },
    { title: t('provider'), cell: ({ provider }) => nameOf(provider) },
    { title: tUi('status'), cell: (day) => <StandingOf day={day} /> },
    {
      title: t('statement'),
      align: 'end',
      cell: ({ totals }) => <Sums totals={totals} of="statement" />,
    },
    {
      title: t('ledger'),
      align: 'end',
      cell: ({ totals }) => <Sums totals={totals} of="ledger" />,
    },
    {
      title: t('difference'),
      align: 'end',
      cell: ({ totals }) => <Sums totals={totals} of="difference" />,
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id, date, provider }) => (
        <ButtonLink
          size="small"
          to={paths.consoleReconciliation}
          params={{ id }}
          aria-label={t('lookNamed', { date: dateText(date), name: nameOf(provider) })}
        >
          {t('look')}
        </ButtonLink>
      ),
    },
  ];
}

function Sums({
  totals,
  of,
}: {
  totals: Reconciliation['totals'];
  of: 'statement' | 'ledger' | 'difference';
}) {
  if (totals.length === 0) return <span className="soft">–</span>;
  return (
    <span className="twofold">
      {totals.map((sums) => (
        <Amount key={sums.currency} value={sums[of]} currency={sums.currency} />
      ))}
    </span>
  );
}
