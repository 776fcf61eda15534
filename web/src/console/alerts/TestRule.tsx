/** Asks before test messages leave, and shows what the rule would say now. */
import { Alert, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { Facts } from '../../ui/Facts.tsx';
import type { AlertRule } from './rule-form.ts';
import { useFigureText } from './rule-text.ts';

interface TestRuleProps {
  rule: AlertRule;
  name: string;
  onClose: () => void;
}

export function TestRule({ rule, name, onClose }: TestRuleProps) {
  const t = useTranslations('console.alertRules');
  const tUi = useTranslations('ui');
  const test = useChange('testAlertRule');
  return (
    <Modal
      open
      title={t('testTitle', { name })}
      okText={t('testNow')}
      cancelText={tUi('close')}
      confirmLoading={test.isPending}
      onOk={() => test.mutate({ params: { id: rule.id } })}
      onCancel={onClose}
    >
      <div className="stack-tight" aria-live="polite">
        <p>{t('testNote')}</p>
        <Refused error={test.error} />
        {test.data && <TestAnswer rule={rule} answer={test.data} />}
      </div>
    </Modal>
  );
}

function TestAnswer({ rule, answer }: { rule: AlertRule; answer: Answer<'testAlertRule'> }) {
  const t = useTranslations('console.alertRules');
  const text = useFigureText();
  const figure = (of: string | null) => (of === null ? '–' : text(rule, of));
  const { standing, webhook } = answer;
  const tone = { normal: 'success', beyond: 'error' } as const;
  const type = standing === 'normal' || standing === 'beyond' ? tone[standing] : 'info';
  return (
    <>
      <Alert showIcon type={type} title={t(`standings.${standing}`)} />
      <Facts
        items={[
          { label: t('value'), value: figure(answer.value) },
          { label: t('limit'), value: figure(answer.limit) },
          ...(answer.expected === null
            ? []
            : [{ label: t('usual'), value: figure(answer.expected) }]),
          { label: t('samples'), value: answer.samples },
          { label: t('mailsSent'), value: answer.mails },
          ...(webhook
            ? [{ label: t('webhook'), value: webhook.ok ? t('webhookTook') : webhook.message }]
            : []),
        ]}
      />
    </>
  );
}
