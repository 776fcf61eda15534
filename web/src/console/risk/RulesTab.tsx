import { useQuery } from '@tanstack/react-query';
import { App, Form, Input, InputNumber } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ruleNames, strongRules } from './risk.ts';

type Rules = Answer<'getRiskRules'>;

export function RulesTab() {
  const rules = useQuery(reading('getRiskRules'));
  if (rules.error && !rules.data) {
    return <Failure error={rules.error} onRetry={() => void rules.refetch()} />;
  }
  if (!rules.data) return <Loading rows={10} />;
  return <RulesForm rules={rules.data} />;
}

function RulesForm({ rules }: { rules: Rules }) {
  const t = useTranslations('console.risk');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Rules>();
  const isForbidden = useRefusalOf()('setRiskRules') !== undefined;
  const change = useChange('setRiskRules', {
    refreshes: ['getRiskRules'],
    onDone: () => void message.success(t('rulesSaved')),
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <Panel title={t('rulesTitle')} note={t('rulesNote')}>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        disabled={isForbidden}
        initialValues={rules}
        onFinish={(body) => change.mutate({ body })}
      >
        <div className="stack">
          {ruleNames.map((name) => (
            <RuleFields key={name} name={name} />
          ))}
          <div className="field-row">
            <NumberField
              name={['hold_score']}
              label={t('holdScore')}
              max={100}
              note={t('holdScoreNote')}
            />
            <NumberField
              name={['established_days']}
              label={t('establishedDays')}
              max={3650}
              note={t('establishedDaysNote')}
            />
            <NumberField name={['returned_percent']} label={t('returnedPercent')} max={100} />
            <Form.Item
              name="burst_per_day"
              label={t('burstPerDay')}
              rules={[{ required: true, message: t('amountRule') }]}
            >
              <Input inputMode="decimal" />
            </Form.Item>
            <NumberField name={['burst_age_days']} label={t('burstAgeDays')} max={365} />
          </div>
          <div>
            <AllowedButton
              operation="setRiskRules"
              type="primary"
              htmlType="submit"
              loading={change.isPending}
            >
              {tUi('save')}
            </AllowedButton>
          </div>
        </div>
      </Form>
    </Panel>
  );
}

function RuleFields({ name }: { name: (typeof ruleNames)[number] }) {
  const t = useTranslations('console.risk');
  const title = t(`rules.${name}`);
  return (
    <fieldset className="field-row" aria-label={title}>
      <legend>
        {title}
        {strongRules.has(name) && <small> · {t('strong')}</small>}
      </legend>
      <NumberField name={[name, 'points']} label={t('pointsField')} min={0} max={100} />
      <NumberField name={[name, 'threshold']} label={t('threshold')} max={10_000} />
      <NumberField name={[name, 'window_days']} label={t('window')} max={365} />
      <NumberField name={[name, 'half_life_days']} label={t('halfLife')} max={365} />
    </fieldset>
  );
}

interface NumberFieldProps {
  name: string[];
  label: string;
  min?: number;
  max: number;
  note?: string;
}

function NumberField({ name, label, min = 1, max, note }: NumberFieldProps) {
  const t = useTranslations('console.risk');
  return (
    <Form.Item
      name={name}
      label={label}
      extra={note}
      rules={[{ required: true, message: t('numberRule', { min: String(min), max: String(max) }) }]}
    >
      <InputNumber min={min} max={max} precision={0} className="full" />
    </Form.Item>
  );
}
