import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

type Alert = Answer<'searchAlerts'>['data'][number];

/** Usage that stood out of a customer's own past. */
export function AlertsTab() {
  const t = useTranslations('console.alerts');
  const tRisk = useTranslations('console.risk');
  const alerts = usePages('searchAlerts', {});
  const columns: Column<Alert>[] = [
    { title: t('when'), cell: ({ starts_at }) => <When at={starts_at} /> },
    {
      title: tRisk('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: t('what'), align: 'end', cell: (alert) => <Used alert={alert} /> },
  ];
  return (
    <Panel note={t('note')}>
      <DataTable
        label={tRisk('tabs.alerts')}
        list={alerts}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function Used({ alert: { value, expected, currency, interval } }: { alert: Alert }) {
  const t = useTranslations('console.alerts');
  const amount = useAmountText();
  const text = (of: string) =>
    currency === null ? t('calls', { count: Number(of) }) : amount(of, currency);
  return (
    <span className="twofold">
      {text(value)} {t(`interval.${interval}`)}
      <small>{t('usual', { value: text(expected) })}</small>
    </span>
  );
}
