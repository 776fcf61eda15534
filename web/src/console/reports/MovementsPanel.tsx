import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useReportChange } from './ReportFrame.tsx';

const kinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
type Movement = Answer<'listMrrMovements'>['data'][number];

interface MovementsPanelProps {
  query: { from?: string; to?: string };
  kind: string | undefined;
}

/** The rows behind the MRR's figures. */
export function MovementsPanel({ query, kind }: MovementsPanelProps) {
  const t = useTranslations('console.reports');
  const set = useReportChange();
  const chosen = kinds.find((known) => known === kind);
  const list = usePages('listMrrMovements', {
    query: { ...query, ...(chosen && { kind: chosen }) },
  });
  return (
    <Panel
      title={t('movements')}
      note={t('movementsNote')}
      actions={
        <ChoiceFilter
          label={t('kind')}
          any={t('anyKind')}
          value={chosen}
          options={kinds.map((value) => ({ value, label: t(`figures.${value}`) }))}
          onChange={(value) => set({ kind: value })}
        />
      }
    >
      <DataTable
        label={t('movements')}
        list={list}
        columns={useColumns()}
        rowKey={({ organization, currency, occurred_at: at }) =>
          `${organization} ${currency} ${at}`
        }
        renderError={(error, retry) => <Failure error={error} onRetry={retry} />}
        empty={<EmptyState title={t('noMovements')}>{t('emptyNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<Movement>[] {
  const t = useTranslations('console.reports');
  return [
    { title: t('when'), cell: ({ occurred_at: at }) => <When at={at} /> },
    {
      title: t('customer'),
      cell: ({ organization: id, name }) => (
        <Link to={paths.consoleOrganization} params={{ id }}>
          {name}
        </Link>
      ),
    },
    {
      title: t('kind'),
      cell: ({ kind, subscription: id }) => (
        <Link to={paths.consoleSubscription} params={{ id }}>
          {t(`figures.${kind}`)}
        </Link>
      ),
    },
    {
      title: t('change'),
      align: 'end',
      cell: ({ change, currency }) => <Amount value={change} currency={currency} />,
    },
    {
      title: t('after'),
      align: 'end',
      cell: ({ after, currency }) => <Amount value={after} currency={currency} />,
    },
  ];
}
