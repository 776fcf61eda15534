import { Form, Radio } from 'antd';
import { useTranslations } from 'use-intl';

export interface ProviderOption {
  value: string;
  label: string;
  /** Why it cannot be chosen now. */
  blockedBecause?: string | undefined;
}

/** Choice of a way to pay, as a form field named `provider`. */
export function ProviderField({ options }: { options: ProviderOption[] }) {
  const t = useTranslations();
  if (options.length === 0) return <p className="soft">{t('payment.noProviders')}</p>;
  return (
    <Form.Item
      name="provider"
      label={t('payment.provider')}
      rules={[{ required: true, message: t('auth.required') }]}
    >
      <Radio.Group className="choices">
        {options.map(({ value, label, blockedBecause }) => (
          <Radio key={value} value={value} disabled={blockedBecause !== undefined}>
            {label}
            {blockedBecause && <small className="soft tier">{blockedBecause}</small>}
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}
