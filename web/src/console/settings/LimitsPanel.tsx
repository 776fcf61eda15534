/** What holds for all customers where nothing else says so: the plan of new ones, how long things last, limits of one address. */
import { useQuery } from '@tanstack/react-query';
import { App, Form, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

const accessNumbers = [
  { name: 'past_due_grace_days', min: 0, max: 365 },
  { name: 'metering_late_horizon_days', min: 1, max: 400 },
  { name: 'invoice_grace_hours', min: 0, max: 720 },
  { name: 'metering_retention_months', min: 2, max: 1200 },
  { name: 'audit_retention_months', min: 3, max: 1200 },
] as const;
const addressNumbers = [
  { name: 'sign_ups_per_hour', min: 1, max: 1_000_000 },
  { name: 'forgotten_passwords_per_hour', min: 1, max: 1_000_000 },
  { name: 'payment_notifications_per_hour', min: 1, max: 10_000_000 },
] as const;

type NumberField = (typeof accessNumbers)[number] | (typeof addressNumbers)[number];
type Settings = Answer<'getSettings'>;

export function LimitsPanels() {
  const t = useTranslations('console.limits');
  const settings = useQuery(reading('getSettings'));
  if (settings.error && !settings.data) {
    return <Failure error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) return <Loading rows={6} />;
  return (
    <>
      <LimitsPanel title={t('access')} settings={settings.data} numbers={accessNumbers} hasPlan />
      <LimitsPanel title={t('address')} settings={settings.data} numbers={addressNumbers} />
    </>
  );
}

interface LimitsPanelProps {
  title: string;
  settings: Settings;
  numbers: readonly NumberField[];
  hasPlan?: boolean;
}

function LimitsPanel({ title, settings, numbers, hasPlan = false }: LimitsPanelProps) {
  const tSettings = useTranslations('console.settings');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Partial<Settings>>();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  const change = useChange('updateSettings', {
    refreshes: ['getSettings'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <Panel title={title}>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={settings}
        onFinish={(body) => change.mutate({ body })}
      >
        {hasPlan && <DefaultPlanField />}
        {hasPlan && <OnAbortField />}
        {numbers.map((field) => (
          <NumberItem key={field.name} field={field} />
        ))}
        <AllowedButton
          operation="updateSettings"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={tSettings('saveNamed', { name: title })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

function NumberItem({ field: { name, min, max } }: { field: NumberField }) {
  const t = useTranslations('console.limits');
  const isOptional = name.endsWith('_retention_months');
  return (
    <Form.Item
      name={name}
      label={t(`fields.${name}`)}
      extra={t(`notes.${name}`)}
      rules={[{ required: !isOptional, message: t('numberRule', { min, max }) }]}
    >
      <InputNumber
        min={min}
        max={max}
        precision={0}
        className="full"
        placeholder={isOptional ? t('forGood') : ''}
      />
    </Form.Item>
  );
}

function OnAbortField() {
  const t = useTranslations('console.limits');
  const tPlans = useTranslations('console.plans');
  return (
    <Form.Item name="on_abort" label={t('fields.on_abort')} extra={t('notes.on_abort')}>
      <Select
        options={(['delivered', 'drained'] as const).map((value) => ({
          value,
          label: tPlans(`abort.${value}`),
        }))}
      />
    </Form.Item>
  );
}

const plansOfferedMax = 200;

function DefaultPlanField() {
  const t = useTranslations('console.limits');
  const plans = usePages('searchPlans', { query: { status: 'active', limit: plansOfferedMax } });
  return (
    <Form.Item
      name="default_plan"
      label={t('fields.default_plan')}
      extra={t('notes.default_plan')}
      // An emptied choice is no plan, which the server calls null.
      normalize={(slug: string | undefined) => slug ?? null}
    >
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('noPlan')}
        options={
          plans.rows?.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` })) ?? []
        }
      />
    </Form.Item>
  );
}
