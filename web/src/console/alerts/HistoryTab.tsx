import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { AlertFiring, AlertRule } from './rule-form.ts';
import { useFigureText, useRuleName } from './rule-text.ts';

interface HistoryTabProps {
  rules: AlertRule[];
  rule: string | undefined;
  onRule: (id: string) => void;
}

export function HistoryTab({ rules, rule, onRule }: HistoryTabProps) {
  const t = useTranslations('console.alertRules');
  const name = useRuleName();
  const firings = usePages('listAlertFirings', { query: rule ? { rule } : {} });
  return (
    <Panel>
      <ChoiceFilter
        label={t('rule')}
        value={rule}
        any={t('anyRule')}
        options={rules.map((one) => ({ value: one.id, label: name(one) }))}
        onChange={onRule}
      />
      <DataTable
        label={t('tabs.history')}
        list={firings}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noHistory')}>{t('noHistoryNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<AlertFiring>[] {
  const t = useTranslations('console.alertRules');
  const figure = useFigureText();
  const name = useRuleName();
  return [
    { title: t('firedAt'), cell: ({ fired_at: at }) => <When at={at} show="second" /> },
    { title: t('rule'), cell: (firing) => name(firing) },
    {
      title: t('value'),
      align: 'end',
      cell: (firing) => (
        <span className="twofold">
          <span className="figure">{figure(firing, firing.value)}</span>
          <small>{t('limitOf', { value: figure(firing, firing.limit) })}</small>
        </span>
      ),
    },
    {
      title: t('worst'),
      align: 'end',
      cell: (firing) => <span className="figure">{figure(firing, firing.worst)}</span>,
    },
    {
      title: t('resolved'),
      cell: ({ resolved_at: at, resolved_value: value, ...firing }) =>
        at === null ? (
          <Status tone="bad">{t('states.firing')}</Status>
        ) : (
          <span className="twofold">
            <When at={at} show="second" />
            {value !== null && <small>{figure(firing, value)}</small>}
          </span>
        ),
    },
    {
      title: t('told'),
      cell: ({ told_at: at }) =>
        at === null ? <span className="soft">{t('keptQuiet')}</span> : <When at={at} />,
    },
  ];
}
