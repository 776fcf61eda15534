import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { RuleActions } from './RuleActions.tsx';
import type { AlertRule } from './rule-form.ts';
import { useConditionText, useFigureText, useRuleName } from './rule-text.ts';

export function RulesTab({ rules, onEdit }: { rules: AlertRule[]; onEdit: (id: string) => void }) {
  const t = useTranslations('console.alertRules');
  const condition = useConditionText();
  const name = useRuleName();
  const columns: Column<AlertRule>[] = [
    {
      title: t('rule'),
      cell: (rule) => (
        <span className="twofold">
          {name(rule)}
          <small>{condition(rule)}</small>
        </span>
      ),
    },
    { title: t('state'), cell: (rule) => <Standing rule={rule} /> },
    { title: t('value'), align: 'end', cell: (rule) => <Found rule={rule} /> },
    { title: t('tells'), cell: (rule) => <Channels rule={rule} /> },
    {
      title: t('actions'),
      isActions: true,
      cell: (rule) => <RuleActions rule={rule} onEdit={() => onEdit(rule.id)} />,
    },
  ];
  return (
    <Panel>
      <DataTable
        label={t('tabs.rules')}
        list={settledList(rules)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function Standing({ rule }: { rule: AlertRule }) {
  const t = useTranslations('console.alertRules');
  const { enabled, firing, problem, silenced_until: until } = rule;
  if (!enabled) return <Status tone="quiet">{t('states.off')}</Status>;
  if (problem !== null) {
    return (
      <span className="twofold">
        <Status tone="warning">{t('states.broken')}</Status>
        <small>{problem}</small>
      </span>
    );
  }
  const tone = firing ? 'bad' : 'good';
  return (
    <span className="twofold">
      <Status tone={tone}>{t(firing ? 'states.firing' : 'states.quiet')}</Status>
      {firing && (
        <small>
          <When at={firing.fired_at} />
        </small>
      )}
      {until && (
        <small>
          {t('silencedUntil')} <When at={until} />
        </small>
      )}
    </span>
  );
}

function Found({ rule }: { rule: AlertRule }) {
  const t = useTranslations('console.alertRules');
  const figure = useFigureText();
  const { value, samples, unit } = rule;
  if (rule.evaluated_at === null) return '–';
  return (
    <span className="twofold">
      <span className="figure">{value === null ? '–' : figure(rule, value)}</span>
      {unit !== 'count' && samples !== null && <small>{t('samplesOf', { count: samples })}</small>}
    </span>
  );
}

function Channels({ rule }: { rule: AlertRule }) {
  const t = useTranslations('console.alertRules');
  const channels = [
    ...(rule.mails_operators ? [t('operators')] : []),
    ...rule.mail_addresses,
    ...(rule.webhook ? [rule.webhook.url] : []),
  ];
  return channels.length === 0 ? (
    <span className="soft">{t('nobody')}</span>
  ) : (
    <span className="twofold">
      {channels.map((channel) => (
        <span key={channel}>{channel}</span>
      ))}
    </span>
  );
}
