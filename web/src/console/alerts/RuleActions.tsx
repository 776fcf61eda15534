import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { AlertRule } from './rule-form.ts';
import { useRuleName } from './rule-text.ts';
import { TestRule } from './TestRule.tsx';

const hourMs = 3_600_000;
const silenceHours = 8;

export function RuleActions({ rule, onEdit }: { rule: AlertRule; onEdit: () => void }) {
  const t = useTranslations('console.alertRules');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const confirm = useConfirm();
  const clock = useBusinessClock();
  const [isTesting, setTesting] = useState(false);
  const name = useRuleName()(rule);
  const remove = useChange('deleteAlertRule', { refreshes: ['listAlertRules'] });
  const change = useChange('updateAlertRule', { refreshes: ['listAlertRules'] });
  const update = (body: { enabled?: boolean; silenced_until?: string | null }) =>
    change.mutate(
      { params: { id: rule.id }, body },
      { onError: (error) => void message.error(errorText(error)) },
    );
  const silence = () => {
    const until = new Date(clock().getTime() + silenceHours * hourMs).toISOString();
    update({ silenced_until: rule.silenced_until === null ? until : null });
  };
  const askToRemove = () =>
    confirm({
      title: t('removeTitle', { name }),
      content: t('removeNote'),
      okText: t('remove'),
      isDanger: true,
      act: () => remove.mutateAsync({ params: { id: rule.id } }),
    });
  return (
    <span className="actions">
      <AllowedButton
        operation="testAlertRule"
        size="small"
        aria-label={t('testNamed', { name })}
        onClick={() => setTesting(true)}
      >
        {t('test')}
      </AllowedButton>
      <EditButton operation="updateAlertRule" name={name} onClick={onEdit} />
      <AllowedButton operation="updateAlertRule" size="small" onClick={silence}>
        {t(rule.silenced_until === null ? 'silence' : 'unsilence', { hours: silenceHours })}
      </AllowedButton>
      <AllowedButton
        operation="updateAlertRule"
        size="small"
        onClick={() => update({ enabled: !rule.enabled })}
      >
        {t(rule.enabled ? 'switchOff' : 'switchOn')}
      </AllowedButton>
      <AllowedButton
        operation="deleteAlertRule"
        size="small"
        danger
        aria-label={t('removeNamed', { name })}
        onClick={askToRemove}
      >
        {t('remove')}
      </AllowedButton>
      {isTesting && <TestRule rule={rule} name={name} onClose={() => setTesting(false)} />}
    </span>
  );
}
