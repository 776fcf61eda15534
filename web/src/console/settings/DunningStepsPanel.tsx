/** What is done about invoices of subscriptions that are not paid in time. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Panel } from '../../ui/Panel.tsx';

type Steps = Pick<Answer<'getSettings'>, 'dunning_steps'>;

const stepsMax = 20;
const daysMax = 365;
const actions = ['remind', 'suspend', 'cancel'] as const;

export function DunningStepsPanel() {
  const settings = useQuery(reading('getSettings'));
  return settings.data ? <StepsOf settings={settings.data} /> : null;
}

function StepsOf({ settings }: { settings: Steps }) {
  const t = useTranslations('console.dunningSteps');
  const tSettings = useTranslations('console.settings');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Steps>();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  const change = useChange('updateSettings', {
    refreshes: ['getSettings', 'inspectSubscription', 'searchSubscriptions'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <Panel title={t('title')} note={t('note')}>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={{ dunning_steps: settings.dunning_steps }}
        onFinish={(body) => change.mutate({ body })}
      >
        <StepsField />
        <AllowedButton
          operation="updateSettings"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={tSettings('saveNamed', { name: t('title') })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

function StepsField() {
  const t = useTranslations('console.dunningSteps');
  return (
    <Form.List name="dunning_steps">
      {(steps, { add, remove }) => (
        <div className="pairs form-note">
          {steps.length === 0 && <p className="soft">{t('none')}</p>}
          {steps.map(({ key, name }) => (
            <Step key={key} index={name} onRemove={() => remove(name)} />
          ))}
          <Button
            icon={<PlusOutlined />}
            disabled={steps.length >= stepsMax}
            onClick={() => add({ action: 'remind', after_days: 1 })}
          >
            {t('add')}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

function Step({ index, onRemove }: { index: number; onRemove: () => void }) {
  const t = useTranslations('console.dunningSteps');
  const tLimits = useTranslations('console.limits');
  const tActions = useTranslations('console.dunning.actions');
  const number = index + 1;
  return (
    <div className="pair">
      <Form.Item
        name={[index, 'after_days']}
        rules={[{ required: true, message: tLimits('numberRule', { min: 0, max: daysMax }) }]}
      >
        <InputNumber
          min={0}
          max={daysMax}
          precision={0}
          className="full"
          aria-label={t('days', { number })}
          suffix={<span className="soft">{t('daysLate')}</span>}
        />
      </Form.Item>
      <Form.Item name={[index, 'action']}>
        <Select
          aria-label={t('action', { number })}
          options={actions.map((value) => ({ value, label: tActions(value) }))}
        />
      </Form.Item>
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('remove', { number })}
        onClick={onRemove}
      />
    </div>
  );
}
