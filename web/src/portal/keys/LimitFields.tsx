import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useDeployment } from '../../features/deployment/deployment.ts';

const rates = ['rpm', 'tpm', 'concurrency'] as const;
const caps = ['capDay', 'capMonth', 'capTotal'] as const;

/** What a key is bound to, beside its models and expiry. */
export function LimitFields() {
  const t = useTranslations('keys');
  const currency = useDeployment()?.usage_currency ?? 'USD';
  return (
    <>
      <div className="field-row">
        {caps.map((name) => (
          <Form.Item
            key={name}
            name={name}
            label={t(`limits.${name}`)}
            rules={[{ pattern: /^\s*(\d+(\.\d{1,9})?)?\s*$/, message: t('limits.amountRule') }]}
          >
            <Input inputMode="decimal" suffix={currency} placeholder={t('limits.none')} />
          </Form.Item>
        ))}
      </div>
      <div className="field-row">
        {rates.map((name) => (
          <Form.Item key={name} name={name} label={t(`limits.${name}`)}>
            <InputNumber min={1} precision={0} placeholder={t('limits.none')} />
          </Form.Item>
        ))}
      </div>
      <Form.Item name="ipAllowlist" label={t('limits.addresses')} extra={t('limits.addressesNote')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <Form.Item name="tags" label={t('limits.tags')} extra={t('limits.tagsNote')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
    </>
  );
}
