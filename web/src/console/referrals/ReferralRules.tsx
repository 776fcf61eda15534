import { useQuery } from '@tanstack/react-query';
import { App, Form, Input, InputNumber, Switch } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

type Rules = Answer<'getReferralRules'>;

const amounts = [
  { name: 'inviter_reward', label: 'inviterReward' },
  { name: 'invited_reward', label: 'invitedReward' },
  { name: 'required_payments', label: 'required' },
] as const;
const numbers = [
  { name: 'waiting_days', label: 'waitingDays', max: 365 },
  { name: 'pay_within_days', label: 'payWithinDays', max: 730 },
  { name: 'expires_after_days', label: 'expiresAfterDays', max: 730 },
  { name: 'monthly_max', label: 'monthlyMax', max: 10_000 },
] as const;

export function ReferralRules() {
  const rules = useQuery(reading('getReferralRules'));
  if (rules.error && !rules.data) {
    return <Failure error={rules.error} onRetry={() => void rules.refetch()} />;
  }
  if (!rules.data) return <Loading rows={8} />;
  return <RulesForm rules={rules.data} />;
}

function RulesForm({ rules }: { rules: Rules }) {
  const t = useTranslations('console.referrals');
  const tRisk = useTranslations('console.risk');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Rules>();
  const isForbidden = useRefusalOf()('setReferralRules') !== undefined;
  const change = useChange('setReferralRules', {
    refreshes: ['getReferralRules'],
    onDone: () => void message.success(tRisk('rulesSaved')),
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <Panel title={t('rules')} note={t('rulesNote')}>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={rules}
        onFinish={(body) => change.mutate({ body })}
      >
        <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
        {amounts.map(({ name, label }) => (
          <Form.Item
            key={name}
            name={name}
            label={t(label)}
            extra={label === 'required' && t('requiredNote')}
            rules={[{ required: true, message: tRisk('amountRule') }]}
          >
            <Input inputMode="decimal" />
          </Form.Item>
        ))}
        {numbers.map(({ name, label, max }) => (
          <Form.Item
            key={name}
            name={name}
            label={t(label)}
            extra={label === 'waitingDays' && t('waitingDaysNote')}
            rules={[
              { required: true, message: tRisk('numberRule', { min: '1', max: String(max) }) },
            ]}
          >
            <InputNumber min={1} max={max} precision={0} className="full" />
          </Form.Item>
        ))}
        <AllowedButton
          operation="setReferralRules"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}
