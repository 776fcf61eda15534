import { Form, Input } from 'antd';
import { useTranslations } from 'use-intl';

interface DecimalFieldProps {
  name: (string | number)[];
  label: string;
  extra?: string;
  suffix?: string;
  placeholder?: string;
  isRequired?: boolean;
}

/** Prices of a single unit may be far below a cent. */
const decimalPattern = /^(0|[1-9]\d*)(\.\d{1,18})?$/;

/** A quantity, a share or a price of one unit, not below zero. */
export function DecimalField({
  name,
  label,
  extra,
  suffix,
  placeholder,
  isRequired = false,
}: DecimalFieldProps) {
  const t = useTranslations('console.offer');
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={[{ required: isRequired, pattern: decimalPattern, message: t('decimalRule') }]}
    >
      <Input
        inputMode="decimal"
        autoComplete="off"
        placeholder={placeholder}
        suffix={suffix && <span className="soft">{suffix}</span>}
      />
    </Form.Item>
  );
}
