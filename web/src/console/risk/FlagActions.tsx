/** Lifting and confirming a flag, with a note for whoever comes next. */
import { App, Checkbox, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { ReasonField, ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import { type Flag, isInForce } from './risk.ts';

const refreshes = ['listRisks', 'getOrganizationRisk'] as const;

export function FlagActions({ flag }: { flag: Flag }) {
  const t = useTranslations('console.risk');
  const [asked, setAsked] = useState<'lift' | 'confirm'>();
  if (!isInForce(flag)) return null;
  const close = () => setAsked(undefined);
  return (
    <span className="actions">
      <AllowedButton size="small" operation="liftRiskFlag" onClick={() => setAsked('lift')}>
        {t('lift')}
      </AllowedButton>
      {flag.state === 'open' && (
        <AllowedButton
          size="small"
          danger
          operation="confirmRiskFlag"
          onClick={() => setAsked('confirm')}
        >
          {t('confirm')}
        </AllowedButton>
      )}
      {asked === 'lift' && <LiftFlag flag={flag} onClose={close} />}
      {asked === 'confirm' && <ConfirmFlag flag={flag} onClose={close} />}
    </span>
  );
}

interface FlagQuestionProps {
  flag: Flag;
  onClose: () => void;
}

function LiftFlag({ flag, onClose }: FlagQuestionProps) {
  const t = useTranslations('console.risk');
  const { message } = App.useApp();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const lift = useChange('liftRiskFlag', {
    refreshes,
    onDone: () => {
      void message.success(t('lifted'));
      onClose();
    },
  });
  return (
    <ReasonQuestion
      title={t('liftTitle')}
      content={`${t(`rules.${flag.rule}`)}. ${t('liftNote')}`}
      okText={t('lift')}
      error={lift.error}
      isPending={lift.isPending}
      onAnswer={(note) => lift.mutate({ params: { id: flag.id }, body: { note }, idempotencyKey })}
      onClose={onClose}
    />
  );
}

interface ConfirmFields {
  reason: string;
  hold: boolean;
}

function ConfirmFlag({ flag, onClose }: FlagQuestionProps) {
  const t = useTranslations('console.risk');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<ConfirmFields>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const confirm = useChange('confirmRiskFlag', {
    refreshes,
    onDone: () => {
      void message.success(t('confirmed'));
      onClose();
    },
  });
  const submit = ({ reason: note, hold }: ConfirmFields) =>
    confirm.mutate({ params: { id: flag.id }, body: { note, hold }, idempotencyKey });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('confirmTitle')}
      okText={t('confirm')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: confirm.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>
          {t(`rules.${flag.rule}`)}. {t('confirmNote')}
        </p>
        <Refused error={confirm.error} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ hold: flag.holds }}
          onFinish={submit}
          onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
        >
          <Form.Item name="hold" valuePropName="checked" extra={t('confirmHoldNote')}>
            <Checkbox>{t('confirmHold')}</Checkbox>
          </Form.Item>
          <ReasonField />
        </Form>
      </div>
    </Modal>
  );
}
