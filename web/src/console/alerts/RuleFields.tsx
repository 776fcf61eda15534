import { useQuery } from '@tanstack/react-query';
import { Form, type FormInstance, Input, InputNumber, Select, Switch } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import {
  type AlertMetric,
  type AlertRule,
  comparesWithPast,
  conditions,
  type RuleForm,
} from './rule-form.ts';

const minutesMax = 10_080;
const samplesMax = 1_000_000;
const decimal = /^(0|[1-9]\d*)(\.\d{1,9})?$/;

interface RuleFieldsProps {
  form: FormInstance<RuleForm>;
  /** Of a rule that has one. */
  webhook: AlertRule['webhook'];
}

export function RuleFields({ form, webhook }: RuleFieldsProps) {
  const t = useTranslations('console.alertRules');
  const metrics = useQuery(reading('listAlertMetrics', {}));
  const chosen = Form.useWatch('metric', form);
  const metric = metrics.data?.data.find((one) => one.metric === chosen);
  return (
    <>
      <Form.Item name="name" label={t('name')} extra={t('nameNote')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="metric" label={t('metric')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={(metrics.data?.data ?? []).map((one) => ({
            value: one.metric,
            label: t(`metrics.${one.metric}`),
          }))}
        />
      </Form.Item>
      <ConditionFields form={form} metric={metric} />
      <ChannelFields webhook={webhook} />
    </>
  );
}

function ConditionFields({
  form,
  metric,
}: {
  form: FormInstance<RuleForm>;
  metric: AlertMetric | undefined;
}) {
  const t = useTranslations('console.alertRules');
  const condition = Form.useWatch('condition', form);
  const isNow = metric?.grain === 'now';
  const offered = conditions.filter((one) => !isNow || !comparesWithPast(one));
  const suffix =
    metric?.unit === 'amount' ? metric.currency : metric && t(`suffixes.${metric.unit}`);
  return (
    <>
      <div className="fields">
        <Form.Item name="condition" label={t('condition')}>
          <Select options={offered.map((value) => ({ value, label: t(`conditions.${value}`) }))} />
        </Form.Item>
        {comparesWithPast(condition) ? (
          <Form.Item
            name="deviations"
            label={t('deviations')}
            extra={t('deviationsNote')}
            rules={[{ required: true, message: t('numberRule') }]}
          >
            <InputNumber min={2} max={50} precision={0} className="full" />
          </Form.Item>
        ) : (
          <Form.Item
            name="threshold"
            label={t('threshold')}
            rules={[{ required: true, pattern: decimal, message: t('numberRule') }]}
          >
            <Input
              inputMode="decimal"
              autoComplete="off"
              suffix={<span className="soft">{suffix}</span>}
            />
          </Form.Item>
        )}
      </div>
      <div className="fields">
        <Form.Item
          name="window_minutes"
          label={t('window')}
          hidden={isNow}
          extra={metric?.grain === 'hour' ? t('windowHours') : undefined}
          rules={[{ required: true, message: t('numberRule') }]}
        >
          <InputNumber min={1} max={minutesMax} precision={0} className="full" />
        </Form.Item>
        <Form.Item
          name="samples_min"
          label={t('samplesMin')}
          extra={t('samplesMinNote')}
          rules={[{ required: true, message: t('numberRule') }]}
        >
          <InputNumber min={0} max={samplesMax} precision={0} className="full" />
        </Form.Item>
      </div>
    </>
  );
}

function ChannelFields({ webhook }: { webhook: AlertRule['webhook'] }) {
  const t = useTranslations('console.alertRules');
  return (
    <>
      <Form.Item name="mails_operators" label={t('mailsOperators')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="mail_addresses" label={t('addresses')} extra={t('addressesNote')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <Form.Item
        name="webhook_url"
        label={t('webhook')}
        extra={webhook ? t('webhookKept', { url: webhook.url }) : t('webhookNote')}
      >
        <Input autoComplete="off" placeholder="https://" maxLength={2000} />
      </Form.Item>
      <Form.Item name="webhook_secret" label={t('secret')} extra={t('secretNote')}>
        <Input.Password autoComplete="off" maxLength={200} />
      </Form.Item>
      {webhook && (
        <Form.Item name="drops_webhook" label={t('dropsWebhook')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
      <Form.Item
        name="quiet_minutes"
        label={t('quiet')}
        extra={t('quietNote')}
        rules={[{ required: true, message: t('numberRule') }]}
      >
        <InputNumber min={0} max={minutesMax} precision={0} className="full" />
      </Form.Item>
    </>
  );
}
