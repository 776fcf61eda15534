import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';

type Alert = Answer<'listAlerts'>['data'][number];

/** What stood out of the organization's own past; nothing is said where nothing did. */
export function AlertsPanel() {
  const t = useTranslations('costs');
  const format = useFormatter();
  const alerts = useQuery(reading('listAlerts', { query: { limit: 10 } }));
  if (!alerts.data || alerts.data.data.length === 0) return null;
  const figure = ({ currency }: Alert, value: string) =>
    currency === null ? format.number(Number(value)) : <Amount value={value} currency={currency} />;
  const columns: Column<Alert>[] = [
    { title: t('alert.when'), cell: ({ starts_at }) => <When at={starts_at} /> },
    {
      title: t('alert.what'),
      cell: ({ measure, interval }) => t(`alert.${measure}`, { interval: t(`alert.${interval}`) }),
    },
    { title: t('alert.value'), align: 'end', cell: (alert) => figure(alert, alert.value) },
    { title: t('alert.expected'), align: 'end', cell: (alert) => figure(alert, alert.expected) },
  ];
  return (
    <Panel title={t('alert.title')} note={t('alert.note')}>
      <DataTable
        label={t('alert.title')}
        list={settledList(alerts.data.data)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={() => null}
        empty={null}
      />
    </Panel>
  );
}
