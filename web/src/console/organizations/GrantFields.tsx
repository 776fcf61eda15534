import { Form, Input, InputNumber, Select } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { amountPattern, positiveAmountPattern } from '../forms/rules.ts';
import { type GrantForm, intervals } from './grant-form.ts';

const countMax = 999;
const priorityMax = 1_000;

export function GrantFields() {
  const t = useTranslations('console.grants');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <div className="fields">
        <Form.Item
          name="amount"
          label={tUi('amount')}
          rules={[
            { required: true, pattern: positiveAmountPattern, message: tForms('positiveRule') },
          ]}
        >
          <Input inputMode="decimal" placeholder="20.00" autoComplete="off" />
        </Form.Item>
        <CurrencyField isRequired />
      </div>
      <Form.Item
        name="note"
        label={t('reason')}
        extra={t('reasonNote')}
        rules={[{ required: true, whitespace: true, message: tForms('reasonRule') }]}
      >
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <RecurrenceFields />
      <Form.Item name="expires_at" label={t('until')} extra={t('untilNote', { timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="priority" label={t('priority')} extra={t('priorityNote')}>
        <InputNumber
          min={-priorityMax}
          max={priorityMax}
          precision={0}
          className="full"
          placeholder="0"
        />
      </Form.Item>
    </>
  );
}

function RecurrenceFields() {
  const t = useTranslations('console.grants');
  const tForms = useTranslations('console.forms');
  const interval = Form.useWatch<GrantForm['interval'] | undefined>('interval') ?? 'once';
  return (
    <>
      <div className="fields">
        <Form.Item name="interval" label={t('comes')}>
          <Select options={intervals.map((value) => ({ value, label: t(`comeses.${value}`) }))} />
        </Form.Item>
        {interval !== 'once' && (
          <Form.Item name="interval_count" label={t('periods')}>
            <InputNumber min={1} max={countMax} precision={0} className="full" />
          </Form.Item>
        )}
      </div>
      {interval !== 'once' && (
        <Form.Item
          name="rollover_max"
          label={t('rollover')}
          extra={t('rolloverNote')}
          rules={[{ pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="0" autoComplete="off" />
        </Form.Item>
      )}
    </>
  );
}
