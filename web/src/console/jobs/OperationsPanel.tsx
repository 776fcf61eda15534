import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OperationActions } from './OperationActions.tsx';
import { type Operation, OperationProgress } from './OperationProgress.tsx';

/** Somebody watches. */
const refetchIntervalMs = 2000;

export function OperationsPanel() {
  const t = useTranslations('console.jobs');
  const operations = usePages('listOperations', {}, { refetchIntervalMs });
  return (
    <Panel>
      <DataTable
        label={t('operations')}
        list={operations}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<Operation>[] {
  const t = useTranslations('console.jobs');
  const tUi = useTranslations('ui');
  return [
    { title: t('what'), cell: (operation) => <What operation={operation} /> },
    { title: tUi('status'), cell: (operation) => <State operation={operation} /> },
    {
      title: t('progress'),
      cell: (operation) => <OperationProgress operation={operation} />,
    },
    {
      title: t('started'),
      cell: ({ started_at, started_by: { id } }) => (
        <span className="twofold">
          <When at={started_at} show="second" />
          <small>
            {id === null ? (
              t('bySystem')
            ) : (
              <>
                {t('by')} <Id value={id} isShort />
              </>
            )}
          </small>
        </span>
      ),
    },
    {
      title: t('ended'),
      cell: ({ ended_at, runs }) => (
        <span className="twofold">
          {ended_at === null ? '–' : <When at={ended_at} show="second" />}
          {runs > 1 && <small>{t('runs', { count: runs })}</small>}
        </span>
      ),
    },
    {
      title: t('stop'),
      isActions: true,
      cell: (operation) => <OperationActions operation={operation} />,
    },
  ];
}

const kinds = {
  'imports.import': 'import',
  'subscriptions.billing_run': 'billingRun',
  'metering.rerating': 'rerating',
  'metering.rerating_try': 'ratingTry',
  'metering.call_export': 'callFile',
  'reports.price_try': 'priceTry',
  'platform.key_rotation': 'keyRotation',
} as const;

function What({ operation: { kind, title } }: { operation: Operation }) {
  const t = useTranslations('console.jobs');
  const known = kinds[kind as keyof typeof kinds] ?? 'other';
  // A billing run is known by the instant up to which it bills.
  const isInstant = known === 'billingRun';
  return (
    <span className="twofold">
      {t(`kinds.${known}`)}
      <small>{isInstant ? <When at={title} show="second" /> : title}</small>
    </span>
  );
}

const tones: Record<Operation['state'], Tone> = {
  running: 'active',
  stopping: 'warning',
  resuming: 'active',
  stopped: 'warning',
  interrupted: 'bad',
  failed: 'bad',
  done: 'good',
};

function State({ operation: { state, error } }: { operation: Operation }) {
  const t = useTranslations('console.jobs');
  return (
    <span className="twofold">
      <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      {error !== null && <small>{error}</small>}
    </span>
  );
}
