import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { useSubjectNames } from '../../features/quotas/subject-names.ts';
import { UsedThen } from '../../features/quotas/UsedThen.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Violation = Answer<'listQuotaViolations'>['data'][number];

/** Use goes on while one looks. */
const refetchIntervalMs = 5_000;

/** When a quota refused, or was passed: once for each of its windows. */
export function Violations() {
  const t = useTranslations('quotas');
  const violations = usePages('listQuotaViolations', {}, { refetchIntervalMs });
  const columns = useColumns();
  return (
    <Panel title={t('violations')} note={t('violationsNote')}>
      <DataTable
        label={t('violations')}
        list={violations}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noViolations')}>{t('noViolationsNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<Violation>[] {
  const t = useTranslations('quotas');
  const meterName = useMeterName();
  const nameOf = useSubjectNames();
  return [
    { title: t('when'), cell: ({ occurred_at }) => <When at={occurred_at} /> },
    {
      title: t('quota'),
      cell: ({ meter, window }) =>
        t('named', { meter: meterName(meter), window: t(`windows.${window}`) }),
    },
    { title: t('whose'), cell: ({ subject }) => nameOf(subject) },
    {
      title: t('usedThen'),
      align: 'end',
      cell: ({ used, limit, unit }) => <UsedThen used={used} limit={limit} unit={unit} />,
    },
    {
      title: t('outcome'),
      cell: ({ hard }) => (
        <Status tone={hard ? 'bad' : 'warning'}>{t(hard ? 'refused' : 'passed')}</Status>
      ),
    },
    {
      title: t('resetsAt'),
      cell: ({ resets_at }) => (resets_at === null ? '–' : <When at={resets_at} />),
    },
  ];
}
