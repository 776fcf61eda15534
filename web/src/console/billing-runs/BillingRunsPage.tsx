/** Runs over everything that was due; one can be started before its minute. */
import { App } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';

type Run = Answer<'listBillingRuns'>['data'][number];

/** Runs begin by themselves while one looks. */
const refetchIntervalMs = 10_000;

export function BillingRunsPage() {
  const t = useTranslations('console.billingRuns');
  const runs = usePages('listBillingRuns', {}, { refetchIntervalMs });
  const runNow = <RunNow />;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={runNow} />
      <Panel>
        <DataTable
          label={t('title')}
          list={runs}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={runNow}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}

function RunNow() {
  const t = useTranslations('console.billingRuns');
  const { message } = App.useApp();
  const confirm = useConfirm();
  const start = useChange('startBillingRun', {
    refreshes: ['listBillingRuns', 'searchSubscriptions', 'searchInvoices'],
    onDone: ({ renewed, expired, dunned, failed }) =>
      void message.success(t('ran', { renewed, expired, dunned, failed })),
  });
  const ask = () => {
    const idempotencyKey = newIdempotencyKey();
    confirm({
      title: t('runTitle'),
      content: t('runNote'),
      okText: t('run'),
      act: () => start.mutateAsync({ body: {}, idempotencyKey }),
    });
  };
  return (
    <AllowedButton
      operation="startBillingRun"
      type="primary"
      loading={start.isPending}
      onClick={ask}
    >
      {t('run')}
    </AllowedButton>
  );
}

function useColumns(): Column<Run>[] {
  const t = useTranslations('console.billingRuns');
  const tUi = useTranslations('ui');
  const count = (value: number) => <span className="figure">{t('count', { value })}</span>;
  return [
    { title: t('due'), cell: ({ due_until }) => <When at={due_until} show="second" /> },
    { title: tUi('status'), cell: (run) => <RunStatus run={run} /> },
    { title: t('renewed'), align: 'end', cell: ({ renewed }) => count(renewed) },
    { title: t('expired'), align: 'end', cell: ({ expired }) => count(expired) },
    { title: t('dunned'), align: 'end', cell: ({ dunned }) => count(dunned) },
    { title: t('failed'), align: 'end', cell: ({ failed }) => count(failed) },
    { title: 'ID', cell: ({ id }) => <Id value={id} isShort /> },
  ];
}

function RunStatus({ run: { status, failed } }: { run: Run }) {
  const t = useTranslations('console.billingRuns');
  if (status === 'running') return <Status tone="active">{t('running')}</Status>;
  if (status === 'stopped') return <Status tone="warning">{t('stopped')}</Status>;
  if (failed > 0) return <Status tone="bad">{t('incomplete')}</Status>;
  return <Status tone="good">{t('completed')}</Status>;
}
