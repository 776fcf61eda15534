import { useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { Failure, renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Schedule = Answer<'listSchedules'>['data'][number];

const refetchInterval = 5000;

export function SchedulesPanel() {
  const t = useTranslations('console.jobs');
  const columns = useColumns();
  const schedules = useQuery({ ...reading('listSchedules'), refetchInterval });
  if (schedules.error && !schedules.data) {
    return <Failure error={schedules.error} onRetry={() => void schedules.refetch()} />;
  }
  if (!schedules.data) return <Loading rows={8} />;
  return (
    <Panel>
      <DataTable
        label={t('schedules')}
        list={settledList(schedules.data.data)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={null}
      />
    </Panel>
  );
}

function useColumns(): Column<Schedule>[] {
  const t = useTranslations('console.jobs');
  const tUi = useTranslations('ui');
  const format = useFormatter();
  return [
    {
      title: t('schedule'),
      cell: ({ id, cron }) => (
        <span className="twofold">
          <code>{id}</code>
          <small>{t('cron', { cron })}</small>
        </span>
      ),
    },
    { title: tUi('status'), cell: (schedule) => <HowItWent schedule={schedule} /> },
    {
      title: t('last'),
      cell: ({ started_at }) =>
        started_at === null ? t('never') : <When at={started_at} show="second" />,
    },
    {
      title: t('took'),
      align: 'end',
      cell: ({ duration_ms: ms }) =>
        ms === null
          ? '–'
          : format.number(ms / 1000, {
              style: 'unit',
              unit: 'second',
              maximumSignificantDigits: 2,
            }),
    },
    {
      title: t('next'),
      cell: ({ next_at }) => (next_at === null ? '–' : <When at={next_at} />),
    },
    { title: t('run'), isActions: true, cell: ({ id }) => <RunNow id={id} /> },
  ];
}

function HowItWent({ schedule }: { schedule: Schedule }) {
  const t = useTranslations('console.jobs');
  const { started_at, ended_at, error, failures } = schedule;
  if (started_at === null) return <Status tone="quiet">{t('never')}</Status>;
  return (
    <span className="twofold">
      {error !== null && <Status tone="bad">{t('failedTimes', { count: failures })}</Status>}
      {error === null && ended_at === null && <Status tone="active">{t('now')}</Status>}
      {error === null && ended_at !== null && <Status tone="good">{t('succeeded')}</Status>}
      {error !== null && <small>{error}</small>}
    </span>
  );
}

function RunNow({ id }: { id: string }) {
  const t = useTranslations('console.jobs');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const run = useChange('runSchedule', {
    refreshes: ['listSchedules'],
    onDone: () => void message.success(t('asked')),
  });
  return (
    <AllowedButton
      size="small"
      operation="runSchedule"
      aria-label={t('runNamed', { name: id })}
      loading={run.isPending}
      onClick={() =>
        run.mutate(
          { params: { id }, body: {} },
          { onError: (error) => void message.error(errorText(error)) },
        )
      }
    >
      {t('run')}
    </AllowedButton>
  );
}
